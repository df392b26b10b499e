// The touch page: asks the agent, listens to touches, draws.

import { render } from "/look/vendor/lit.js";
import { speaker } from "/look/js/text.js";
import { callStaff, copy, fetchOffer, fetchTicket, fetchView, needNobody, press, redirect } from "./agent.js";
import { hear } from "./happenings.js";
import { ASKED_FROM, HOME, asksFirst, next, worthSaying } from "./flow.js";
import { createGuide } from "./guide.js";
import { Procedures } from "./procedures.js";
import { sendRating } from "./rating.js";
import { screenOf, view } from "./view.js";

const VIEW_MS = 2000;
const OUTCOME_MS = 700;
const SILENT_AFTER = 3; // unanswered polls in a row

const words = JSON.parse(document.getElementById("words").textContent);
const say = speaker(words);
const now = () => performance.now();

let state = { ...HOME };
const underway = new Set(); // questions to the agent that are not answered yet

function once(name, question) {
  return async () => {
    if (underway.has(name)) return;
    underway.add(name);
    try {
      await question();
    } finally {
      underway.delete(name);
    }
  };
}

const page = {
  view: null,
  silent: false,
  unanswered: 0,
  skew: 0,
  copying: false,
  help: null, // asking | desk | null: what only this page knows of a call for staff
  procedures: new Procedures(),
  logo: document.documentElement.dataset.logo ?? null,
};

function go(event) {
  const before = { ...state, name: screenOf({ ...state, ...page }) };
  state = next(state, { now: now(), ...event });
  draw();
  focus(before);
}

// After a screen or dialog changes, the keyboard stands at its beginning.
function focus(before) {
  const name = screenOf({ ...state, ...page });
  if (state.dialog !== before.dialog) {
    const id = state.dialog ? "dialog-first" : OPENED_BY[before.dialog];
    (document.getElementById(id) ?? document.querySelector("h1"))?.focus();
  } else if (name !== before.name || state.page !== before.page) {
    document.querySelector(name === "find" ? "#query" : "h1")?.focus();
  }
}

const OPENED_BY = { priority: "choose-priority", help: "call-staff" };

async function ask(service) {
  if (state.pressing || !ASKED_FROM.has(state.screen) || state.dialog) return;
  go({ type: "press", service });
  const known = page.view?.centre?.services.find((one) => one.id === service);
  const first = asksFirst(page.view, known, state.priority, Date.now() + page.skew);
  const offer = first ? await fetchOffer(service, state.priority) : null;
  if (worthSaying(offer)) go({ type: "offer", service, offer });
  else await finish(await press(service, state.priority, state.language, state.procedure));
}

// A number here after all: from the offer, or where the other centre gave none.
async function stay() {
  const service = (state.offer ?? state.problem)?.service;
  if (state.pressing || state.dialog || !service) return;
  go({ type: "choose", service });
  await finish(await press(service, state.priority, state.language, state.procedure));
}

async function goThere() {
  if (state.pressing || state.dialog || state.screen !== "offer") return;
  const { service, offers } = state.offer;
  const to = offers[0].centre;
  go({ type: "choose", service, to });
  const { answer, problem } = await redirect(service, to, state.language, state.procedure);
  if (problem) go({ type: "problem", problem: { ...problem, elsewhere: true } });
  else go({ type: "issued", answer });
}

async function finish({ answer, problem }) {
  if (problem?.code === "centre_closed") {
    await refresh();
    go({ type: "back" });
  } else if (problem) go({ type: "problem", problem });
  else go({ type: "issued", answer });
}

async function follow() {
  const id = state.issued?.ticket.id;
  if (!id || state.issued.outcome === "printed") return;
  try {
    go({ type: "outcome", answer: await fetchTicket(id) });
  } catch {
    draw(); // the number stays on screen; the paper's fate is asked again
  }
}

async function printAgain() {
  page.copying = true;
  draw();
  try {
    const answer = await copy(state.issued.ticket.id);
    if (answer) go({ type: "outcome", answer });
  } finally {
    page.copying = false;
    draw();
  }
}

// Called once, however often it is touched; what the agent knows of it comes with the view.
async function help() {
  go({ type: "ask_help" });
  if ((page.view?.help ?? "clear") !== "clear") return;
  page.help = "asking";
  draw();
  const called = await callStaff();
  if (called) await refresh();
  page.help = called ? null : "desk";
  draw();
}

async function rate(score) {
  const id = state.scan?.ticket?.id;
  if (!id || state.rating?.busy || state.rating?.done) return;
  go({ type: "rating", rating: { busy: true } });
  const rating = await sendRating(id, score);
  if (state.scan?.ticket?.id === id) go({ type: "rating", rating });
}

async function noHelp() {
  go({ type: "close_dialog" });
  await needNobody();
  await refresh();
}

const helped = (before, after) => (before?.help ?? "clear") !== "clear" && after.help === "clear";

function prepare(changed) {
  if (!changed) return;
  draw();
  requestIdleCallback(() => page.procedures.prepare());
}

function take(fresh) {
  page.view = fresh;
  page.skew = Date.parse(fresh.clock.now) - Date.now();
}

async function refresh() {
  try {
    const fresh = await fetchView();
    page.unanswered = 0;
    page.silent = false;
    if (fresh) {
      if (state.dialog === "help" && helped(page.view, fresh)) go({ type: "close_dialog" });
      take(fresh);
    }
    page.procedures.follow(page.view?.procedures).then(prepare, () => {}); // else at the next view
  } catch {
    page.unanswered += 1;
    page.silent = page.unanswered >= SILENT_AFTER;
  }
  draw();
}

const act = {
  press: ask,
  stay,
  go_there: goThere,
  copy: printAgain,
  help,
  no_help: noHelp,
  rate,
  type: (query) => go({ type: "type", query }),
  results: (at) => go({ type: "results", page: at }),
  open: (procedure) => go({ type: "open", procedure }),
  language: (language) => go({ type: "language", language }),
  priority: (priority) => go({ type: "priority", priority }),
  page: (at) => go({ type: "page", page: at }),
};
const PLAIN = ["large", "low", "ask_priority", "close_dialog", "find", "accents", "back", "reset", "more_time"];
for (const type of PLAIN) {
  act[type] = () => go({ type });
}

const guide = createGuide(go);
act.guide = () => guide.toggle();

function draw() {
  const { language } = state;
  const other = language === "vi" ? "en" : "vi";
  const name = screenOf({ ...state, ...page });
  document.documentElement.lang = language;
  document.title = say(language)("kiosk.title");
  document.body.className = [
    "kiosk",
    state.large ? "is-large" : "",
    state.guided ? "is-guided" : "",
    state.low && name !== "issued" ? "is-low" : "",
    name === "issued" ? "k-dark" : "",
  ].filter(Boolean).join(" ");
  const shown = {
    ...state,
    ...page,
    name,
    act,
    now: now(),
    at: Date.now() + page.skew,
    say: say(language),
    sayOther: say(other),
    has: (key) => key in words[language],
  };
  render(view(shown), document.body);
  guide.drawn(shown);
}

for (const kind of ["pointerdown", "keydown"]) {
  document.addEventListener(kind, () => (state = next(state, { type: "touch", now: now() })), true);
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && state.dialog) go({ type: "more_time" });
});
document.addEventListener("contextmenu", (event) => event.preventDefault());

hear({ look: () => state, go, fetchTicket, listens: () => page.view?.scanner === "keyboard" });
setInterval(() => go({ type: "tick" }), 500);
setInterval(once("view", refresh), VIEW_MS);
setInterval(once("outcome", follow), OUTCOME_MS);

// What the page came with is shown at once, on a slow computer before anything is asked.
const first = JSON.parse(document.getElementById("view").textContent);
if (first) {
  take(first);
  draw();
}
refresh();
