// What the counter has now: the number, how long, and what can be done with it.

import { html, nothing } from "/look/vendor/lit.js";
import { act, icon, key, soon } from "/static/desk/parts.js";
import {
  can, serviceNames, named, serviceName, serviceOf, store, t, undoLeft, words,
} from "/static/desk/store.js";
import { since, span, stopwatch } from "/static/desk/times.js";

const GROUP_ICONS = {
  elderly: "old", disabled: "wheelchair", pregnant: "pregnant", infant: "baby-carriage",
  merit: "medal", appointment: "calendar-event",
};

function tags(ticket) {
  const group = ticket.priority;
  return html`<p class="now-tags">
    ${group === "none" ? nothing : html`<span class="chip chip-care"
      >${icon(GROUP_ICONS[group] ?? "users")}${t(`desk.priority.${group}`)}</span>`}
    ${store.desk.times > 0 ? html`<span class="chip">${t("desk.times", {
      times: store.desk.times })}</span>` : nothing}
    ${ticket.source === "offline" ? html`<span class="chip">${t("desk.source.offline")}</span>`
      : nothing}</p>`;
}

function meter(ticket, seconds) {
  const usual = Math.round((serviceOf(ticket.service)?.typical_service_min ?? 0) * 60);
  if (!usual) return nothing;
  const over = seconds > usual;
  const label = t("desk.meter", { time: span(words(), seconds), usual: span(words(), usual) });
  return html`<svg class="meter" role="img" aria-label=${label}>
      <rect class="b-track" width="100%" height="100%" rx="6"></rect>
      <rect class=${over ? "b-over" : "b-wait"} width="${Math.min(100, (100 * seconds) / usual)}%"
        height="100%" rx="6"></rect></svg>
    <p class="now-goal ${over ? "is-over" : ""}"><span>${t("desk.usual")} <b class="tab"
      >${stopwatch(usual)}</b></span><span>${over
        ? t("desk.over", { time: span(words(), seconds - usual) })
        : t("desk.left", { time: span(words(), usual - seconds) })}</span></p>`;
}

function timing(ticket, press) {
  const called = ticket.state === "called";
  const seconds = since((called ? ticket.called_at : ticket.started_at) ?? ticket.called_at);
  return html`<div class="now-time"><p>${t(called ? "desk.called.for" : "desk.served.for")}</p>
    <p class="now-t tab" role="timer" aria-live="off">${stopwatch(seconds)}</p>
    ${called ? html`<button class="btn btn-line now-start ${soon("start")}" type="button"
      data-action="start"
      aria-keyshortcuts="B" ?disabled=${!can("start")} @click=${() => press("start")}
      >${icon("player-play")}<span>${t("desk.start")}</span>${key("B")}</button>`
      : meter(ticket, seconds)}</div>`;
}

function undoNote() {
  const left = undoLeft();
  return left ? html`<small>Ctrl Z · ${left} s</small>` : nothing;
}

function current(ticket, press) {
  const away = store.link !== "up" ? html`<small>${t("desk.needs.link")}</small>` : nothing;
  return html`<section class="now" aria-labelledby="now-h">
    <div class="now-id"><h1 id="now-h">${t(ticket.state === "called" ? "desk.calling"
      : "desk.serving")}</h1>
    <p class="now-no" data-current-number>${ticket.number}</p>
    <p class="now-pr">${serviceName(ticket.service)}</p>${tags(ticket)}</div>
    ${timing(ticket, press)}
    <div class="acts">
      ${act("recall", "volume", "R", press, away)}
      ${act("no-show", "user-x", "K", press, away)}
      ${act("transfer", "transfer", "C", press, away)}
      ${act("hold", "hourglass", "G", press, away)}
      ${act("finish", "check", "H", press, away)}
      ${act("undo", "arrow-back-up", "Ctrl Z", press, away === nothing ? undoNote() : away)}
    </div></section>`;
}

// What else may have been done at this counter, from another desk or program.
const ALIKE = { call: "next", receive: "start", paused: "pause", closed: "close" };

function didText({ action, number }) {
  const name = action.replaceAll("_", "-");
  const key = `desk.did.${ALIKE[name] ?? name}`;
  return t(key in words() ? key : "desk.did.last", { number: number ?? "" });
}

function undoStrip(press) {
  if (undoLeft() === 0) return nothing;
  return html`<p class="now-help"><span>${didText(store.desk.undo)}</span>
    <button class="btn btn-line ${soon("undo")}" type="button"
      data-action="undo" aria-keyshortcuts="Control+Z"
      ?disabled=${!can("undo")} @click=${() => press("undo")}>${icon("arrow-back-up")}
      <span>${t("desk.undo")}</span>${key("Ctrl Z")}</button></p>`;
}

function quiet(look, title, tip, press) {
  return html`<section class="now ${look}" aria-labelledby="now-h">
    <h1 id="now-h" class="now-none">${title}</h1>
    <p class="now-tip">${tip}</p>${undoStrip(press)}</section>`;
}

export function nowPanel(press) {
  const desk = store.desk;
  const counter = named(store.counter.name);
  if (desk.current) return current(desk.current, press);
  if (desk.counter.state === "paused") {
    return quiet("is-quiet", t("desk.paused", { counter }), t("desk.paused.tip"), press);
  }
  if (desk.counter.state === "closed") {
    return quiet("is-quiet", t("desk.closed", { counter }), t("desk.closed.tip"), press);
  }
  if (desk.waiting > 0) {
    return quiet("is-quiet", t("desk.free"), t("desk.free.tip", { count: desk.waiting }), press);
  }
  const services = serviceNames(store.counter);
  const title = services.length === 1
    ? t("desk.empty", { service: services[0] }) : t("desk.empty.many");
  return quiet("is-quiet", title, t("desk.empty.tip"), press);
}

function hint() {
  const { current: ticket, next, light } = store.desk;
  const expected = next[0]?.number;
  if (store.link !== "up") return t("desk.next.offline");
  if (light && expected) return t("desk.next.light", { next: expected });
  if (ticket && expected) return t("desk.next.finish", { number: ticket.number, next: expected });
  if (ticket) return t("desk.next.finish.none", { number: ticket.number });
  return expected ? t("desk.next.first", { next: expected }) : t("desk.next.empty");
}

export function bigButton(press) {
  const state = store.desk.counter.state;
  if (state === "open") {
    const lit = store.desk.light && store.link === "up" ? "is-lit" : "";
    return html`<button class="next ${soon("next")} ${lit}" type="button"
      data-action="next" aria-keyshortcuts="Space F9"
      ?disabled=${!can("next")} aria-busy=${store.busy === "next" ? "true" : "false"}
      @click=${() => press("next")}><span><b>${t("desk.next")}</b>
      <span>${store.busy === "next" ? t("desk.next.working") : hint()}</span></span>
      ${key(t("desk.key.space"))}</button>`;
  }
  const first = store.desk.next[0]?.number;
  return html`<button class="next ${soon("open")}" type="button"
    data-action="open" aria-keyshortcuts="P"
    ?disabled=${!can("open")} @click=${() => press("open")}>
    <span><b>${t(state === "paused" ? "desk.reopen" : "desk.open")}</b>
    <span>${store.link !== "up" ? t("desk.next.offline") : first
      ? t("desk.open.then", { next: first }) : t("desk.open.then.none")}</span></span>
    ${key("P")}</button>`;
}
