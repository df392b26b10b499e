// Finding a number by its digits: how it stands, and what can be done for it.

import { html, live, nothing } from "/look/vendor/lit.js";
import { icon, priorityChip, stateChip } from "/static/greet/parts.js";
import { serviceName, store, t } from "/static/greet/store.js";
import { waitLine } from "/static/greet/where.js";

function standing(ticket) {
  if (ticket.state === "waiting" && !ticket.due_at) {
    if (!store.fresh || ticket.ahead === null) return "";
    return ticket.ahead
      ? t("greet.find.ahead", { count: ticket.ahead, wait: waitLine(ticket.wait) })
      : t("greet.find.next");
  }
  return ticket.counter ? t("greet.find.counter", { counter: ticket.counter.number }) : "";
}

function row(ticket, todo) {
  return html`<li><button type="button" data-found=${ticket.number}
    @click=${() => todo.show(ticket)}><b>${ticket.number}</b>
    <span class="g-found-sv">${serviceName(ticket.service)}<small>${standing(ticket)}</small></span>
    <span class="g-tags">${stateChip(ticket)}${priorityChip(ticket)}</span></button></li>`;
}

function results(todo) {
  if (store.found === null) return html`<p class="g-quiet">${t("greet.loading")}</p>`;
  if (!store.found.length) {
    const key = store.text ? "greet.find.none" : "greet.find.empty";
    return html`<p class="g-quiet" role="status">${t(key, { text: store.text })}</p>`;
  }
  return html`<h2>${t(store.text ? "greet.find.found" : "greet.find.newest")}</h2>
    <ul class="g-found">${store.found.map((ticket) => row(ticket, todo))}</ul>`;
}

export function findView(todo) {
  return html`<section class="g-find"><h1>${t("greet.find")}</h1>
    <div class="g-search g-digits"><label for="find">${t("greet.find.label")}</label>
    ${icon("search")}<input id="find" class="inp" type="text" inputmode="numeric"
      autocomplete="off" autocapitalize="characters" maxlength="12" placeholder="047"
      .value=${live(store.text)} @input=${(event) => todo.find(event.target.value)}>
    ${store.text ? html`<button class="btn btn-quiet" type="button" @click=${() => todo.find("")}
      >${t("greet.find.clear")}</button>` : nothing}</div>${results(todo)}</section>`;
}
