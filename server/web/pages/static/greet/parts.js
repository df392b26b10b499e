// Small pieces that several views of the greeter's page draw.

import { html, nothing } from "/look/vendor/lit.js";
import { icon } from "/look/js/icons.js";
import { t } from "/static/greet/store.js";

export { icon, serviceIcon } from "/look/js/icons.js";

export const CHIPS = {
  waiting: ["", "hourglass"],
  called: ["chip-care", "volume"],
  serving: ["chip-good", "player-play"],
  on_hold: ["", "player-pause"],
  no_show: ["chip-alert", "user-x"],
  served: ["chip-good", "circle-check"],
  cancelled: ["chip-alert", "x"],
};

export function stateChip(ticket) {
  const [look, symbol] = CHIPS[ticket.state];
  const state = ticket.due_at ? "coming" : ticket.state;
  return html`<span class="chip ${look}">${icon(symbol)}${t(`greet.state.${state}`)}</span>`;
}

export function priorityChip({ priority }) {
  return priority === "none" ? nothing
    : html`<span class="chip chip-care">${icon("check")}${t(`greet.group.${priority}`)}</span>`;
}

export function banner(look, symbol, title, more = "", then = nothing) {
  return html`<div class="banner banner-${look}">${icon(symbol)}<span><b>${title}</b> ${more}</span
    >${then}</div>`;
}
