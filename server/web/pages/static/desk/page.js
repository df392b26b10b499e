// The whole desk as a function of what is known.

import { html, live, nothing } from "/look/vendor/lit.js";
import { plain } from "/look/js/text.js";
import { askView } from "/static/desk/asks.js";
import { head } from "/static/desk/head.js";
import { keptRefusals } from "/static/desk/kept.js";
import { lobbyPanel } from "/static/desk/lobby.js";
import { bigButton, nowPanel } from "/static/desk/now.js";
import { icon } from "/static/desk/parts.js";
import { queuePanel } from "/static/desk/queue.js";
import { actionName, clockOf, named, serviceNames, store, t, words } from "/static/desk/store.js";

const SEARCH_FROM = 12;

// What a fault is called: the dialogs and commands of the desk, and what is no key's action.
function whatOf(action) {
  const name = `desk.name.${action}`;
  return name in words() ? t(name) : actionName(action);
}

function errorText(code) {
  const key = `desk.error.${code}`;
  return t(key in words() ? key : "desk.error.other");
}

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
  const what = whatOf(action);
  return html`<div class="banner banner-alert" role="alert" data-fault=${code}>
    ${icon("alert-triangle")}<span><b>${t("desk.failed", { action: what })}</b>
    ${errorText(code)}</span>
    <button class="btn btn-danger" type="button" data-dismiss @click=${todo.dismiss}
      >${t("desk.dismiss")}</button></div>`;
}

// An ending that the server did not take when it came back: said until somebody has read it.
function keptBanners(todo) {
  return keptRefusals().map((one) => html`<div class="banner banner-alert" role="alert"
    data-kept-refused=${one.refused}>${icon("alert-triangle")}<span><b>${t("desk.kept.refused", {
    action: t(`desk.${one.action}`), number: one.number,
    time: clockOf(one.at) })}</b> ${errorText(one.refused)}</span>
    <button class="btn btn-danger" type="button" @click=${() => todo.forget(one.key)}
      >${t("desk.dismiss")}</button></div>`);
}

// Whose the counter is now, when it is mine no more, or which one was given to me.
function movedBanner(todo) {
  if (!store.moved) return nothing;
  return html`<div class="banner banner-care" role="alert" data-moved>${icon("users")}<span><b
    >${t(store.moved.key, store.moved)}</b></span><button class="btn btn-line" type="button"
    @click=${todo.dismissMoved}>${t("desk.dismiss")}</button></div>`;
}

function message(title, tip, busy = false) {
  return html`<main class="choose" aria-busy=${busy ? "true" : "false"}><h1>${title}</h1>
    ${tip ? html`<p>${tip}</p>` : nothing}</main>`;
}

const sitter = (id) => store.seats?.seats.find((seat) => seat.counter.id === id)?.name;

function counterChoices(todo) {
  const wanted = plain(store.search);
  const found = store.centre.counters.filter((counter) =>
    plain(`${counter.number} ${named(counter.name)} ${serviceNames(counter).join(" ")}`)
      .includes(wanted));
  if (!found.length) return html`<p>${t("desk.choose.none")}</p>`;
  return html`<ul class="choose-list">${found.map((counter) => html`<li><button type="button"
    data-counter=${counter.id} ?disabled=${store.sitting} @click=${() => todo.sitDown(counter)}>
    <b>${named(counter.name)}</b><span>${serviceNames(counter).join(" · ")}</span>
    ${sitter(counter.id) ? html`<small>${t("desk.choose.sits", { name: sitter(counter.id) })}</small>`
      : nothing}</button></li>`)}</ul>`;
}

function choose(todo) {
  const many = store.centre.counters.length >= SEARCH_FROM;
  return html`<main class="choose"><div class="banners">${movedBanner(todo)}${faultBanner(todo)}</div
    ><h1>${t("desk.choose")}</h1><p>${t("desk.choose.tip")}</p>
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
  return html`<main class="clerk"><div class="banners">${lostBanner()}${movedBanner(todo)}${
    keptBanners(todo)}${faultBanner(todo)}</div>
    ${nowPanel(todo)}${bigButton(todo.press)}
    <div class="side">${lobbyPanel(todo)}${queuePanel(todo)}</div></main>`;
}

export function page(todo) {
  return html`${head(todo)}${body(todo)}${askView(todo)}`;
}
