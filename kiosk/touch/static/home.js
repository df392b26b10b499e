// The home screen: what do you need to do today?

import { html, nothing } from "/look/vendor/lit.js";
import { nameParts, shortName } from "/look/js/text.js";
import { TILES, pageOf } from "./flow.js";
import { icon, serviceIcon } from "/look/js/icons.js";
import { noted } from "./scanned.js";
import { BUSY_MIN, pauseOfAll, waitText } from "./waits.js";

const LONG_NAME = 20; // letters that stand on two lines in every mode
const VERY_LONG_NAME = 34; // on three

function banner(s) {
  const { view, say } = s;
  if (view.offline) {
    return note("plug-connected-x", say("kiosk.offline"), say("kiosk.offline_more"));
  }
  if (view.printer?.paper === "out") {
    return note("printer-off", say("kiosk.no_paper"), say("kiosk.no_paper_more"));
  }
  if (view.printer?.state === "error") {
    return note("printer-off", say("kiosk.no_printer"), say("kiosk.no_paper_more"));
  }
  if (view.printer?.paper === "low") {
    return note("printer", say("kiosk.low_paper"), say("kiosk.low_paper_more"));
  }
  return nothing;
}

function note(picture, first, more) {
  return html`<p class="banner banner-care" role="status">${icon(picture)}
    <span><b>${first}</b> ${more}</span></p>`;
}

// What is to be known before one touches: of a card, or of the machine.
export const homeNote = (s) => noted(s) ?? banner(s);

function isBusy(service, load) {
  return load?.likely_s >= Math.min(BUSY_MIN, 2 * service.target_wait_min) * 60;
}

// "Bảo trợ xã hội, người có công": lines break between the parts, not inside a short one.
function whole(text, longest) {
  const parts = text.split(", ");
  return parts.map((part) => (part.length > longest ? part : part.replaceAll(" ", "\u00a0"))).join(", ");
}

// Under a name: plain examples of what it is for; without them, the other language's name.
function underName(s, service) {
  const other = s.language === "vi" ? "en" : "vi";
  if (s.language === "vi") {
    const listed = /:\s*(.+)$/.exec(service.name.vi)?.[1];
    const key = `kiosk.example.${service.id}`;
    const examples = s.has(key) ? s.say(key) : listed;
    if (examples) return html`<span class="tile-en">${whole(examples[0].toUpperCase() + examples.slice(1), 20)}</span>`;
  }
  const name = service.name[other].split(":", 1)[0];
  return html`<span class="tile-en" lang=${other}>${whole(name, 15)}</span>`;
}

function tile(s, service) {
  const load = s.view.board[service.id];
  const name = service.name[s.language].split(":", 1)[0];
  const asked = s.pressing === service.id;
  const size = `${name.length > LONG_NAME ? "is-long" : ""} ${name.length > VERY_LONG_NAME ? "is-very-long" : ""}`;
  return html`<button type="button" class="tile ${size} ${isBusy(service, load) ? "is-busy" : ""} ${asked ? "is-asked" : ""}"
      data-service=${service.id} aria-busy=${asked} aria-disabled=${Boolean(s.pressing)}
      @click=${() => s.act.press(service.id)}>
    <span class="tile-ic">${serviceIcon(service.id)}</span>
    <span class="tile-text"><b class="tile-name">${whole(name, 15)}</b>${underName(s, service)}</span>
    <span class="tile-wait">${asked ? html`<span><b>${s.say("kiosk.asking")}</b></span>` : waitText(s, load)}</span>
  </button>`;
}

function pager(s, page) {
  const names = page.rest.map((service) => shortName(service.name[s.language])).join(", ");
  const back = html`<button type="button" class="k-more k-prev" @click=${() => s.act.page(page.at - 1)}>
    ${icon("chevron-left")}<span><b>${s.say("kiosk.earlier")}</b></span></button>`;
  const more = html`<button type="button" class="k-more" @click=${() => s.act.page(page.at + 1)}>
    <span class="k-more-text"><b>${s.say(page.rest.length === 1 ? "kiosk.one_more_service" : "kiosk.more_services", { n: page.rest.length })}</b>
    <span class="k-more-names">${names}</span></span>${icon("chevron-right")}</button>`;
  if (!page.before && page.rest.length === 0) return nothing;
  return html`<div class="k-pages">${page.before ? back : nothing}${page.rest.length > 0 ? more : nothing}</div>`;
}

// On other screens: the group that was chosen at home, so that nobody wonders.
export function chosenGroup(s) {
  return s.priority === "none" ? nothing : html`<p class="proc-spot is-prio">${icon("circle-check")}
    <span>${s.say("kiosk.priority_is", { group: s.say(`kiosk.group.${s.priority}`) })}</span></p>`;
}

function priority(s) {
  const chosen = s.priority !== "none";
  return html`<section class="prio ${chosen ? "is-chosen" : ""}" aria-labelledby="prio-h">
    <span class="prio-ics">${chosen ? icon("circle-check") : [icon("old"), icon("wheelchair"), icon("pregnant")]}</span>
    <div><h2 id="prio-h">${chosen ? s.say(`kiosk.group.${s.priority}`) : s.say("kiosk.priority")}</h2>
      <p>${chosen ? s.say("kiosk.priority_chosen") : s.say("kiosk.priority_who")}</p></div>
    ${chosen
      ? html`<button type="button" class="btn btn-line" @click=${() => s.act.priority("none")}>${icon("x")}${s.say("kiosk.unchoose")}</button>`
      : html`<button type="button" class="btn btn-care" id="choose-priority" @click=${() => s.act.ask_priority()}>${s.say("kiosk.choose")}${icon("chevron-right")}</button>`}
  </section>`;
}

// Waits of opening time alone are said to be so, where that makes a difference.
function underAsk(s, services) {
  const pause = pauseOfAll(s, services);
  return pause ? html`<p class="k-pause">${icon("clock")}<span>${pause}</span></p>` : html`<p>${s.say("kiosk.ask_more")}</p>`;
}

function searchRow(s) {
  return s.procedures.some ? html`<button type="button" class="k-search" id="search" @click=${() => s.act.find()}>
    ${icon("search")}<span>${s.say("kiosk.find.open")}</span></button>` : nothing;
}

export function home(s) {
  const page = pageOf(s.view.centre.services, s.page);
  const full = page.at > 0 || page.tiles.length === TILES ? "" : `tiles-${page.tiles.length}`;
  return html`<main class="k-main k-home">${s.low ? nothing : homeNote(s)}
    <div class="k-ask"><h1 tabindex="-1">${s.say("kiosk.ask")}</h1>${underAsk(s, page.tiles)}${searchRow(s)}</div>
    <div class="k-tiles ${full}">${page.tiles.map((service) => tile(s, service))}${pager(s, page)}</div>
    ${priority(s)}</main>`;
}

export function brand(s) {
  const centre = s.view?.centre;
  const name = centre ? nameParts(centre.name[s.language], s.language) : { house: "", place: "Lấy Số" };
  return html`<div class="k-brand">
    ${s.logo ? html`<img class="k-logo" src=${s.logo} alt="">` : html`<svg class="mark" viewBox="0 0 48 48" aria-hidden="true"><use href="/look/icons/sprite.svg#mark"></use></svg>`}
    <p class="k-org">${name.house ? html`<span>${name.house}</span>` : nothing}<b>${name.place}</b></p></div>`;
}
