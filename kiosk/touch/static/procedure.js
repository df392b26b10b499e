// One procedure: where it is done, what people usually bring, and one button for a number.

import { html, nothing } from "/look/vendor/lit.js";
import { shortName } from "/look/js/text.js";
import { serviceOf } from "./find.js";
import { icon, serviceIcon } from "/look/js/icons.js";
import { chosenGroup } from "./home.js";
import { title } from "./search.js";
import { pauseWords, waitText } from "./waits.js";

const LONG_CHARS = 60;
const VERY_LONG_CHARS = 150;

function size(text) {
  if (text.length > VERY_LONG_CHARS) return "is-very-long";
  return text.length > LONG_CHARS ? "is-long" : "";
}

function where(s, procedure, service) {
  const load = s.view.board[procedure.service];
  const pause = load ? pauseWords(s, load.likely_s, "pause") : null;
  return html`<section class="proc-where" aria-label=${s.say("kiosk.proc.where")}>
    <span class="tile-ic">${serviceIcon(procedure.service)}</span>
    <div><h2>${service ? shortName(service.name[s.language]) : procedure.field}</h2>
      <p class="proc-wait">${waitText(s, load)}</p>
      ${pause ? html`<p>${pause}</p>` : nothing}
      ${load?.open_counters === 0 && load.likely_s === null ? html`<p>${s.say("kiosk.no_counter_more")}</p>` : nothing}</div></section>`;
}

function spot(s, procedure) {
  if (procedure.on_the_spot === null || procedure.on_the_spot === undefined) return nothing;
  const [picture, key] = procedure.on_the_spot ? ["circle-check", "yes"] : ["calendar-event", "no"];
  return html`<p class="proc-spot ${procedure.on_the_spot ? "is-yes" : ""}">${icon(picture)}<span>${s.say(`kiosk.spot.${key}`)}</span></p>`;
}

function papers(s, procedure) {
  const some = procedure.papers.length > 0;
  return html`<section class="proc-papers" aria-labelledby="papers-h"><h2 id="papers-h">${s.say("kiosk.papers")}</h2>
    ${some ? html`<ul lang="vi">${procedure.papers.map((paper) => html`<li>${icon("file-text")}<span>${paper}</span></li>`)}</ul>` : nothing}
    <p>${s.say(some ? "kiosk.papers_more" : "kiosk.papers_unknown")}</p></section>`;
}

function take(s, procedure) {
  const asking = s.pressing !== null;
  return html`<div class="proc-act">
    <button type="button" class="btn btn-main btn-big" id="take" aria-busy=${asking} aria-disabled=${asking}
      @click=${() => s.act.press(procedure.service)}>${icon("ticket")}${s.say(asking ? "kiosk.asking" : "kiosk.take_number")}</button>
    <button type="button" class="btn btn-line btn-big" id="done" @click=${() => s.act.back()}>${icon("arrow-left")}${s.say("kiosk.back")}</button></div>`;
}

export function procedure(s) {
  const found = s.procedures.of(s.procedure);
  if (!found) return nothing;
  const text = title(found, s.language);
  return html`<main class="k-main k-proc">
    <div class="proc-read" role="group" aria-labelledby="proc-h" tabindex="0"><h1 class=${size(text)} id="proc-h" tabindex="-1">${text}</h1>
      <div class="proc-facts">${where(s, found, serviceOf(s, found))}${spot(s, found)}${papers(s, found)}${chosenGroup(s)}</div></div>
    ${take(s, found)}</main>`;
}
