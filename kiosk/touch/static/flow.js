// Where the citizen is on the touch page, and what a touch leads to.
// Pure: (state, event) gives the next state; times are milliseconds that are handed in.

export const TILES = 6;
export const IDLE_MS = 30_000;
export const MORE_TIME_MS = 15_000;
export const IDLE_GUIDED_MS = 30_000; // to listen to the question and find the key
export const TAKE_MS = 12_000; // a slip that is out: time enough to take it
const LATE_SERVICES = 2; // so many services before closing, the server is asked whether it fits
export const COUNTERS_NAMED = 3; // more than so many are told by their area
export const NOTE_MS = 60_000; // no slip yet, or none: time enough to note the number

const QUERY_CHARS = 60;

// The screens on which a number is asked for.
export const ASKED_FROM = new Set(["home", "procedure"]);

export const HOME = {
  screen: "home", // home | find | procedure | offer | issued | problem | scanned
  page: 0,
  language: "vi",
  priority: "none",
  large: false,
  low: false,
  query: "", // what is typed into the search
  accents: false, // whether the keyboard's top row has accents rather than digits
  results: 0, // the page of results
  procedure: null, // the code of the one that is looked at, or that a number is asked for
  guided: false, // spoken guidance is on
  dialog: null, // null | priority | help | idle
  pressing: null, // the service that is being asked for
  offer: null, // what was said before a number is taken: {service, wait, fits, offers, …}
  going: null, // the other centre whose number is being asked for
  issued: null, // the agent's answer: ticket, outcome, mode, message
  problem: null, // {code, service, retry_s, message, elsewhere}
  scan: null, // what a scanned code did: the agent's answer
  rating: null, // of the visit whose slip was scanned: {busy}, {done} or {fault}
  touchedAt: 0,
  askedAt: 0, // when "more time?" was asked
  closesAt: 0, // when the issued screen, or what a scan did, closes by itself
};

const KEPT_WITH_NUMBER = ({ language, large, low, guided, touchedAt }) => ({ language, large, low, guided, touchedAt });

// A citizen left something behind: choices, a page, a message. An untouched home has nothing to lose.
export function isFresh(state) {
  const { screen, page, language, priority, large, low, guided, dialog } = state;
  return (
    screen === "home" && page === 0 && language === "vi" && priority === "none" &&
    !large && !low && !guided && dialog === null
  );
}

export const moreTimeMs = (state) => (state.guided ? IDLE_GUIDED_MS : MORE_TIME_MS);

// Whoever listens has the number for as long as whoever must note it.
function closing(issued, now, guided) {
  return now + (issued.outcome === "printed" && !guided ? TAKE_MS : NOTE_MS);
}

// A paper that is not out, or a question that wants an answer.
const toNote = (scan) =>
  (scan.outcome && scan.outcome !== "printed") || scan.ticket?.can_rate === true;

const NOTHING_ASKED = { problem: null, offer: null, pressing: null, going: null };
const AT_HOME = { screen: "home", query: "", results: 0, accents: false, procedure: null };

// One step back: from what was said about a number, to where it was asked for.
const asked = (state) => (state.procedure ? { screen: "procedure" } : AT_HOME);
const WAY_BACK = {
  home: () => AT_HOME,
  find: () => AT_HOME,
  procedure: () => ({ screen: "find", procedure: null }),
  offer: asked,
  problem: asked,
  issued: () => AT_HOME,
};

const EVENTS = {
  touch: stayed,
  heard: stayed, // time runs from the last word on
  guide: (state, { on, now }) => stayed({ ...state, guided: on }, { now }),
  language: (state, { language }) => ({ ...state, language }),
  large: (state) => ({ ...state, large: !state.large }),
  low: (state) => ({ ...state, low: !state.low }),
  page: (state, { page }) => ({ ...state, page }),
  ask_priority: (state) => ({ ...state, dialog: "priority" }),
  priority: (state, { priority }) => ({ ...state, priority, dialog: null }),
  ask_help: (state) => ({ ...state, dialog: "help" }),
  find: (state) => ({ ...state, screen: "find" }),
  type: (state, { query }) => ({ ...state, query: query.slice(0, QUERY_CHARS), results: 0 }),
  accents: (state) => ({ ...state, accents: !state.accents }),
  results: (state, { page }) => ({ ...state, results: page }),
  open: (state, { procedure }) => ({ ...state, screen: "procedure", procedure }),
  close_dialog: (state) => ({ ...state, dialog: null }),
  // One touch, one number: while one is being asked for, and after it came, others do nothing.
  press: (state, { service }) =>
    state.pressing || !ASKED_FROM.has(state.screen) || state.dialog
      ? state
      : { ...state, pressing: service },
  issued: (state, { answer, now }) => ({
    ...HOME,
    ...KEPT_WITH_NUMBER(state),
    screen: "issued",
    issued: answer,
    closesAt: closing(answer, now, state.guided),
  }),
  // What became of the paper; ignored once the citizen has gone.
  outcome(state, { answer, now }) {
    if (state.screen !== "issued" || state.issued.ticket.id !== answer.ticket.id) return state;
    const changed = answer.outcome !== state.issued.outcome;
    return {
      ...state,
      issued: answer,
      closesAt: changed ? closing(answer, now, state.guided) : state.closesAt,
      touchedAt: changed ? now : state.touchedAt,
    };
  },
  offer: (state, { service, offer }) =>
    state.pressing === service && ASKED_FROM.has(state.screen)
      ? { ...state, pressing: null, screen: "offer", offer: { ...offer, service } }
      : state,
  // From the offer: to the other centre, or with none named a number here after all.
  choose: (state, { service, to }) =>
    state.pressing || state.dialog ? state : { ...state, pressing: service, going: to ?? null },
  // A code that did something, or could not: on a screen of its own for a moment.
  scanned: (state, { scan, now }) => ({
    ...HOME, ...KEPT_WITH_NUMBER(state), screen: "scanned", scan, touchedAt: now,
    closesAt: now + (toNote(scan) ? NOTE_MS : TAKE_MS),
  }),
  // The visit whose slip was scanned is being rated, was, or could not be.
  rating: (state, { rating, now }) =>
    state.screen === "scanned" ? {
      ...state, rating, touchedAt: now, closesAt: now + (rating.done ? TAKE_MS : NOTE_MS),
    } : state,
  // A citizen's card: a line on the home screen; a group that was chosen stays.
  noted: (state, { scan, now }) => ({
    ...state, scan, dialog: null, touchedAt: now, closesAt: now + TAKE_MS,
    priority: scan.elderly && state.priority === "none" ? "elderly" : state.priority,
  }),
  problem: (state, { problem }) => ({
    ...state, pressing: null, going: null, screen: "problem", problem,
  }),
  back: (state) => ({ ...state, ...WAY_BACK[state.screen](state), ...NOTHING_ASKED }),
  reset: (state, { now }) => ({ ...HOME, touchedAt: now ?? state.touchedAt }),
  more_time: (state, { now }) => ({ ...state, dialog: null, touchedAt: now }),
  tick,
};

function stayed(state, { now }) {
  const listening = state.screen === "issued" && state.guided;
  const closesAt = listening ? Math.max(state.closesAt, now + NOTE_MS) : state.closesAt;
  return { ...state, touchedAt: now, closesAt };
}

function tick(state, { now }) {
  if (state.screen === "issued" || state.screen === "scanned") {
    return now >= state.closesAt ? EVENTS.reset(state, { now }) : state;
  }
  if (state.scan && now >= state.closesAt) return { ...state, scan: null };
  if (state.pressing || isFresh(state)) return state;
  if (state.dialog === "idle") {
    return now - state.askedAt >= moreTimeMs(state) ? EVENTS.reset(state, { now }) : state;
  }
  return now - state.touchedAt >= IDLE_MS ? { ...state, dialog: "idle", askedAt: now } : state;
}

export function next(state, event) {
  return EVENTS[event.type](state, event);
}

// Whether to ask, before a number is taken, for the way elsewhere and the rest of the day.
export function asksFirst(view, service, priority, at) {
  if (!service || view.offline) return false;
  if (service.anywhere && priority === "none") return true;
  const likely_s = view.board[service.id]?.likely_s ?? null;
  if (likely_s === null || !view.centre.closes_at) return false;
  const left_s = (Date.parse(view.centre.closes_at) - at) / 1000;
  return likely_s + LATE_SERVICES * service.typical_service_min * 60 > left_s;
}

// Whether what was said is worth a screen of its own; a day's last number is given or refused.
export function worthSaying(offer) {
  if (!offer || offer.left === 0) return false;
  return offer.offers.length > 0 || !offer.fits;
}

// The pages of tiles: at most six a screen, in the order the centre gave them.
export function pageOf(services, page) {
  const last = Math.max(0, Math.ceil(services.length / TILES) - 1);
  const at = Math.min(page, last);
  const from = at * TILES;
  return {
    at,
    tiles: services.slice(from, from + TILES),
    rest: services.slice(from + TILES),
    before: at > 0,
  };
}

// How a service's load is told: the name of its words, or "wait" with figures.
export function loadKind(load) {
  if (!load) return "still_open";
  if (load.likely_s === null) return "no_counter";
  return load.waiting === 0 && load.likely_s < 60 ? "no_wait" : "wait";
}

// What hides the tiles, if anything: the agent silent, never connected, or the house closed.
export function barrier(view, silent) {
  if (silent) return "silent";
  if (!view) return "starting";
  if (!view.ready || !view.centre) return "not_ready";
  if (!view.centre.tickets) return "closed";
  return null;
}

const dayOf = (iso) => iso.slice(0, 10);
const minuteOf = (iso) => Number(iso.slice(11, 13)) * 60 + Number(iso.slice(14, 16));
const LUNCH_FROM_MIN = 10 * 60 + 30;
const LUNCH_TO_MIN = 14 * 60 + 30;

// Closed how: lunch, before the first session, or for the day; times as the centre's clock shows.
export function closedKind(now, opensAt) {
  if (!opensAt) return "unknown";
  if (dayOf(now) !== dayOf(opensAt)) return "day";
  const noon = minuteOf(now) >= LUNCH_FROM_MIN && minuteOf(opensAt) <= LUNCH_TO_MIN;
  return noon ? "lunch" : "early";
}
