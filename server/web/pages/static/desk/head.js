// The head of the desk: who and where, the link, the break, the language, the time.

import { html, nothing } from "/look/vendor/lit.js";
import { helpButton } from "/static/desk/lobby.js";
import { icon, keyOf, soon } from "/static/desk/parts.js";
import { aria } from "/static/desk/keymap.js";
import { can, serviceNames, named, store, t, words } from "/static/desk/store.js";
import { clock } from "/look/js/text.js";
import { now } from "/static/times.js";
import { otherPages } from "/static/pages.js";

const LINK = {
  up: ["chip-good", "circle-check", "desk.online"],
  down: ["chip-alert", "plug-connected-x", "desk.offline"],
  connecting: ["", "refresh", "desk.connecting"],
};

function linkChip() {
  const [look, symbol, words] = LINK[store.link];
  return html`<p class="chip chip-link ${look}">${icon(symbol)}${t(words)}</p>`;
}

function simulationChip() {
  if (!store.centre?.simulation) return nothing;
  return html`<p class="chip chip-care chip-sim">${t("desk.simulation", {
    speed: store.centre.simulation,
  })}</p>`;
}

function resting() {
  const key = `desk.pause.${store.desk.pause_code}`;
  return key in words() ? t(key) : t("desk.resting");
}

function breakControl(press) {
  const state = store.desk?.counter.state;
  if (state === "paused") {
    return html`<p class="chip chip-care">${icon("player-pause")}${resting()}</p>`;
  }
  if (state !== "open") return nothing;
  return html`<button class="btn btn-quiet ${soon("pause")}" type="button" data-action="pause"
    aria-keyshortcuts=${aria("pause")} ?disabled=${!can("pause")} @click=${() => press("pause")}>
    ${icon("player-pause")}<span>${t("desk.pause")}</span>${keyOf("pause")}</button>`;
}

function language(choose) {
  return html`<p class="d-lang" role="group" aria-label=${t("desk.language")}>
    ${["vi", "en"].map((code) => html`<button type="button" data-language=${code} lang=${code}
      aria-label=${code === "vi" ? "VI, Tiếng Việt" : "EN, English"}
      aria-pressed=${code === store.language ? "true" : "false"}
      @click=${() => choose(code)}>${code.toUpperCase()}</button>`)}</p>`;
}

function closeMenu(event, then) {
  event.target.closest("details").open = false;
  then();
}

const IN_MENU = ["call", "receive", "priority", "return", "cancel", "figures", "handover", "close",
  "keys"];

// What is needed seldom, each with its key; what makes no sense now stays in its place, off.
function menu(todo) {
  const own = store.desk ? IN_MENU.map((action) => [action, `desk.name.${action}`,
    () => todo.press(action), !can(action), keyOf(action)]) : [];
  const ends = [
    store.counter && ["counter", "desk.menu.counter", todo.changeCounter],
    ["signout", "desk.menu.signout", todo.signOut],
  ].filter(Boolean);
  return html`<details class="d-menu"><summary aria-label=${t("desk.menu")}
    aria-keyshortcuts=${aria("menu")}>${icon("dots-vertical")}</summary>
    <div class="d-menu-list"><p>${t("desk.signed_in", { name: store.session.name })}</p>
    ${otherPages(store.session, "desk").map(([page, address]) => html`<a href=${address}
      >${t(`desk.to.${page}`)}</a>`)}
    ${[...own, ...ends].map(([name, label, then, off, hint]) => html`<button type="button"
      data-menu=${name} ?disabled=${off ?? false} @click=${(event) => closeMenu(event, then)}
      ><span>${t(label)}</span>${hint ?? nothing}</button>`)}</div></details>`;
}

export function head(todo) {
  const where = store.counter
    ? html`<p class="d-where"><b>${named(store.counter.name)}</b><span
        >${serviceNames(store.counter).join(" · ")}</span></p>`
    : html`<p class="d-where"><b>Lấy Số</b><span>${named(store.centre?.name)}</span></p>`;
  const zone = store.centre?.timezone;
  return html`<header class="d-head">
    <svg class="mark" viewBox="0 0 48 48" aria-hidden="true"><use
      href="/look/icons/sprite.svg#mark"></use></svg>
    ${where}${simulationChip()}${linkChip()}${helpButton(todo)}${breakControl(todo.press)}
    ${language(todo.chooseLanguage)}
    ${zone ? html`<time datetime=${new Date(now()).toISOString()}>${clock(now(), store.language, zone)}</time>`
      : nothing}
    ${store.session ? menu(todo) : nothing}
  </header>`;
}
