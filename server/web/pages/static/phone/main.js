// The citizen's page: asks every few seconds how the number stands, and sends what is pressed.

import { makeAlerts } from "/static/phone/alerts.js";
import { press, Refused } from "/static/phone/press.js";
import { parts, say, show, showLive, stateIsNews, tell } from "/static/phone/show.js";
import { readJson } from "/static/words.js";

const NEAR_MS = 4000; // called, or a few people before one: 15 times a minute of the 60 allowed
const FAR_MS = 8000;
const HIDDEN_MS = 20_000;
const ENDED_MS = 60_000;
const GIVE_UP_MS = 8000;
const NEAR = 3;
const ENDED = new Set(["served", "cancelled"]);
const PATHS = { step_back: "step-back", coming: "coming", cancel: "cancel", rate: "rating" };
const FAULTS = {
  invalid_transition: "track.fault.changed",
  no_steps_left: "track.step_back.none",
  too_many_requests: "track.fault.often",
  already_rated: "rating.already",
  rating_closed: "rating.closed",
};

const body = document.body;
const { track } = body.dataset;

let ticket = readJson("ticket");
let answeredAt = Date.now();
let timer = 0;
let asked = 0; // questions and presses so far: an answer older than the last press is not shown
let busy = false;
let pauseMs = 0;
let rating = null;

const alert = makeAlerts(ticket);

function take(found) {
  ticket = found;
  answeredAt = Date.now();
  const changed = show(ticket);
  prepareRating();
  showLive(answeredAt, true);
  alert(ticket);
  if (!changed) return;
  closeSheets();
  stateIsNews();
  scrollTo(0, 0);
}

function nextIn() {
  if (pauseMs) return pauseMs;
  if (document.hidden) return HIDDEN_MS;
  if (ENDED.has(ticket.state)) return ENDED_MS;
  const near = ticket.state !== "waiting" || ticket.ahead === null || ticket.ahead <= NEAR;
  return near ? NEAR_MS : FAR_MS;
}

async function ask() {
  clearTimeout(timer);
  const mine = ++asked;
  pauseMs = 0;
  try {
    const answer = await fetch(`/api/v1/track/${track}`, {
      cache: "no-store",
      signal: AbortSignal.timeout(GIVE_UP_MS),
    });
    if (answer.status === 404) return location.reload();
    if (answer.status === 429) pauseMs = 1000 * Number(answer.headers.get("Retry-After") ?? 60);
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const found = await answer.json();
    if (mine === asked && !busy) take(found);
  } catch {
    // The number is still valid; say how old this picture is, and ask again.
    if (mine === asked) showLive(answeredAt, false);
  }
  if (mine === asked) timer = setTimeout(ask, nextIn());
}

// The form's script is for the end of a visit: who waits does not load it.
async function prepareRating() {
  if (rating || !ticket.can.includes("rate")) return;
  rating = import("/static/phone/rate.js");
  try {
    (await rating).listenToRating((given) => send("rate", given));
  } catch {
    rating = null; // No line: with the next answer it is asked for again.
  }
}

function closeSheets() {
  for (const sheet of parts("dialog[open]")) sheet.close();
}

function setBusy(now) {
  busy = now;
  body.toggleAttribute("data-busy", now);
  for (const key of parts("[data-press], [data-confirm], [data-send]")) {
    key.setAttribute("aria-disabled", String(now));
  }
}

async function send(action, what) {
  if (busy) return;
  setBusy(true);
  tell("");
  try {
    const found = await press(track, PATHS[action], what);
    closeSheets();
    asked += 1;
    take(found);
    if (action === "step_back") {
      tell(say("track.step_back.done", { number: found.number }), "done");
    }
  } catch (fault) {
    closeSheets();
    if (fault instanceof Refused) tell(say(FAULTS[fault.code] ?? "track.fault.other"), "refused");
    else tell(say("track.fault.lost"), "lost");
  } finally {
    setBusy(false);
    ask(); // The truth of this moment: a repeated command answers as it did the first time.
  }
}

function onPress({ currentTarget: key }) {
  if (busy) return;
  const sheet = document.querySelector(`dialog[data-sheet="${key.dataset.press}"]`);
  if (!sheet) return send(key.dataset.press);
  tell("");
  sheet.showModal();
}

for (const key of parts("[data-press]")) key.addEventListener("click", onPress);
for (const key of parts("[data-confirm]")) {
  key.addEventListener("click", () => send(key.dataset.confirm));
}
for (const key of parts("[data-keep]")) key.addEventListener("click", closeSheets);
for (const sheet of parts("dialog")) {
  sheet.addEventListener("click", (event) => event.target === sheet && sheet.close());
}
show(ticket);
prepareRating();
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) ask();
});
addEventListener("online", ask);
addEventListener("offline", () => showLive(answeredAt, false));
timer = setTimeout(ask, nextIn());
