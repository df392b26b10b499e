// Where a number goes: to a service, to a counter, to a colleague wherever they sit.

import { html, nothing } from "/look/vendor/lit.js";
import { plain } from "/look/js/text.js";
import { named, serviceNames, store, t } from "/static/desk/store.js";

const SEARCH_FROM = 12;

function choice(label, note, disabled, first, then) {
  return html`<li><button class="btn btn-line" type="button" ?disabled=${disabled}
    ?autofocus=${first} ?data-first=${first} @click=${then}
    ><span>${label}${note ? html`<small>${note}</small>` : nothing}</span></button></li>`;
}

const counterName = (id) => named(store.centre.counters.find((one) => one.id === id)?.name);

function places(ask) {
  const here = t("desk.transfer.same");
  const me = store.session.name;
  const services = store.centre.services.map((service) => ({
    label: named(service.name), note: service.id === ask.ticket.service ? here : "",
    off: service.id === ask.ticket.service, to: { service: service.id } }));
  const others = store.centre.counters.filter(({ id }) => id !== store.counter.id);
  const counters = others.map((counter) => ({
    label: named(counter.name), note: serviceNames(counter).join(" · "), off: false,
    to: { counter: counter.id } }));
  const people = (store.seats?.seats ?? []).filter((seat) => seat.name !== me).map((seat) => ({
    label: seat.name, note: counterName(seat.counter.id), off: false,
    to: { counter: seat.counter.id } }));
  return [["desk.transfer.services", services], ["desk.transfer.people", people],
    ["desk.transfer.counters", counters]];
}

export function view(ask, todo) {
  const wanted = plain(ask.text);
  const many = store.centre.counters.length >= SEARCH_FROM;
  const groups = places(ask).map(([title, list]) =>
    [title, list.filter((one) => plain(`${one.label} ${one.note}`).includes(wanted))]);
  const go = (one) => todo.press("transfer", {
    id: ask.ticket.id, number: ask.ticket.number, to: one.to });
  const firstOne = many ? null : groups.flatMap(([, list]) => list).find((one) => !one.off);
  const only = groups.flatMap(([, list]) => list).find((one) => !one.off);
  return {
    title: t("desk.transfer.ask", { number: ask.ticket.number }),
    body: html`<p>${t("desk.transfer.tip")}</p>${many ? html`<form class="field"
        @submit=${(event) => {
          event.preventDefault();
          if (wanted && only) go(only);
        }}><label for="where">${t("desk.transfer.find")}</label><input id="where" enterkeyhint="search"
        autofocus data-first autocomplete="off" .value=${ask.text} @input=${(event) => {
          ask.text = event.target.value;
          todo.redraw();
        }}></form>` : nothing}
      ${groups.map(([title, list]) => list.length ? html`<h3>${t(title)}</h3><ul class="ask-list">
        ${list.map((one) => choice(one.label, one.note, one.off, one === firstOne, () => go(one)))}
        </ul>` : nothing)}`,
  };
}
