// Small pieces that several parts of the desk draw.

import { html, nothing } from "/look/vendor/lit.js";
import { aria, keysOf } from "/static/desk/keymap.js";
import { allows, can, keepable, keyName, store, t } from "/static/desk/store.js";

export const icon = (name) => html`<svg class="i" viewBox="0 0 24 24" aria-hidden="true"
  ><use href="/look/icons/sprite.svg#${name}"></use></svg>`;

export const key = (text) => html`<kbd aria-hidden="true">${text}</kbd>`;

// The key that an action has now; the first where it has several.
export const keyOf = (action) => {
  const [first] = keysOf(action);
  return first ? key(keyName(first)) : nothing;
};

// Off only for this instant: keeps its colours, so that a press does not make the page blink.
export const soon = (action) => (allows(action)
  && (store.link === "up" || (store.link === "down" && keepable(action))) ? "is-soon" : "");

// One of the six actions on the current number.
export function act(action, symbol, press, note = nothing) {
  return html`<button class="act ${soon(action)}" type="button"
    data-action=${action} ?disabled=${!can(action)}
    aria-keyshortcuts=${aria(action)} @click=${() => press(action)}
    >${icon(symbol)}<span>${t(`desk.${action}`)}</span>${note === nothing ? keyOf(action) : note}
  </button>`;
}

// One thing of a few that may be said and need not be: its figure chooses it.
export function option(figure, id, label, pick, chosen = null) {
  return html`<button class="end" type="button" data-key=${figure} data-option=${id}
    aria-pressed=${chosen === null ? nothing : String(chosen)} @click=${pick}
    >${key(figure)}<span>${label}</span></button>`;
}

// One of the things asked seldom: words and a key, no frame.
export function link(action, press) {
  return allows(action) ? html`<button class="now-link" type="button" data-action=${action}
    aria-keyshortcuts=${aria(action)} ?disabled=${!can(action)} @click=${() => press(action)}
    ><span>${t(`desk.${action}`)}</span>${keyOf(action)}</button>` : nothing;
}
