// The dialog that asks where a number goes.

import { html, nothing } from "/look/vendor/lit.js";
import { named, serviceNames, store, t } from "/static/desk/store.js";

function choice(label, note, disabled, first, then) {
  return html`<li><button class="btn btn-line" type="button" ?disabled=${disabled}
    ?autofocus=${first} @click=${then}
    ><span>${label}${note ? html`<small>${note}</small>` : nothing}</span></button></li>`;
}

export function transferDialog(todo) {
  const ticket = store.transferring;
  if (!ticket) return nothing;
  const to = (where) => () => todo.press("transfer", { ...ticket, to: where });
  const here = t("desk.transfer.same");
  const first = store.centre.services.find((service) => service.id !== ticket.service);
  return html`<dialog class="ask" aria-labelledby="ask-h" @close=${todo.stopTransfer}
      @click=${(event) => event.target.matches("dialog") && todo.stopTransfer()}>
    <div class="ask-body"><h2 id="ask-h">${t("desk.transfer.ask", { number: ticket.number })}</h2>
    <p>${t("desk.transfer.tip")}</p>
    <h3>${t("desk.transfer.services")}</h3><ul class="ask-list">
      ${store.centre.services.map((service) => choice(named(service.name),
        service.id === ticket.service ? here : "", service.id === ticket.service, service === first,
        to({ service: service.id })))}</ul>
    <h3>${t("desk.transfer.counters")}</h3><ul class="ask-list">
      ${store.centre.counters.filter((counter) => counter.id !== store.counter.id)
        .map((counter) => choice(named(counter.name),
          serviceNames(counter).join(" · "), false, false,
          to({ counter: counter.id })))}</ul>
    </div><p class="ask-act"><button class="btn btn-main" type="button"
      @click=${todo.stopTransfer}>${t("desk.back")}</button></p></dialog>`;
}
