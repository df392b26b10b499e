// Puts what is known of the ticket into the page: fills the slots, shows the right parts.

import { readJson, say as fill_ } from "/static/words.js";

const PLACES = 6;
const COUNTERS_SAID = 3;

const words = readJson("words");
const body = document.body;
const language = document.documentElement.lang;

export const say = (key, values) => fill_(words, key, values);
export const parts = (selector) => document.querySelectorAll(selector);

export function clock(at) {
  return new Date(at).toLocaleTimeString("vi-VN", {
    hour: "2-digit",
    minute: "2-digit",
    timeZone: body.dataset.zone, // a visitor's phone may be set to another zone
  });
}

export function fill(name, text) {
  for (const slot of parts(`[data-slot="${name}"]`)) {
    if (slot.textContent !== text) slot.textContent = text;
  }
}

function hide(selector, hidden) {
  for (const part of parts(selector)) part.hidden = hidden;
}

function waitText(wait) {
  if (!wait) return say("track.wait.unknown");
  const low = Math.round(wait.likely_s / 60);
  const high = Math.ceil(wait.high_s / 60);
  if (high <= 1) return say("track.wait.soon");
  if (low < 1 || low >= high) return say("track.wait.about", { high });
  return say("track.wait.range", { low, high });
}

// "3 hoặc 4, Khu A"; a long list of counters says nothing, the zone alone does.
function placeText({ counters, zone }) {
  if (counters.length === 0) return "";
  const said = counters.length > COUNTERS_SAID ? "" : counters.length === 1 ? String(counters[0])
    : `${counters.slice(0, -1).join(", ")} ${say("track.or")} ${counters.at(-1)}`;
  return [said, zone?.[language]].filter(Boolean).join(", ");
}

function zoneText({ zone, side }) {
  if (!zone) return "";
  return side ? `${zone[language]}, ${say(`track.side.${side}`)}` : zone[language];
}

function showAhead(ahead) {
  body.dataset.ahead = ahead ?? "";
  for (const part of parts("[data-for-ahead]")) {
    part.hidden = (part.dataset.forAhead === "none") !== (ahead === 0);
  }
  fill("ahead", ahead === null ? "–" : String(ahead));
  fill("people", say(ahead === 1 ? "track.ahead.one" : "track.ahead"));
  const pips = document.querySelector(".pips");
  const dots = Math.min(ahead ?? 0, PLACES);
  while (pips.children.length > dots + 2) pips.children[1].remove();
  while (pips.children.length < dots + 2) {
    pips.insertBefore(document.createElement("li"), pips.lastElementChild);
  }
}

function noteText(kind, counter) {
  const nowhere = kind === "on_hold" && counter === "";
  return say(`track.${kind}.note${nowhere ? ".nowhere" : ""}`, { counter });
}

function showPlace(ticket, counter) {
  fill("counter", counter);
  fill("coming", say("track.coming.said", { counter }));
  fill("zone", zoneText(ticket));
  for (const part of parts("[data-side]")) part.hidden = part.dataset.side !== ticket.side;
  const place = ticket.state === "waiting" ? placeText(ticket) : "";
  fill("place", place);
  hide("[data-if-place]", place === "");
}

// What may be pressed now, and what has been said already.
function showChoices(ticket) {
  for (const part of parts("[data-can]")) part.hidden = !ticket.can.includes(part.dataset.can);
  for (const key of parts("[data-press]")) key.hidden = !ticket.can.includes(key.dataset.press);
  hide("[data-if-coming]", !ticket.coming);
  hide("[data-if-spent]", ticket.state !== "waiting" || ticket.steps_left > 0);
  hide("[data-if-rated]", !ticket.rating);
  fill("left", say("track.step_back.left", { left: ticket.steps_left }));
  fill("given", ticket.rating
    ? say("rating.given", { score: say(`rating.score.${ticket.rating.score}`) }) : "");
}

// Shows a ticket; true where its state is another than the page had.
export function show(ticket) {
  const counter = ticket.counter ? String(ticket.counter.number) : "";
  fill("number", ticket.number);
  fill("service", ticket.service[language]);
  fill("wait", waitText(ticket.wait));
  fill("ended", ticket.ended_at ? `${say("track.at")} ${clock(ticket.ended_at)}` : "");
  showAhead(ticket.ahead);
  showPlace(ticket, counter);
  showChoices(ticket);
  for (const kind of ["serving", "on_hold", "served", "no_show", "cancelled"]) {
    fill(`note-${kind}`, noteText(kind, counter));
  }
  if (body.dataset.state === ticket.state) return false;
  body.dataset.state = ticket.state;
  for (const part of parts("[data-for]")) {
    const wanted = part.dataset.for.split(" ");
    part.hidden = wanted[0] === "other"
      ? ticket.state === "called" : !wanted.includes(ticket.state);
  }
  const title = document.querySelector("main:not([hidden]) :is(h2, .p-call h1):not([hidden] *)");
  fill("said", `${ticket.number}. ${title ? title.textContent : ""}`);
  return true;
}

export function showLive(answeredAt, fresh) {
  fill("live", fresh ? `${say("track.live")} ${clock(answeredAt)}`
    : say("track.stale", { time: clock(answeredAt) }));
  for (const line of parts("[data-live]")) line.classList.toggle("is-stale", !fresh);
}

const [line] = parts('[data-slot="told"]');

// What became of a press: "done", "lost" or "refused". It stays until the next press.
export function tell(text, kind = "") {
  line.hidden = !text;
  line.textContent = text;
  line.dataset.told = kind;
  line.classList.toggle("banner-good", kind === "done");
  line.classList.toggle("banner-alert", kind !== "done");
}

// The number is in another state: what was done, or may have been, is seen by that.
export function stateIsNews() {
  if (line.dataset.told !== "refused") tell("");
}
