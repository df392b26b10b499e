// Keeps the citizen's page true: asks every few seconds, fills the slots, shows the right part.

import { readJson, say } from "/static/words.js";

const SEEN_MS = 4000;
const HIDDEN_MS = 20000;
const ENDED_MS = 60000;
const ENDED = new Set(["served", "cancelled"]);
const PLACES = 6;

const words = readJson("words");
const body = document.body;
const language = document.documentElement.lang;
const shows = (selector) => document.querySelectorAll(selector);

let answeredAt = Date.now();
let timer = 0;

function clock(at) {
  return new Date(at).toLocaleTimeString("vi-VN", {
    hour: "2-digit",
    minute: "2-digit",
    timeZone: body.dataset.zone, // a visitor's phone may be set to another zone
  });
}

function fill(name, text) {
  for (const slot of shows(`[data-slot="${name}"]`)) {
    if (slot.textContent !== text) slot.textContent = text;
  }
}

function waitText(wait) {
  if (!wait) return say(words, "track.wait.unknown");
  const low = Math.round(wait.likely_s / 60);
  const high = Math.ceil(wait.high_s / 60);
  if (high <= 1) return say(words, "track.wait.soon");
  if (low < 1 || low >= high) return say(words, "track.wait.about", { high });
  return say(words, "track.wait.range", { low, high });
}

function showAhead(ahead) {
  body.dataset.ahead = ahead ?? "";
  for (const part of shows("[data-for-ahead]")) {
    part.hidden = (part.dataset.forAhead === "none") !== (ahead === 0);
  }
  fill("ahead", ahead === null ? "–" : String(ahead));
  fill("people", say(words, ahead === 1 ? "track.ahead.one" : "track.ahead"));
  const pips = document.querySelector(".pips");
  const dots = Math.min(ahead ?? 0, PLACES);
  while (pips.children.length > dots + 2) pips.children[1].remove();
  while (pips.children.length < dots + 2) {
    pips.insertBefore(document.createElement("li"), pips.lastElementChild);
  }
}

function noteText(kind, counter) {
  const nowhere = kind === "on_hold" && counter === "";
  return say(words, `track.${kind}.note${nowhere ? ".nowhere" : ""}`, { counter });
}

function show(ticket) {
  const counter = ticket.counter ? String(ticket.counter.number) : "";
  fill("counter", counter);
  fill("zone", ticket.zone ? ticket.zone[language] : "");
  fill("wait", waitText(ticket.wait));
  fill("ended", ticket.ended_at ? `${say(words, "track.at")} ${clock(ticket.ended_at)}` : "");
  showAhead(ticket.ahead);
  for (const kind of ["serving", "on_hold", "served", "no_show", "cancelled"]) {
    fill(`note-${kind}`, noteText(kind, counter));
  }
  if (body.dataset.state === ticket.state) return;
  body.dataset.state = ticket.state;
  for (const part of shows("[data-for]")) {
    const wanted = part.dataset.for;
    part.hidden = wanted === "other" ? ticket.state === "called" : wanted !== ticket.state;
  }
  const title = document.querySelector("main:not([hidden]) :is(h2, .p-call h1):not([hidden] *)");
  fill("said", `${ticket.number}. ${title ? title.textContent : ""}`);
  if (ticket.state === "called") navigator.vibrate?.([300, 150, 300]);
}

function showLive(fresh) {
  const text = fresh
    ? `${say(words, "track.live")} ${clock(answeredAt)}`
    : say(words, "track.stale", { time: clock(answeredAt) });
  fill("live", text);
  for (const line of shows("[data-live]")) line.classList.toggle("is-stale", !fresh);
}

async function ask() {
  clearTimeout(timer);
  let ended = false;
  try {
    const answer = await fetch(`/api/v1/track/${body.dataset.track}`, {
      cache: "no-store",
      signal: AbortSignal.timeout(8000),
    });
    if (answer.status === 404) return location.reload();
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const ticket = await answer.json();
    answeredAt = Date.now();
    ended = ENDED.has(ticket.state);
    show(ticket);
    showLive(true);
  } catch {
    // The number is still valid; say how old this picture is, and ask again.
    showLive(false);
  }
  timer = setTimeout(ask, document.hidden ? HIDDEN_MS : ended ? ENDED_MS : SEEN_MS);
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) ask();
});
timer = setTimeout(ask, SEEN_MS);
