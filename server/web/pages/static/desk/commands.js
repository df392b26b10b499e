// One press, one command: what each action sends, and what is said about how it ended.

import { newKey } from "/look/js/key.js";
import { command, Refused, Unreachable } from "/static/api.js";
import { closeAsk } from "/static/desk/asks.js";
import { amend, drop, keep } from "/static/desk/kept.js";
import {
  allows, can, keepable, keptOf, outcomeOf, pictureComes, ready, store, t,
} from "/static/desk/store.js";
import { askWhyHeld } from "/static/desk/holding.js";
import { now } from "/static/times.js";

const SETTLE_MS = 600;
const PATIENCE_MS = 2000;
const LOOK_MS = 50;
// As the server does, where a word would only be refused once it is handed in.
const PERSONAL = /\d(?:[\s.,()+/\u2013-]{0,4}\d){8,}|\S@\S+\.\S/;
const IN_PLACE = new Set(["looks_personal", "reason_incomplete"]); // said where it was typed

// The last command that got no answer. Pressing the same again, with the same number on screen,
// sends the same key: if it had arrived, the server answers what it did then.
let unanswered = null;
let patient = false;

const pathOf = {
  counter: (action) => `/centres/${store.centre.id}/counters/${store.counter.id}/${action}`,
  ticket: (id, action) => `/centres/${store.centre.id}/tickets/${id}/${action}`,
};

function dossiers() {
  return store.dossiers === null ? {} : { dossiers: store.dossiers };
}

// What ends a number says when it was pressed, for it may be handed in later.
function ending(action, more) {
  const outcome = outcomeOf(action);
  const at = { at: new Date(now()).toISOString() };
  if (action === "hold") return { ...more?.body, ...at };
  if (action === "no-show") return at;
  return { ...(outcome ? { outcome } : {}), ...dossiers(), ...at };
}

function request(action, more) {
  const current = store.desk.current?.id;
  if (keepable(action)) {
    const base = outcomeOf(action) ? "finish" : action;
    return [pathOf.ticket(more?.id ?? current, base), ending(action, more)];
  }
  switch (action) {
    case "next":
      return [pathOf.counter(action), { seen: current ?? null, ...(current ? dossiers() : {}) }];
    case "undo":
      return [pathOf.counter(action), { seen: store.desk.undo.id }];
    case "open":
    case "close":
      return [pathOf.counter(action), {}];
    case "pause":
    case "receive":
      return [pathOf.counter(action), more?.body ?? {}];
    case "pause-code":
      return [pathOf.counter("pause"), more.body];
    case "transfer":
      return [pathOf.ticket(more.id, action), more.to];
    case "resume":
      return [pathOf.ticket(more.id, action), { counter: store.counter.id }];
    default:
      return [pathOf.ticket(more?.id ?? current, action), more?.body ?? {}];
  }
}

function situation() {
  const { counter, current, times } = store.desk;
  return JSON.stringify([counter.state, current?.id, current?.state, times]);
}

function keyFor(path, body) {
  const intent = JSON.stringify([path, body, situation()]);
  if (unanswered?.intent !== intent) {
    unanswered = { intent, key: newKey(), situation: situation() };
  }
  return unanswered.key;
}

function said(action, answer, number) {
  const base = outcomeOf(action) ? "finish" : action;
  if (action === "receive") return t("desk.did.receive", { number: answer.number });
  if (action === "hold") return t("desk.held.ask", { number });
  if (action !== "next") return t(`desk.did.${base}`, { number });
  return answer.ticket
    ? t("desk.did.next", { number: answer.ticket.number })
    : t("desk.did.next.none");
}

// What was pressed is not lost because a picture came in at that moment, and is not done to
// another number than the one that was seen.
export async function comes(action, env) {
  if (!store.desk || !pictureComes() || !allows(action)) return false;
  const seen = situation();
  return await patience(action, env) && situation() === seen;
}

async function patience(action, env) {
  if (patient || store.busy) return false;
  patient = true;
  const until = Date.now() + PATIENCE_MS;
  while (!can(action) && Date.now() < until) {
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
  patient = false;
  if (can(action)) return true;
  closeAsk();
  store.fault = { action, code: ready() ? "invalid_transition" : "unreachable" };
  env.redraw();
  return false;
}

function keepIt(action, more, entry, env) {
  const ticket = { id: more?.id ?? store.desk.current.id,
    number: more?.number ?? store.desk.current.number };
  keep({ action: outcomeOf(action) ? "finish" : action, ticket, ...entry });
  closeAsk();
  if (action === "hold") askWhyHeld(ticket);
  env.announce(t("desk.kept.said", { number: ticket.number }));
  env.redraw();
}

// Undo of what was not handed in yet: it never happened.
function dropKept(env) {
  const kept = store.desk.current && keptOf(store.desk.current.id);
  if (!kept) return false;
  drop(kept.key);
  store.holding = null;
  env.announce(t("desk.did.undo"));
  env.redraw();
  return true;
}

// Why a number is held that was not handed in yet goes with its hold.
function amendKept({ id, body }, env) {
  const kept = keptOf(id);
  if (!kept) return false;
  if (PERSONAL.test(body.why ?? "")) store.holding.wrong = "looks_personal";
  else if (amend(kept.key, body)) store.holding = null;
  env.redraw();
  return true;
}

// Where what was typed is, while it is.
const typedIn = (action) => store.ask ?? store.noting ?? (action === "hold-reason" && store.holding);

function failed(action, error, sent, more, env) {
  const refused = error instanceof Refused;
  if (!refused && !(error instanceof Unreachable)) throw error;
  if (refused) unanswered = null;
  if (!refused && keepable(action)) {
    unanswered = null;
    keepIt(action, more, { ...sent, tried: true }, env);
    return env.deliver();
  }
  const typed = typedIn(action);
  if (refused && IN_PLACE.has(error.code) && typed) {
    typed.wrong = error.code;
    return null;
  }
  closeAsk();
  store.fault = { action, code: refused ? error.code : "unreachable" };
  return null;
}

function begun(action, env) {
  store.busy = action;
  if (action !== "hold-reason") store.holding = null;
  store.quietUntil = Date.now() + SETTLE_MS;
  setTimeout(env.redraw, SETTLE_MS + 10);
  env.redraw();
}

export async function run(action, more, env) {
  if (action === "hold-reason" && amendKept(more, env)) return;
  if (more ? !(await patience(action, env)) : !can(action)) return;
  if (action === "undo" && dropKept(env)) return;
  const number = more?.number ?? store.desk.current?.number ?? "";
  const held = action === "hold" && { id: store.desk.current.id, number };
  const [path, body] = request(action, more);
  if (store.link === "down") return keepIt(action, more, { path, body }, env);
  const key = keyFor(path, body);
  begun(action, env);
  try {
    const answer = await command(path, body, { key, csrf: store.session.csrf });
    unanswered = null;
    store.fault = null;
    store.noting = null;
    store.holding = null;
    if (held) askWhyHeld(held);
    if (more) closeAsk();
    env.announce(said(action, answer, number));
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return env.leave();
    failed(action, error, { path, body, key }, more, env);
  } finally {
    store.busy = null;
    store.fresh = false;
    env.refresh();
    env.redraw();
  }
}

// The counter moved on after an unanswered press: it had arrived, there is nothing to send again.
export function settle() {
  if (!unanswered || store.busy || unanswered.situation === situation()) return;
  unanswered = null;
  if (store.fault?.code === "unreachable") store.fault = null;
}

// Calls for help and seats are nobody's queue: they neither wait for the desk's commands nor hold
// them up.
export async function lobbyCommand(action, path, body, { redraw, leave }) {
  if (store.link === "down" || store.helping) return null;
  store.helping = true;
  redraw();
  try {
    const answer = await command(`/centres/${store.centre.id}${path}`, body, {
      key: newKey(), csrf: store.session.csrf,
    });
    if (store.fault?.action === action) store.fault = null;
    return answer;
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return leave();
    if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
    store.fault = { action, code: error instanceof Refused ? error.code : "unreachable" };
    return null;
  } finally {
    store.helping = false;
    redraw();
  }
}
