// What the hall sees. Pure templates: state in, elements out.

import { html, nothing, svg } from "/look/vendor/lit.js";
import { LAST, callsOf, nameSize, pages } from "./layout.js";
import { waits } from "./words.js";
import { clock, dayOf, minutes, nameParts, shortName } from "/look/js/text.js";

const WAITS_ON_SCREEN = 6;
const WAITS_MS = 8000;

export function icon(name) {
  return svg`<svg class="i" viewBox="0 0 24 24" aria-hidden="true"><use href="#${name}"></use></svg>`;
}

const ARROW = { left: "arrow-left", right: "arrow-right", ahead: "arrow-up" };
const arrow = (side) => (side ? icon(ARROW[side]) : nothing);

function turn(items, at, each_ms) {
  return items[Math.floor(at / each_ms) % items.length];
}

function zoneOf(s, call) {
  return s.info.zones.find((zone) => zone.id === call.zone);
}

// ── header ──

function languages(s) {
  const one = (language, name) => html`<button type="button" data-language=${language}
    lang=${language} aria-pressed=${s.language === language}
    @click=${() => s.choose(language)}>${name}</button>`;
  return html`<nav class="h-lang" aria-label="Ngôn ngữ / Language">
    ${one("vi", "Tiếng Việt")}${one("en", "English")}</nav>`;
}

// For staff: a screen that should speak and cannot.
const SOUND = { blocked: "hall.touch_for_sound", broken: "hall.sound_broken" };

function soundChip(s) {
  if (!SOUND[s.sound] || s.refused) return nothing;
  return html`<span class="h-sound" role="status">${icon("volume")}<span>${s.say(SOUND[s.sound])}</span></span>`;
}

function place(s) {
  if (s.stale) {
    return html`<p class="h-state" role="status">${icon("refresh")}<span>${s.say("hall.reconnecting")}
      <b class="tab">${clock(s.heard, s.language, s.info.timezone)}</b></span></p>`;
  }
  const zone = s.info.zones.find((one) => one.id === s.zoneId);
  const floor = zone && s.say("hall.floor", { zone: zone.name[s.language], floor: zone.floor });
  const speed = s.info.simulation && s.say("hall.simulation", { speed: s.info.simulation });
  return html`<p class="h-zone">${floor ?? nothing}${soundChip(s)}
    ${speed ? html`<span class="h-chip">${icon("player-play")}${speed}</span>` : nothing}</p>`;
}

function header(s) {
  const zone = s.info?.timezone;
  const name = s.info ? nameParts(s.info.name[s.language], s.language) : { house: "", place: "" };
  return html`<header class="h-head">
    <p class="h-org"><svg class="mark" viewBox="0 0 48 48" aria-hidden="true"><use href="#mark"></use></svg>
      <span><span class="h-house">${name.house}</span> <b>${name.place}</b></span></p>
    ${s.info ? place(s) : html`<p class="h-zone">${soundChip(s)}</p>`}
    ${languages(s)}
    <p class="h-clock"><span>${dayOf(s.at, s.language, zone)}</span>
      <time>${clock(s.at, s.language, zone)}</time></p>
  </header>`;
}

// ── calls ──

function callTitle(s, call) {
  if (s.stale) return s.say("hall.last_called");
  const words = call.times > 1 ? "hall.calling_again" : "hall.calling";
  return html`${s.say(words)} <span lang=${s.other}>${s.sayToo(words)}</span>`;
}

const wide = (number) => (/[MW]/.test(number) ? " wide" : "");
const length = (number) => `n${Math.min(7, Math.max(4, number.length))}${wide(number)}`;
const digits = (number) => `c${Math.min(3, String(number).length)}`;
const flash = (s, peak) => (peak.flash && !s.stale ? `flash-${peak.beat}` : "");

function largeCall(s, call, peak) {
  const zone = zoneOf(s, call);
  return html`<li class="call ${flash(s, peak)}" data-call=${call.call_id}
      data-number=${call.number} data-counter=${call.counter.id}>
    <div class="call-no"><p class="call-t">${callTitle(s, call)}</p>
      <p class="call-n ${length(call.number)}">${call.number}</p></div>
    <div class="call-to ${zone ? "" : "no-zone"}"><p class="call-q">${s.say("hall.counter")}</p>
      <p class="call-c ${digits(call.counter.number)}">${call.counter.number}</p>
      ${zone ? html`<p class="call-z ${nameSize(zone.name[s.language])}">${arrow(zone.side)}<span>${zone.name[s.language]}</span></p>` : nothing}
    </div>
    ${s.stale ? html`<p class="call-wait">${icon("speakerphone")}<span>${s.say("hall.listen")}</span></p>` : nothing}
  </li>`;
}

function zoneCall(s, call, peak) {
  const zone = zoneOf(s, call);
  return html`<li class="zone-call ${flash(s, peak)}" data-call=${call.call_id}
      data-number=${call.number} data-counter=${call.counter.id}>
    <p class="zone-n ${length(call.number)}">${call.number}</p>
    <p class="zone-q ${digits(call.counter.number)}"><span>${s.say("hall.counter")}</span><b>${call.counter.number}</b>
      ${s.columns.some((c) => c.zones.length > 1) && zone ? html`<em class=${nameSize(zone.name[s.language])}>${zone.name[s.language]}</em>` : nothing}</p>
  </li>`;
}

function smallCall(s, call, withArrow) {
  const zone = zoneOf(s, call);
  return html`<li class="was ${length(call.number)}" data-call=${call.call_id}
      data-number=${call.number} data-counter=${call.counter.id}>
    <b>${call.number}</b><span class=${digits(call.counter.number)}><small>${s.say("hall.counter")}</small> ${
      call.counter.number}${withArrow && zone ? arrow(zone.side) : nothing}</span></li>`;
}

// One list, newest first; the call at its peak is drawn large wherever it stands in the list.
function callList(s, index, last, large, withArrow) {
  const peak = s.peaks[index];
  const calls = callsOf(s.columns, index, s.board.calls);
  const at = calls.findIndex((call) => call.call_id === peak?.shown?.call_id);
  const shown = calls.slice(0, last + 1);
  if (at > last) shown[last] = calls[at];
  return html`<ol class="call-list">${shown.map((call) =>
    call.call_id === calls[at]?.call_id ? large(s, call, peak) : smallCall(s, call, withArrow),
  )}</ol>`;
}

function outOfHours(s, kind) {
  const opens = s.info.opens_at && new Date(s.info.opens_at);
  const { language, info } = s;
  return html`<div class="${kind} call-none"><p>${s.say("hall.closed")}</p>
    ${opens ? html`<p class="quiet">${s.say("hall.opens", {
      time: clock(opens, language, info.timezone), day: dayOf(opens, language, info.timezone) })}</p>` : nothing}</div>`;
}

function nothingYet(s, kind) {
  if (!s.info.tickets && !s.info.open) return outOfHours(s, kind);
  return html`<div class="${kind} call-none"><p>${s.say("hall.none_yet")}</p>
    <p class="quiet">${s.say("hall.none_yet_hint")}</p></div>`;
}

// Heard by people who use a screen reader: only the call.
function spoken(s) {
  const fresh = s.stale ? [] : s.peaks.filter((peak) => peak.flash && peak.shown);
  return html`<p class="sr" aria-live="assertive">${fresh.map((peak) => s.say("hall.spoken", {
    number: peak.shown.number,
    counter: peak.shown.counter.number,
  })).join(" ")}</p>`;
}

// ── waits ──

function waitFigure(s, service) {
  if (s.stale) return html`<b class="tab">––<small> ${s.say("hall.minutes")}</small></b>`;
  if (service.likely_s === null) return html`<b class="shut"><small>${s.say("hall.no_counter")}</small></b>`;
  const short = service.likely_s < 60 && service.likely_s > 0;
  const figure = service.likely_s === 0 ? "0" : minutes(service.likely_s);
  return html`<b class="tab">${short ? html`<small>${s.say("hall.under")} </small>1` : figure}<small> ${s.say("hall.minutes")}</small></b>`;
}

function waitBar(s) {
  const page = turn(pages(waits(s), WAITS_ON_SCREEN), s.at, WAITS_MS);
  return html`<section class="h-waits" aria-labelledby="hw">
    <h2 id="hw">${icon("hourglass")}<span>${s.say("hall.waits")}</span></h2>
    <ul>${page.map((service) => html`<li><span>${shortName(service.name[s.language])}</span>
      ${waitFigure(s, service)}</li>`)}</ul></section>`;
}

// ── the band at the bottom ──

function bandIcon(message) {
  if (message.urgent) return "alert-triangle";
  if (message.notice) return "bell";
  return message.listen ? "speakerphone" : "info-circle";
}

function ticker(s) {
  if (!s.band) return nothing;
  const { message, text, part, parts } = s.band;
  return html`<footer class="h-tick ${message.urgent ? "is-alert" : ""}"><p class="tick-text">
    ${icon(bandIcon(message))}
    ${message.notice ? html`<b>${s.say(message.urgent ? "hall.urgent" : "hall.notice")}</b>` : nothing}
    <span lang=${message.lang}>${text}</span>
    ${parts > 1 ? html`<small class="tab">${part + 1}/${parts}</small>` : nothing}</p></footer>`;
}

// ── the screen ──

function oneColumn(s) {
  const empty = !s.peaks[0]?.shown;
  return html`<main class="h-main"><h1 class="sr">${s.say("hall.heading")}</h1>${spoken(s)}
    <section class="calls" aria-labelledby="hl"><h2 id="hl">${s.say("hall.just_called")}</h2>
      ${empty ? nothingYet(s, "call") : callList(s, 0, LAST.one, largeCall, true)}</section>
    ${waitBar(s)}</main>`;
}

function zoneColumn(s, column, index) {
  const name = column.zones.map((zone) => zone.name[s.language]).join(", ");
  const range = column.counters && s.say("hall.counters", { range: column.counters });
  const empty = !s.peaks[index]?.shown;
  return html`<section class="zone zone-${index + 1}" aria-labelledby="z${index}">
    <h2 id="z${index}" class=${nameSize(name)}>${arrow(column.side)}<span>${name}<small>${range}</small></span></h2>
    ${empty ? nothingYet(s, "zone-call") : callList(s, index, LAST.two, zoneCall, false)}</section>`;
}

function twoColumns(s) {
  return html`<main class="h-main h-two"><h1 class="sr">${s.say("hall.heading")}</h1>${spoken(s)}
    ${s.columns.map((column, index) => zoneColumn(s, column, index))}</main>`;
}

function notice(s, title, lines) {
  return html`<main class="h-main h-notice"><h1>${title}</h1>${lines.map((line) => html`<p>${line}</p>`)}</main>
    <footer class="h-tick"><p>${icon("speakerphone")}<span>${s.say("hall.listen")}</span></p></footer>`;
}

function body(s) {
  if (s.refused) {
    return notice(s, s.say("hall.unpaired"), [s.say("hall.unpaired_citizen"), s.say("hall.unpaired_staff")]);
  }
  if (!s.info || !s.board) return notice(s, s.say("hall.starting"), [s.say("hall.starting_hint")]);
  const zoneKnown = !s.zoneId || s.info.zones.some((zone) => zone.id === s.zoneId);
  if (!zoneKnown) {
    return notice(s, s.say("hall.zone_unknown", { zone: s.zoneId }), [s.say("hall.zone_unknown_staff")]);
  }
  return html`${s.columns.length > 1 ? twoColumns(s) : oneColumn(s)}${ticker(s)}`;
}

export function view(s) {
  return html`${header(s)}${body(s)}`;
}
