// The one dialog of the desk. What it asks is loaded when it is first needed, so that the page is
// there soon.

import { html, nothing } from "/look/vendor/lit.js";
import { key } from "/static/desk/parts.js";
import { store, t } from "/static/desk/store.js";

const LOADERS = {
  hold: () => import("/static/desk/ask_hold.js"),
  transfer: () => import("/static/desk/ask_transfer.js"),
  pick: () => import("/static/desk/ask_pick.js"),
  jump: () => import("/static/desk/ask_jump.js"),
  pause: () => import("/static/desk/ask_pause.js"),
  close: () => import("/static/desk/ask_pause.js"),
  why: () => import("/static/desk/ask_why.js"),
  papers: () => import("/static/desk/ask_why.js"),
  figures: () => import("/static/desk/ask_figures.js"),
  keys: () => import("/static/desk/ask_keys.js"),
  handover: () => import("/static/desk/ask_seat.js"),
  taken: () => import("/static/desk/ask_seat.js"),
};
const loaded = {};

async function load(name) {
  loaded[name] ??= await LOADERS[name]();
}

// Ask; `state` is what this asking knows. A dialog that cannot be loaded is a fault that is said.
export async function openAsk(name, state, todo) {
  try {
    await load(name);
    store.ask = { stage: "first", wrong: null, text: "", ...state, name };
  } catch {
    store.fault = { action: name, code: "unreachable" };
  }
  todo.redraw();
}

export function closeAsk() {
  store.ask = null;
}

// A dialog's own keys come before its figures.
export function askKey(event) {
  return store.ask ? (loaded[store.ask.name].onKey?.(event) ?? false) : false;
}

export function askView(todo) {
  const ask = store.ask;
  if (!ask) return nothing;
  const { title, body, act, wide, reads } = loaded[ask.name].view(ask, todo);
  return html`<dialog class="ask ${wide ? "is-wide" : ""}" aria-labelledby="ask-h"
      data-ask=${ask.name} @close=${todo.stopAsking}
      @click=${(event) => event.target.matches("dialog") && todo.stopAsking()}>
    <div class="ask-body" tabindex=${reads ? "0" : nothing}><h2 id="ask-h">${title}</h2>${body}${wrong(ask)}</div>
    <p class="ask-act">${act ?? nothing}<button class="btn ${act ? "btn-line" : "btn-main"}"
      type="button" data-back @click=${todo.stopAsking}>${t("desk.back")}</button></p></dialog>`;
}

function wrong({ wrong: code }) {
  return code ? html`<p class="ask-wrong" role="alert">${t(`desk.error.${code}`)}</p>` : nothing;
}

// One thing of a few: each has its figure.
export function choices(list, pick, chosen = null) {
  return html`<ul class="ask-list">${list.map((one, index) => html`<li><button
    class="btn btn-line ask-one" type="button" data-key=${index < 9 ? index + 1 : nothing}
    data-choice=${one.id} ?disabled=${one.off ?? false} ?autofocus=${index === 0}
    aria-pressed=${chosen === null ? nothing : String(one.id === chosen)}
    @click=${() => pick(one)}><span>${one.label}${one.note
      ? html`<small>${one.note}</small>` : nothing}</span>${index < 9 ? key(index + 1) : nothing}
    </button></li>`)}</ul>`;
}

// A few words, where none of the choices says it.
export function words(ask, todo, label, most, then) {
  return html`<form class="field ask-words" @submit=${(event) => {
    event.preventDefault();
    if (ask.text.trim()) then();
  }}><label for="ask-text">${label}</label><input id="ask-text" data-first autocomplete="off"
    maxlength=${most} .value=${ask.text} @input=${(event) => {
      ask.text = event.target.value;
      ask.wrong = null;
      todo.redraw();
    }}><span class="hint">${t("desk.words.hint")}</span></form>`;
}
