// The whole desk as a function of what is known.

import { html, live, nothing } from "/look/vendor/lit.js";
import { head } from "/static/desk/head.js";
import { bigButton, nowPanel } from "/static/desk/now.js";
import { icon } from "/static/desk/parts.js";
import { queuePanel } from "/static/desk/queue.js";
import { named, serviceNames, store, t } from "/static/desk/store.js";
import { transferDialog } from "/static/desk/transfer.js";

const SEARCH_FROM = 12;
const KNOWN = new Set(["unreachable", "counter_busy", "counter_not_open", "invalid_transition",
  "too_early", "nothing_to_undo", "centre_closed", "day_full", "forbidden", "csrf",
  "too_many_requests"]);

function lostBanner() {
  if (store.link === "up" && store.retrying) {
    return html`<p class="banner banner-alert">${icon("refresh")}<span><b>${t("desk.retrying")}</b
      ></span></p>`;
  }
  const seconds = Math.floor((Date.now() - store.lostAt) / 1000);
  if (store.link !== "down" || seconds < 1) return nothing;
  return html`<p class="banner banner-alert">${icon("refresh")}<span><b>${t("desk.lost", {
    seconds })}</b> ${t("desk.lost.tip")}</span></p>`;
}

function faultBanner(todo) {
  if (!store.fault) return nothing;
  const { action, code } = store.fault;
  const what = t(action === "close" ? "desk.menu.close" : `desk.${action}`);
  return html`<div class="banner banner-alert" role="alert" data-fault=${code}>
    ${icon("alert-triangle")}<span><b>${t("desk.failed", { action: what })}</b>
    ${t(`desk.error.${KNOWN.has(code) ? code : "other"}`)}</span>
    <button class="btn btn-danger" type="button" data-dismiss @click=${todo.dismiss}
      >${t("desk.dismiss")}</button></div>`;
}

function message(title, tip, busy = false) {
  return html`<main class="choose" aria-busy=${busy ? "true" : "false"}><h1>${title}</h1>
    ${tip ? html`<p>${tip}</p>` : nothing}</main>`;
}

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d")
  .toLowerCase();

function counterChoices(todo) {
  const wanted = plain(store.search);
  const found = store.centre.counters.filter((counter) =>
    plain(`${counter.number} ${named(counter.name)} ${serviceNames(counter).join(" ")}`)
      .includes(wanted));
  if (!found.length) return html`<p>${t("desk.choose.none")}</p>`;
  return html`<ul class="choose-list">${found.map((counter) => html`<li><button type="button"
    data-counter=${counter.id} @click=${() => todo.chooseCounter(counter)}>
    <b>${named(counter.name)}</b><span>${serviceNames(counter).join(" · ")}</span>
    </button></li>`)}</ul>`;
}

function choose(todo) {
  const many = store.centre.counters.length >= SEARCH_FROM;
  return html`<main class="choose"><h1>${t("desk.choose")}</h1><p>${t("desk.choose.tip")}</p>
    ${many ? html`<p class="field"><label for="find">${t("desk.choose.find")}</label>
      <input id="find" type="search" autocomplete="off" .value=${live(store.search)}
        @input=${(event) => todo.search(event.target.value)}></p>` : nothing}
    ${counterChoices(todo)}</main>`;
}

function body(todo) {
  const soon = t(store.link === "down" ? "desk.retrying" : "desk.loading");
  if (!store.session) return message(soon, "", true);
  if (!store.session.centre) return message(t("desk.nocentre"), t("desk.nocentre.tip"));
  if (!store.centre) return message(soon, "", true);
  if (!store.counter) return choose(todo);
  if (!store.desk) {
    return html`${faultBanner(todo)}${message(t("desk.loading"), "", true)}`;
  }
  return html`<main class="clerk"><div class="banners">${lostBanner()}${faultBanner(todo)}</div>
    ${nowPanel(todo.press)}${bigButton(todo.press)}${queuePanel(todo.press)}</main>`;
}

export function page(todo) {
  return html`${head(todo)}${body(todo)}${transferDialog(todo)}`;
}
