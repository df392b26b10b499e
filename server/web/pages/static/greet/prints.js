// A ticket's paper at a chosen kiosk: which can print, and what became of what was asked for.

import { html, nothing } from "/look/vendor/lit.js";
import { banner, icon } from "/static/greet/parts.js";
import { ready, store, t } from "/static/greet/store.js";

const STOPS = ["silent", "paper_out", "cover_open", "printer_error"];
const PRINTED = new Set(["waiting", "called", "on_hold"]);
const AT_ISSUE = new Set(["kiosk", "offline", "redirect"]);
const REASONS = new Set(["expired", "ended", "interrupted", "paper_out", "cover_open", "silent"]);
const LOOKS = {
  waiting: ["care", "hourglass"], printed: ["good", "circle-check"],
  failed: ["alert", "printer-off"], unknown: ["alert", "alert-triangle"],
};

const kiosks = () => (store.devices?.devices ?? []).filter((device) => device.role === "kiosk")
  .sort((a, b) => a.kiosk - b.kiosk);
const stopOf = (kiosk) => STOPS.find((trouble) => kiosk.trouble.includes(trouble)) ?? null;
const ordersOf = (ticket) => (store.prints?.orders ?? []).filter((one) => one.ticket === ticket);

// The newest word of each kiosk about a ticket.
function newest(ticket) {
  const last = new Map();
  for (const order of ordersOf(ticket)) {
    if (!last.has(order.device)) last.set(order.device, order);
  }
  return [...last.values()];
}

export function orderWords(order) {
  const known = REASONS.has(order.reason) ? order.reason : "other";
  const key = order.state === "failed" ? `failed.${known}` : order.state;
  return t(`greet.print.${key}`, { kiosk: order.kiosk, number: order.number });
}

function outcome(order) {
  const [look, symbol] = LOOKS[order.state];
  return html`<p class="banner banner-${look}" data-print-state=${order.state}>${icon(symbol)}<span
    >${orderWords(order)}</span></p>`;
}

function button(kiosk, ticket, words, todo) {
  const busy = ordersOf(ticket.id).some(
    (one) => one.device === kiosk.id && one.state === "waiting");
  return html`<button class="btn btn-line" type="button" data-print=${kiosk.id}
    ?disabled=${!ready() || busy} @click=${() => todo.print(ticket, kiosk)}>${icon("printer")}
    ${t(words, { kiosk: kiosk.kiosk })}</button>`;
}

export function printPanel(ticket, todo) {
  const told = newest(ticket.id).map(outcome);
  const may = store.devices !== null && PRINTED.has(ticket.state);
  if (!told.length && !may) return nothing;
  const all = may ? kiosks() : [];
  const well = all.filter((kiosk) => !stopOf(kiosk));
  const again = AT_ISSUE.has(ticket.source) ||
    ordersOf(ticket.id).some((one) => ["printed", "unknown"].includes(one.state));
  const words = again ? "greet.print.again" : "greet.print";
  return html`<section class="g-prints" aria-label=${t("greet.prints")}>
    <div role="status">${told}</div>
    ${well.map((kiosk) => button(kiosk, ticket, words, todo))}
    ${all.filter(stopOf).map((kiosk) => html`<p class="g-quiet">${icon("printer-off")}${t(
      `greet.print.not.${stopOf(kiosk)}`, { kiosk: kiosk.kiosk })}</p>`)}
    ${may && !well.length ? html`<p class="g-quiet">${t("greet.print.nowhere")}</p>` : nothing}
    </section>`;
}

// What was asked for here and did not come out stays until it was read, whatever is on screen.
export function printFaults(todo) {
  const lost = (store.prints?.orders ?? []).filter((order) => store.own.has(order.id)
    && !store.seen.has(order.id) && order.ticket !== store.card?.id
    && ["failed", "unknown"].includes(order.state));
  return lost.map((order) => banner("alert", "printer-off", order.number, orderWords(order),
    html`<button class="btn btn-danger" type="button" @click=${() => todo.readOrder(order.id)}
      >${t("greet.read")}</button>`));
}
