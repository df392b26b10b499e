// Who sits here: to take over from a colleague, or to hand the counter to one.

import { html } from "/look/vendor/lit.js";
import { choices } from "/static/desk/asks.js";
import { named, store, t } from "/static/desk/store.js";

export function view(ask, todo) {
  if (ask.name === "taken") {
    const counter = named(ask.counter.name);
    return {
      title: t("desk.taken.ask", { counter, name: ask.by }),
      body: html`<p>${t("desk.taken.tip", { name: ask.by })}</p>`,
      act: html`<button class="btn btn-main" type="button" data-first data-sure
        @click=${() => todo.takeOver(ask.counter)}>${t("desk.taken.do", { counter })}</button>`,
    };
  }
  const others = (store.seats?.colleagues ?? []).filter((name) => name !== store.session.name);
  const place = (name) => store.seats.seats.find((seat) => seat.name === name)?.counter.number;
  const list = others.map((name) => ({
    id: name, label: name, note: place(name) ? t("desk.handover.at", { number: place(name) }) : "",
  }));
  return {
    title: t("desk.handover.ask", { counter: named(store.counter.name) }),
    body: list.length ? html`<p>${t("desk.handover.tip")}</p>${choices(list,
      ({ id }) => todo.handOver(id))}` : html`<p>${t("desk.handover.none")}</p>`,
  };
}
