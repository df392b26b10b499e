// What the counter has now: the number, how long, and what can be done with it.

import { html, nothing } from "/look/vendor/lit.js";
import { endings, keptStrip } from "/static/desk/endings.js";
import { aria } from "/static/desk/keymap.js";
import { isNoting, noteForm, noteLine } from "/static/desk/note.js";
import { heldReasons } from "/static/desk/holding.js";
import { act, icon, keyOf, link, option, soon } from "/static/desk/parts.js";
import {
  asksWhyHeld, can, keptOf, lower, named, noShowLeft, PAUSES, serviceName, serviceNames, serviceOf,
  store, t, undoLeft, words,
} from "/static/desk/store.js";
import { span } from "/static/desk/spans.js";
import { since, stopwatch } from "/static/times.js";

const GROUP_ICONS = {
  elderly: "old", disabled: "wheelchair", pregnant: "pregnant", infant: "baby-carriage",
  merit: "medal", appointment: "calendar-event",
};

// Who was called says on the phone that they are on the way; the picture comes at once.
function onTheWay(ticket) {
  const coming = store.coming ? store.coming.tickets.includes(ticket.id) : ticket.coming;
  return ticket.state === "called" && coming;
}

function tags(ticket) {
  const group = ticket.priority;
  return html`<p class="now-tags">
    ${group === "none" ? nothing : html`<span class="chip chip-care"
      >${icon(GROUP_ICONS[group] ?? "users")}${t(`desk.priority.${group}`)}</span>`}
    ${store.desk.times > 0 ? html`<span class="chip">${t("desk.times", {
      times: store.desk.times })}</span>` : nothing}
    ${stepChip()}
    ${ticket.source === "offline" ? html`<span class="chip">${t("desk.source.offline")}</span>`
      : nothing}
    ${onTheWay(ticket) ? html`<span class="chip chip-good" data-coming>${icon("walk")}${
      t("desk.coming")}</span>` : nothing}</p>`;
}

// One number may have several steps: where it has been today.
function stepChip() {
  const steps = store.desk.steps ?? [];
  if (!steps.length) return nothing;
  const last = steps.at(-1);
  const places = [...new Set(steps.map((step) => step.counter.number))].join(", ");
  return html`<span class="chip now-step" data-steps=${steps.length}>${t("desk.step", {
    step: steps.length + 1, counters: places, service: serviceName(last.service) })}</span>`;
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

// From the call until the person was at the counter.
function walked({ called_at: called, started_at: started }) {
  if (!called || !started) return nothing;
  const seconds = Math.round((Date.parse(started) - Date.parse(called)) / 1000);
  return seconds > 0 ? html`<span class="now-walk" data-walk=${seconds}>${icon("walk")}${
    t("desk.walked", { time: span(words(), seconds) })}</span>` : nothing;
}

function timing(ticket, press) {
  const called = ticket.state === "called";
  const seconds = since((called ? ticket.called_at : ticket.started_at) ?? ticket.called_at);
  return html`<div class="now-time"><p>${t(called ? "desk.called.for" : "desk.served.for")}${
    called ? nothing : walked(ticket)}</p>
    <p class="now-t tab" role="timer" aria-live="off">${stopwatch(seconds)}</p>
    ${called ? html`<button class="btn btn-line now-start ${soon("start")}" type="button"
      data-action="start"
      aria-keyshortcuts=${aria("start")} ?disabled=${!can("start")} @click=${() => press("start")}
      >${icon("player-play")}<span>${t("desk.start")}</span>${keyOf("start")}</button>`
      : meter(ticket, seconds)}</div>`;
}

const small = (text) => html`<small>${text}</small>`;

function undoNote() {
  const left = undoLeft();
  return left ? html`<small>${keyOf("undo")} ${left} s</small>` : nothing;
}

// Why an action is off, in its own place: what needs the server, and who was called just now.
function notes(ticket) {
  const kept = keptOf(ticket.id) !== null;
  const away = store.link !== "up" || kept ? small(t("desk.needs.link")) : nothing;
  const wait = noShowLeft();
  return {
    away: kept ? nothing : away,
    "no-show": wait > 0 && !kept ? small(t("desk.no-show.wait", { seconds: wait })) : nothing,
    undo: kept ? nothing : away === nothing ? undoNote() : away,
  };
}

// Its procedure, where the paper names one; else what it waited for.
function about(ticket) {
  const procedure = store.desk.procedures?.[ticket.procedure];
  return procedure ? named(procedure.name) : serviceName(ticket.service);
}

function current(ticket, todo) {
  const press = todo.press;
  const note = notes(ticket);
  return html`<section class="now" aria-labelledby="now-h">
    <div class="now-bar"><h1 id="now-h">${t(ticket.state === "called" ? "desk.calling"
      : "desk.serving")}</h1><span class="now-links">${["papers", "why", "note"].map((one) =>
        link(one, press))}</span></div>
    <div class="now-id"><p class="now-no" data-current-number>${ticket.number}</p>
    <p class="now-pr">${about(ticket)}</p>${isNoting(ticket) ? noteForm(todo)
      : html`${tags(ticket)}${noteLine()}`}</div>
    ${timing(ticket, press)}
    <div class="acts">
      ${act("recall", "volume", press, note.away)}
      ${act("no-show", "user-x", press, note["no-show"])}
      ${act("transfer", "transfer", press, note.away)}
      ${act("hold", "hourglass", press)}
      ${act("finish", "check", press)}
      ${act("undo", "arrow-back-up", press, note.undo)}
    </div>${keptOf(ticket.id) ? keptStrip(ticket, todo) : endings(press)}</section>`;
}

// What else may have been done at this counter, from another desk or program.
const ALIKE = { call: "next", receive: "start", paused: "pause", closed: "close" };

function didText({ action, number }) {
  const name = action.replaceAll("_", "-");
  const key = `desk.did.${ALIKE[name] ?? name}`;
  return t(key in words() ? key : "desk.did.last", { number: number ?? "" });
}

function undoButton(press) {
  return undoLeft() === 0 ? nothing : html`<button class="btn btn-line ${soon("undo")}" type="button"
    data-action="undo" aria-keyshortcuts=${aria("undo")}
    ?disabled=${!can("undo")} @click=${() => press("undo")}>${icon("arrow-back-up")}
    <span>${t("desk.undo")}</span>${keyOf("undo")}</button>`;
}

function undoStrip(press) {
  return undoLeft() === 0 ? nothing : html`<p class="now-help"><span>${didText(store.desk.undo)}</span
    >${undoButton(press)}</p>`;
}

// Why the number is on hold that was just put there; the hold itself can still be taken back.
function heldStrip(asked, todo) {
  const question = t("desk.held.ask", { number: asked.number });
  return html`<div class="now-help now-held" data-held-ask=${asked.number} data-figures role="group"
      aria-label=${question}><p class="now-held-top"><b>${question}</b>${undoButton(todo.press)}</p>
    <div class="options">${heldReasons(asked, todo)}</div></div>`;
}

// What a break is for: it has begun already, and its code may be said while it lasts.
function pauseCodes(todo) {
  const now = store.desk.pause_code;
  return html`<div class="options" data-pause-codes data-figures role="group"
    aria-label=${t("desk.pause.why")}>${PAUSES.map((code, index) => option(index + 1, code,
      t(`desk.pause.${code}`), () => todo.press("pause-code", { body: { code } }), code === now))}</div>`;
}

function quiet(look, title, tip, todo, more = nothing) {
  const asked = asksWhyHeld();
  return html`<section class="now ${look}" aria-labelledby="now-h">
    <h1 id="now-h" class="now-none">${title}</h1>
    <p class="now-tip">${tip}</p>${more}${asked ? heldStrip(asked, todo) : undoStrip(todo.press)}</section>`;
}

function restTitle(counter) {
  const key = `desk.pause.${store.desk.pause_code}`;
  return key in words() ? t("desk.paused.for", { counter, why: lower(t(key)) })
    : t("desk.paused", { counter });
}

export function nowPanel(todo) {
  const desk = store.desk;
  const counter = named(store.counter.name);
  if (desk.current) return current(desk.current, todo);
  if (desk.counter.state === "paused") {
    return quiet("is-quiet", restTitle(counter), t("desk.paused.tip"), todo, pauseCodes(todo));
  }
  if (desk.counter.state === "closed") {
    return quiet("is-quiet", t("desk.closed", { counter }), t("desk.closed.tip"), todo);
  }
  if (desk.waiting > 0) {
    return quiet("is-quiet", t("desk.free"), t("desk.free.tip", { count: desk.waiting }), todo);
  }
  const services = serviceNames(store.counter);
  const title = services.length === 1
    ? t("desk.empty", { service: services[0] }) : t("desk.empty.many");
  return quiet("is-quiet", title, t("desk.empty.tip"), todo);
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
      data-action="next" aria-keyshortcuts=${aria("next")}
      ?disabled=${!can("next")} aria-busy=${store.busy === "next" ? "true" : "false"}
      @click=${() => press("next")}><span><b>${t("desk.next")}</b>
      <span>${store.busy === "next" ? t("desk.next.working") : hint()}</span></span>
      ${keyOf("next")}</button>`;
  }
  const first = store.desk.next[0]?.number;
  return html`<button class="next ${soon("open")}" type="button"
    data-action="open" aria-keyshortcuts=${aria("pause")}
    ?disabled=${!can("open")} @click=${() => press("open")}>
    <span><b>${t(state === "paused" ? "desk.reopen" : "desk.open")}</b>
    <span>${store.link !== "up" ? t("desk.next.offline") : first
      ? t("desk.open.then", { next: first }) : t("desk.open.then.none")}</span></span>
    ${keyOf("pause")}</button>`;
}
