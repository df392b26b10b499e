// Every action and its key; press another one to change it.

import { html } from "/look/vendor/lit.js";
import { ACTIONS, backToDefaults, isChanged, keyOf, keysOf, remap } from "/static/desk/keymap.js";
import { actionName, keyName, store, t } from "/static/desk/store.js";

const FIXED = new Set(["Tab", "Escape", "Enter"]);
let redrawn = () => {};

// While an action waits for its key, every key is meant for it.
export function onKey(event) {
  const ask = store.ask;
  if (!ask.catching || event.key === "Tab") return false;
  if (["Control", "Shift", "Alt", "Meta"].includes(event.key)) return true;
  const action = ask.catching;
  ask.catching = null;
  if (event.key === "Escape") ask.said = t("desk.keys.same");
  else ask.said = give(action, FIXED.has(event.key) ? "" : keyOf(event));
  redrawn();
  return true;
}

function give(action, name) {
  if (!name || (name.startsWith("Control+") && name !== "Control+Z")) return t("desk.keys.not");
  const taken = remap(action, name);
  return taken
    ? t("desk.keys.taken", { key: keyName(name), action: actionName(taken) })
    : t("desk.keys.set", { key: keyName(name), action: actionName(action) });
}

function row(action, ask, todo) {
  const catching = ask.catching === action;
  return html`<li><span>${actionName(action)}</span><button class="btn btn-line" type="button"
    data-remap=${action} aria-pressed=${String(catching)} @click=${() => {
      Object.assign(ask, { catching: catching ? null : action, said: "" });
      todo.redraw();
    }}><span class="sr">${actionName(action)}: </span>${catching ? t("desk.keys.press")
      : keysOf(action).map((one) => html`<kbd>${keyName(one)}</kbd> `)}</button></li>`;
}

export function view(ask, todo) {
  redrawn = todo.redraw;
  return {
    title: t("desk.keys.title"),
    wide: true,
    body: html`<p>${t("desk.keys.tip")}</p><p>${t("desk.keys.menu", {
      key: keysOf("menu").map(keyName).join(" ") })}</p><p class="ask-said" role="status">${ask.said ?? ""}</p>
      <ul class="ask-keys">${ACTIONS.map((action) => row(action, ask, todo))}</ul>`,
    act: isChanged() ? html`<button class="btn btn-line" type="button" data-defaults
      @click=${() => {
        backToDefaults();
        Object.assign(ask, { catching: null, said: t("desk.keys.default.done") });
        todo.redraw();
      }}>${t("desk.keys.default")}</button>` : null,
  };
}
