// What concerns the whole lobby, beside this counter's queue: calls for help, and notices.

import { html, nothing } from "/look/vendor/lit.js";
import { aria } from "/static/desk/keymap.js";
import { icon, keyOf } from "/static/desk/parts.js";
import { named, store, t } from "/static/desk/store.js";
import { callsOf, newCalls, unread } from "/static/lobby.js";

const SHOWN = 2;

const isMine = (call) => call.caller.kind === "counter" && call.caller.counter.id === store.counter?.id;

// This counter's own call, or null.
export const myCall = () => (store.help?.calls ?? []).find(isMine) ?? null;

const others = () => callsOf(store.help).filter((call) => !isMine(call));

// Calls of others that are new in a picture.
export const othersCall = (before, after) => newCalls(before, after).filter((call) => !isMine(call));

export function whoCalls({ caller }) {
  if (caller.kind === "counter") return t("desk.help.counter", { number: caller.counter.number });
  return caller.name
    ? t("desk.help.kiosk.named", { number: caller.kiosk, name: caller.name })
    : t("desk.help.kiosk", { number: caller.kiosk });
}

const off = () => store.link !== "up" || store.helping;

function answer(call, todo) {
  const [action, words] = call.state === "called"
    ? ["coming", "desk.help.come"] : ["clear", "desk.help.over"];
  return html`<button class="btn btn-line" type="button" data-help-answer=${action}
    ?disabled=${off()} @click=${() => todo.answerHelp(call, action)}
    aria-label=${`${t(words)}: ${whoCalls(call)}`}>${t(words)}</button>`;
}

function helpBanner(call, todo) {
  const state = t(call.state === "called" ? "desk.help.called" : "desk.help.coming");
  return html`<div class="banner banner-care" data-help=${call.state}>
    ${icon("headset")}<span><b>${whoCalls(call)}</b> ${state}</span>${answer(call, todo)}</div>`;
}

function more(left) {
  return left > 0 ? html`<p class="banner banner-care">${icon("headset")}<span
    >${t("desk.help.more", { count: left })}</span></p>` : nothing;
}

// ── notices ──

function noticeBanner(notice, todo) {
  const [look, symbol] = notice.urgent ? ["banner-alert", "alert-triangle"] : ["", "info-circle"];
  return html`<div class="banner banner-notice ${look}" data-notice=${notice.id}>
    ${icon(symbol)}<span><b>${t(notice.urgent ? "desk.notice.urgent" : "desk.notice")}</b>
    ${named(notice.text)}</span><button class="btn btn-quiet" type="button"
      @click=${() => todo.readNotice(notice.id)}>${t("desk.notice.read")}</button></div>`;
}

// What is for the hall alone is on its screens; the desk is told what is for the staff too.
const forStaff = () => unread(store.notices).filter((notice) => notice.audience !== "hall");

function ownBanner() {
  const call = myCall();
  return call ? html`<p class="banner banner-care" data-help-own=${call.state}>${icon("headset")}<span
    ><b>${t(`desk.help.own.${call.state}`)}</b></span></p>` : nothing;
}

// Beside the queue, so that nothing in it ever moves the big button.
export function lobbyPanel(todo) {
  const theirs = others();
  const notices = forStaff();
  if (!theirs.length && !notices.length && !myCall()) return nothing;
  return html`<section class="lobby" aria-label=${t("desk.lobby")}>${ownBanner()}${
    theirs.slice(0, SHOWN).map((call) => helpBanner(call, todo))}${more(theirs.length - SHOWN)}${
    notices.slice(0, SHOWN).map((notice) => noticeBanner(notice, todo))}</section>`;
}

// The button in the head: calls, and once somebody was called, takes it back.
export function helpButton(todo) {
  if (!store.desk) return nothing;
  const call = myCall();
  const words = call ? `desk.help.mine.${call.state}` : "desk.help";
  return html`<button class="btn btn-quiet" type="button"
    data-action="help" data-help-mine=${call?.state ?? "clear"} aria-keyshortcuts=${aria("help")}
    aria-pressed=${call ? "true" : "false"} ?disabled=${off()} @click=${todo.help}>
    ${icon("headset")}<span>${t(words)}</span>${keyOf("help")}</button>`;
}
