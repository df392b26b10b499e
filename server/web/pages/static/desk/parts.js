// Small pieces that several parts of the desk draw.

import { html, nothing } from "/look/vendor/lit.js";
import { allows, can, store, t } from "/static/desk/store.js";

export const icon = (name) => html`<svg class="i" viewBox="0 0 24 24" aria-hidden="true"
  ><use href="/look/icons/sprite.svg#${name}"></use></svg>`;

export const key = (text) => html`<kbd aria-hidden="true">${text}</kbd>`;

// Off only for this instant: keeps its colours, so that a press does not make the page blink.
export const soon = (action) => (store.link === "up" && allows(action) ? "is-soon" : "");

// One of the six actions on the current number.
export function act(action, symbol, keyText, press, note = nothing) {
  return html`<button class="act ${soon(action)}" type="button"
    data-action=${action} ?disabled=${!can(action)}
    aria-keyshortcuts=${keyText === "Ctrl Z" ? "Control+Z" : keyText} @click=${() => press(action)}
    >${icon(symbol)}<span>${t(`desk.${action}`)}</span>${note === nothing ? key(keyText) : note}
  </button>`;
}
