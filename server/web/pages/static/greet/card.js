// One ticket, shown to the citizen and worked by the greeter.

import { html, nothing } from "/look/vendor/lit.js";
import { clock } from "/look/js/text.js";
import { icon, priorityChip, stateChip } from "/static/greet/parts.js";
import { printPanel } from "/static/greet/prints.js";
import { named, ready, serviceName, store, t } from "/static/greet/store.js";
import { placeLine, sentence, waitLine } from "/static/greet/where.js";

const LONG = 4; // numbers of more characters are set smaller
const OPEN = new Set(["waiting", "called", "serving", "on_hold"]);

function allowed(ticket) {
  const acts = [];
  if (ticket.due_at) acts.push(["check-in", "walk", "line"]);
  if (["called", "no_show", "on_hold"].includes(ticket.state)) {
    acts.push(["return", "arrow-back-up", "line"]);
  }
  if (["waiting", "called", "on_hold"].includes(ticket.state)) {
    acts.push(["priority", "users", "line"], ["cancel", "x", "danger"]);
  }
  return acts;
}

function actions(ticket, todo) {
  const acts = allowed(ticket);
  if (!acts.length) return nothing;
  return html`<div class="g-acts">${acts.map(([action, symbol, look]) => html`<button
    class="btn btn-${look}" type="button" data-action=${action} ?disabled=${!ready()}
    @click=${() => todo.act(action, ticket)}>${icon(symbol)}${t(`greet.${action}`)}</button>`)}
    </div>`;
}

function procedureName({ procedure }) {
  const known = store.procedures?.find((one) => one.code === procedure);
  return known ? html` · ${named(known.name)}` : nothing;
}

function ahead({ ahead: count }) {
  if (!store.fresh || count === null) return "–";
  return count ? t("greet.people", { count }) : t("greet.ahead.next");
}

function facts(ticket) {
  if (!OPEN.has(ticket.state)) return nothing;
  const waits = ticket.state === "waiting" && !ticket.due_at;
  return html`<dl class="g-facts">${waits ? html`<div data-ahead=${ticket.ahead ?? ""}
      ><dt>${t("greet.ahead")}</dt><dd>${ahead(ticket)}</dd></div>
    <div><dt>${t("greet.wait")}</dt><dd>${store.fresh ? waitLine(ticket.wait) : "–"}</dd></div>`
    : nothing}<div><dt>${t("greet.where")}</dt><dd>${placeLine(ticket)}</dd></div></dl>`;
}

function code(ticket) {
  if (!ticket.track_url || !OPEN.has(ticket.state)) return nothing;
  return html`<figure class="g-qr"><img class="qr" width="168" height="168"
      src="/greet/tickets/${ticket.id}/qr.svg" alt=${t("greet.qr", { number: ticket.number })}>
    <figcaption>${t("greet.qr.tip")} <span class="g-link">${ticket.track_url.replace(/^https?:\/\//, "")}</span
    ></figcaption></figure>`;
}

function stale() {
  if (store.fresh || !store.heardAt) return nothing;
  const time = clock(new Date(store.heardAt), store.language, store.centre.timezone);
  return html`<p class="g-stale">${icon("refresh")}${t("greet.stale", { time })}</p>`;
}

export function cardView(todo) {
  const ticket = store.card;
  const long = ticket.number.length > LONG ? "is-long" : "";
  return html`<section class="g-card" data-state=${ticket.state}>
    <article class="g-slip"><p class="g-lab">${t("greet.number")}</p>
      <h1 class="g-no ${long}" data-number=${ticket.number} tabindex="-1">${ticket.number}</h1>
      <p class="g-sv"><b>${serviceName(ticket.service)}</b>${procedureName(ticket)}</p>
      <p class="g-tags">${stateChip(ticket)}${priorityChip(ticket)}</p>
      ${stale()}${facts(ticket)}${code(ticket)}</article>
    <div class="g-side">
      <p class="g-say" data-say>${icon("speakerphone")}<span><b>${t("greet.say")}</b>
        “${sentence(ticket)}”</span></p>
      ${printPanel(ticket, todo)}${actions(ticket, todo)}</div>
    <p class="g-done"><button class="btn btn-main" type="button" data-done @click=${todo.close}
      >${icon("check")}${t("greet.done")}</button></p></section>`;
}

export function cancelDialog(todo) {
  const ticket = store.cancelling;
  if (!ticket) return nothing;
  return html`<dialog class="g-ask" aria-labelledby="cancel-h" @close=${todo.keep}>
    <h2 id="cancel-h">${t("greet.cancel.ask", { number: ticket.number })}</h2>
    <p>${t("greet.cancel.tip")}</p><p class="g-ask-act">
    <button class="btn btn-main" type="button" data-keep autofocus @click=${todo.keep}
      >${t("greet.cancel.keep")}</button>
    <button class="btn btn-danger" type="button" data-cancel ?disabled=${!ready()}
      @click=${() => todo.cancel(ticket)}>${t("greet.cancel.do", { number: ticket.number })}</button>
    </p></dialog>`;
}
