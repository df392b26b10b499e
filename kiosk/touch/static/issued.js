// The number: huge, with where, how long, and a code to follow it by phone.

import { html, nothing } from "/look/vendor/lit.js";
import { centreNames, clock, rangeMin } from "/look/js/text.js";
import { COUNTERS_NAMED } from "./flow.js";
import { icon } from "/look/js/icons.js";
import { pauseWords } from "./waits.js";

function waitRange(s, wait) {
  const [low, high] = rangeMin(wait);
  const range = low === high ? `${low}` : `${low}–${high}`;
  const pause = s.view?.centre ? pauseWords(s, wait.likely_s) : null;
  return html`<div><dt>${pause ? pause : s.say("kiosk.wait_about")}</dt><dd><b>${range}</b> ${s.say("kiosk.minutes")}</dd></div>`;
}

function joined(s, counters) {
  const or = s.say("kiosk.or");
  return counters.map((number, index) => {
    const last = index === counters.length - 1;
    const before = index === 0 ? "" : last ? ` ${or} ` : ", ";
    return html`${before}<b>${number}</b>`;
  });
}

function where(s, ticket) {
  const few = ticket.counters?.length > 0 && ticket.counters.length <= COUNTERS_NAMED;
  if (few) return html`<div><dt>${s.say("kiosk.counter")}</dt><dd>${joined(s, ticket.counters)}</dd></div>`;
  if (ticket.zone) {
    return html`<div><dt>${s.say("kiosk.area")}</dt><dd><b class="slip-zone">${ticket.zone[s.language]}</b></dd></div>`;
  }
  return nothing;
}

// Of another centre's number: until when to be where; its queue is told of there.
function factsElsewhere(s, ticket) {
  const at = (moment) => clock(new Date(moment), s.language, s.view?.centre?.timezone);
  return html`<dl class="slip-facts slip-there">
    <div><dt>${s.say("kiosk.there.before")}</dt><dd><b>${at(ticket.void_at)}</b></dd></div>
    <div class="slip-unknown"><dt>${s.say("kiosk.there.from", { time: at(ticket.due_at) })}</dt>
      <dd>${ticket.address}</dd></div></dl>`;
}

// No wait to tell: no counter serves it at the moment, or nobody knows.
function waitLess(s, ticket, known) {
  const load = s.view?.board[ticket.service];
  const paused = load?.open_counters === 0 && !ticket.wait;
  if (known && !paused) return nothing;
  const key = paused ? "kiosk.no_counter" : "kiosk.wait_unknown";
  return html`<div class="slip-unknown"><dt>${s.say(key)}</dt><dd>${s.say(`${key}_more`)}</dd></div>`;
}

function facts(s, ticket) {
  if (ticket.void_at) return factsElsewhere(s, ticket);
  const known = ticket.ahead !== null || ticket.wait;
  return html`<dl class="slip-facts">
    ${ticket.ahead === null ? nothing : html`<div><dt>${s.say("kiosk.ahead")}</dt>
      <dd><b>${ticket.ahead}</b> ${s.say(ticket.ahead === 1 ? "kiosk.person" : "kiosk.persons")}</dd></div>`}
    ${ticket.wait ? waitRange(s, ticket.wait) : nothing}
    ${where(s, ticket)}
    ${waitLess(s, ticket, known)}</dl>`;
}

// "Máy đã hết giấy, số vẫn có hiệu lực. Vui lòng …": the first sentence carries the news.
function news(s, text, picture) {
  const end = text.indexOf(". ") + 1 || text.length;
  return html`<p class="banner banner-care" role="status">${icon(picture)}
    <span><b>${text.slice(0, end)}</b>${text.slice(end)}</span></p>`;
}

function take(s) {
  const other = s.language === "vi" ? "en" : "vi";
  const printing = s.issued.outcome === "printing";
  const key = printing ? "kiosk.printing" : "kiosk.take";
  return html`<div class="take" role="status"><p><b>${s.say(key)}</b>
      <span lang=${other}>${s.sayOther(key)}</span></p>
    <span class="take-arrow ${printing ? "is-printing" : ""}">${icon(printing ? "printer" : "arrow-down")}</span></div>`;
}

function photo(s) {
  const other = s.language === "vi" ? "en" : "vi";
  const canPrint = s.view?.printer?.state === "ok" || s.view?.printer?.state === "warn";
  return html`<div class="take take-shot">${icon("device-mobile")}
    <p><b>${s.say("kiosk.photo")}</b><span lang=${other}>${s.sayOther("kiosk.photo")}</span></p>
    ${canPrint ? html`<button type="button" class="btn btn-big btn-on-dark" ?disabled=${s.copying}
      @click=${() => s.act.copy()}>${icon("printer")}${s.say("kiosk.print_again")}</button>` : nothing}
    <button type="button" class="btn btn-invert btn-big" id="done" @click=${() => s.act.reset()}>${s.say("kiosk.noted")}</button></div>`;
}

function closes(s) {
  const left = s.issued.outcome === "printing" ? null : Math.max(0, Math.ceil((s.closesAt - s.now) / 1000));
  const [before, after] = s.say("kiosk.closes_in").split("{n}");
  return html`<p class="k-close"><span>${left === null ? nothing : html`${before}<b>${left}</b>${after}`}</span>
    <button type="button" class="btn btn-invert" id="done" @click=${() => s.act.reset()}>${s.say("kiosk.done")}</button></p>`;
}

const digits = (number) => `n${Math.min(6, Math.max(4, number.length))}`;

export function issued(s) {
  const { ticket, outcome, mode, message } = s.issued;
  const noPaper = outcome === "failed" || outcome === "unknown";
  const service = s.view?.centre?.services.find((one) => one.id === ticket.service);
  const other = s.language === "vi" ? "en" : "vi";
  const group = ticket.priority && ticket.priority !== "none";
  const told = message?.[s.language];
  const there = s.issued.centre && centreNames(s.issued.centre[s.language], s.language).full;
  let head = nothing;
  if (noPaper) head = news(s, told || s.say("kiosk.still_valid"), "printer-off");
  else if (mode === "offline") head = news(s, told || s.say("kiosk.offline_issued"), "plug-connected-x");
  else if (there) head = news(s, s.say("kiosk.there.news", { centre: there }), "map-pin");
  return html`<main class="k-main k-issued ${noPaper ? "k-nopaper" : ""} ${head === nothing ? "" : "has-banner"}">${head}
    <article class="slip"><p class="slip-top"><span>${s.say("kiosk.your_number")}</span>
        <span lang=${other}>${s.sayOther("kiosk.your_number")}</span></p>
      <h1 class="slip-no ${digits(ticket.number)}" data-number=${ticket.number} tabindex="-1">${ticket.number}</h1>
      <p class="slip-sv"><b>${service?.name[s.language].split(":", 1)[0] ?? ""}</b>${
        group ? html`<span class="sr"> · </span><span>${s.say(`kiosk.group.${ticket.priority}`)}</span>` : nothing}${there ? html`<span class="sr"> · </span><span>${there}</span>` : nothing}</p>
      ${facts(s, ticket)}
      ${ticket.track_url ? html`<div class="slip-qr"><img class="qr" src="/api/tickets/${ticket.id}/qr.svg"
          alt=${s.say("kiosk.qr", { number: ticket.number })}>
        <p><b>${s.say("kiosk.follow")}</b>${s.say(mode === "offline" ? "kiosk.follow_later" : "kiosk.follow_more")}</p></div>` : nothing}
    </article>
    ${noPaper ? photo(s) : html`${take(s)}${closes(s)}`}</main>`;
}
