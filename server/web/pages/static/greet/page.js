// The whole page as a function of what is known.

import { html, nothing } from "/look/vendor/lit.js";
import { nameParts } from "/look/js/text.js";
import { cancelDialog, cardView } from "/static/greet/card.js";
import { findView } from "/static/greet/find.js";
import { issueView } from "/static/greet/issue.js";
import { lobbyPanel, needs } from "/static/greet/lobby.js";
import { banner, icon } from "/static/greet/parts.js";
import { printFaults } from "/static/greet/prints.js";
import { priorityDialog } from "/static/greet/priority.js";
import { isWide, named, store, t } from "/static/greet/store.js";
import { otherPages } from "/static/pages.js";

const KNOWN = new Set(["unreachable", "day_full", "unknown_service", "invalid_transition",
  "unknown_ticket", "unknown_device", "printer_not_ready", "unknown_help", "forbidden", "csrf",
  "too_many_requests"]);
const TABS = [["issue", "ticket"], ["find", "search"], ["lobby", "users"]];

function languages(todo) {
  return html`<p class="g-lang" role="group" aria-label=${t("greet.language")}>
    ${["vi", "en"].map((code) => html`<button type="button" data-language=${code} lang=${code}
      aria-label=${code === "vi" ? "VI, Tiếng Việt" : "EN, English"}
      aria-pressed=${code === store.language ? "true" : "false"}
      @click=${() => todo.chooseLanguage(code)}>${code.toUpperCase()}</button>`)}</p>`;
}

function menu(todo) {
  return html`<details class="g-menu"><summary aria-label=${t("greet.menu")}
    >${icon("dots-vertical")}</summary><div class="g-menu-list">
    <p>${t("greet.signed_in", { name: store.session.name })}</p>
    ${otherPages(store.session, "greet").map(([page, address]) => html`<a href=${address}
      >${t(`greet.to.${page}`)}</a>`)}
    <button type="button" @click=${todo.signOut}>${t("greet.signout")}</button></div></details>`;
}

function head(todo) {
  const name = named(store.centre?.name);
  const { house, place } = name ? nameParts(name, store.language) : { house: "", place: "Lấy Số" };
  const speed = store.centre?.simulation;
  return html`<header class="g-head"><svg class="mark" viewBox="0 0 48 48" aria-hidden="true"><use
    href="/look/icons/sprite.svg#mark"></use></svg>
    <p class="g-place"><b>${place}</b>${house ? html`<span>${house}</span>` : nothing}</p>
    ${speed ? html`<p class="chip chip-care">${t("greet.simulation", { speed })}</p>` : nothing}
    ${languages(todo)}${store.session ? menu(todo) : nothing}</header>`;
}

function linkBanner() {
  if (store.link === "connecting") return banner("quiet", "refresh", t("greet.connecting"));
  const seconds = Math.floor((Date.now() - store.lostAt) / 1000);
  if (store.link !== "down" || seconds < 1) return nothing;
  return html`<div data-lost>${banner("alert", "plug-connected-x", t("greet.lost", { seconds }),
    t("greet.lost.tip"))}</div>`;
}

function pendingBanner(todo) {
  const { pending } = store;
  if (!pending?.lost) return nothing;
  return html`<div class="banner banner-care" role="alert" data-pending=${pending.action}>
    ${icon("hourglass")}<span><b>${t("greet.pending", { what: t(`greet.did.${pending.action}`) })}</b>
    ${t("greet.pending.tip")}</span><span class="g-two">
    <button class="btn btn-main" type="button" data-again ?disabled=${pending.asking}
      @click=${todo.again}>${t("greet.again")}</button>
    <button class="btn btn-line" type="button" data-drop @click=${todo.drop}
      >${t("greet.drop")}</button></span></div>`;
}

function faultBanner(todo) {
  if (!store.fault) return nothing;
  const { action, code, number } = store.fault;
  const what = t(`greet.did.${action}`);
  return html`<div class="banner banner-alert" role="alert" data-fault=${code}>
    ${icon("alert-triangle")}<span><b>${t("greet.failed", { what })} ${number}</b>
    ${t(`greet.error.${KNOWN.has(code) ? code : "other"}`)}</span>
    <button class="btn btn-danger" type="button" data-dismiss @click=${todo.dismiss}
      >${t("greet.read")}</button></div>`;
}

function tab([view, symbol], todo) {
  const count = view === "lobby" ? needs() : 0;
  const label = count ? t("greet.tab.lobby.calls", { count }) : t(`greet.tab.${view}`);
  return html`<button type="button" data-view=${view} aria-label=${label}
    aria-current=${view === shown() ? "page" : "false"} @click=${() => todo.view(view)}>
    ${icon(symbol)}<span>${t(`greet.tab.${view}`)}</span>
    ${count ? html`<b class="g-count">${count}</b>` : nothing}</button>`;
}

const shown = () => (isWide() && store.view === "lobby" ? "issue" : store.view);

function tabs(todo) {
  const some = isWide() ? TABS.filter(([view]) => view !== "lobby") : TABS;
  return html`<nav class="g-tabs" aria-label=${t("greet.views")}>${some.map(
    (one) => tab(one, todo))}</nav>`;
}

function main(todo) {
  if (store.card) return cardView(todo);
  const view = shown();
  if (view === "find") return findView(todo);
  return view === "lobby" ? lobbyPanel(todo, true) : issueView(todo);
}

// Who calls while another view is open is seen there too.
function callBanner(todo) {
  const count = needs();
  if (!count || isWide() || (shown() === "lobby" && !store.card)) return nothing;
  return banner("care", "headset", t("greet.calling", { count }), "",
    html`<button class="btn btn-line" type="button" data-see @click=${() => todo.view("lobby")}
      >${t("greet.see")}</button>`);
}

function message(title, tip = "") {
  return html`<main class="g-main"><section><h1>${title}</h1><p>${tip}</p></section></main>`;
}

export function page(todo) {
  if (!store.session || (store.session.centre && !store.centre)) {
    return html`${head(todo)}${message(t(store.link === "down" ? "greet.retrying" : "greet.loading"))}`;
  }
  if (!store.session.centre) return html`${head(todo)}${message(t("greet.nocentre"), t("greet.nocentre.tip"))}`;
  return html`${head(todo)}${store.card ? nothing : tabs(todo)}
    <main class="g-main ${store.card ? "has-card" : ""}"><div class="g-banners">${linkBanner()}${
      pendingBanner(todo)}${faultBanner(todo)}${printFaults(todo)}${callBanner(todo)}</div>
    <div class="g-work">${main(todo)}</div>
    ${isWide() ? html`<aside class="g-aside">${lobbyPanel(todo, false)}</aside>` : nothing}
    </main>${priorityDialog(todo)}${cancelDialog(todo)}`;
}
