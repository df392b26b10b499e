// The tablet at a counter: follows its centre, asks whom the counter has just served, and hands
// their answer in. A choice keeps its key until it is answered.

import { render } from "/look/vendor/lit.js";
import { newKey } from "/look/js/key.js";
import { speaker } from "/look/js/text.js";
import { takeToken } from "/look/js/token.js";
import { follow } from "/static/feed.js";
import { ask, Refused } from "/static/rate/api.js";
import { closed, heard, START, thanked, ticked } from "/static/rate/flow.js";
import { view } from "/static/rate/view.js";

const LOOK_MS = 5000;
const RETRY_MS = 10_000;
const TICK_MS = 500;
const FAULTS = { already_rated: "rating.already", rating_closed: "rating.closed" };

const page = JSON.parse(document.getElementById("page").textContent);
const root = document.getElementById("rate");
const say = speaker(page.words);
// A key of its own for each counter: hall screens of the same server keep theirs by centre.
const token = await takeToken(`layso.rate.token.${page.counter}`);
const home = document.documentElement.lang;

let language = home;
let state = START;
let centre = null;
let counter = null;
let stale = false;
let looking = 0;
let sent = null; // a choice without an answer: { id, score, key }

const named = (name) => name?.[language] ?? "";

function draw() {
  document.documentElement.lang = language;
  document.title = say(language)("rating.tablet.title");
  render(view({
    state, stale, language, now: Date.now(), say: say(language), act,
    counterName: named(counter?.name), centreName: named(centre?.name),
  }), root);
}

function go(next) {
  if (next === state) return;
  const moved = next.screen !== state.screen;
  state = next;
  // The next person is met in the language of the house again.
  if (moved && state.screen === "idle") language = home;
  draw();
  if (moved && state.screen !== "idle") root.querySelector("h1")?.focus({ preventScroll: true });
}

async function look() {
  clearTimeout(looking);
  try {
    const path = `/centres/${centre.id}/counters/${page.counter}/rating`;
    go(heard(state, (await ask(token, path)).ticket, Date.now()));
  } catch (fault) {
    refusedOrSilent(fault);
  }
  looking = setTimeout(look, LOOK_MS);
}

function refusedOrSilent(fault) {
  if (!(fault instanceof Refused)) return;
  if (fault.status === 401 || fault.status === 403) go({ ...START, screen: "refused" });
  if (fault.code === "unknown_counter") go({ ...START, screen: "unknown" });
}

async function rate(score) {
  if (state.screen !== "ask" || state.busy) return;
  const { id } = state.ticket;
  if (sent?.id !== id || sent.score !== score) sent = { id, score, key: newKey() };
  go({ ...state, busy: true, fault: "" });
  try {
    const command = { key: sent.key, body: { score } };
    await ask(token, `/centres/${centre.id}/tickets/${id}/rating`, command);
    sent = null;
    go(thanked(state, Date.now()));
  } catch (fault) {
    const told = fault instanceof Refused ? FAULTS[fault.code] : null;
    go({ ...state, busy: false, fault: told ?? "rating.tablet.lost" });
    refusedOrSilent(fault);
  }
}

const act = {
  rate,
  skip: () => go(closed(state)),
  speak(code) {
    language = code;
    draw();
  },
};

function setStale(now) {
  if (stale === now) return;
  stale = now;
  draw();
}

async function begin() {
  try {
    const me = await ask(token, "/whoami");
    centre = await ask(token, `/centres/${me.centre}`);
    counter = centre.counters.find(({ id }) => id === page.counter) ?? null;
    if (!counter) return go({ ...START, screen: "unknown" });
  } catch (fault) {
    refusedOrSilent(fault);
    setStale(!(fault instanceof Refused));
    return setTimeout(begin, RETRY_MS);
  }
  setStale(false);
  draw();
  look();
  follow({
    centre: centre.id,
    token: async () => token,
    onUp() {
      setStale(false);
      look();
    },
    onDown: () => setStale(true),
    onChange(change) {
      if (change.counter?.id === page.counter) look();
    },
    onPulse() {},
    onPicture() {},
  });
}

setInterval(() => {
  const next = ticked(state, Date.now());
  if (next !== state) go(next);
  else if (state.screen === "ask") draw();
}, TICK_MS);

draw();
if (token) begin();
else go({ ...START, screen: "refused" });
