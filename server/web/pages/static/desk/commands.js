// One press, one command: what each action sends, and what is said about how it ended.

import { command, newKey, Refused, Unreachable } from "/static/desk/api.js";
import { can, store, t } from "/static/desk/store.js";

const SETTLE_MS = 600;

// The last command that got no answer. Pressing the same again, with the same number on screen,
// sends the same key: if it had arrived, the server answers what it did then.
let unanswered = null;

function request(action, more) {
  const counter = `/centres/${store.centre.id}/counters/${store.counter.id}`;
  const ticket = (id) => `/centres/${store.centre.id}/tickets/${id}`;
  const current = store.desk.current?.id;
  switch (action) {
    case "next":
    case "undo":
    case "pause":
    case "open":
    case "close":
      return [`${counter}/${action}`, {}];
    case "transfer":
      return [`${ticket(more.id)}/transfer`, more.to];
    case "resume":
      return [`${ticket(more.id)}/resume`, { counter: store.counter.id }];
    default:
      return [`${ticket(current)}/${action}`, {}];
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

function outcome(action, answer, number) {
  if (action !== "next") return t(`desk.did.${action}`, { number });
  return answer.ticket
    ? t("desk.did.next", { number: answer.ticket.number })
    : t("desk.did.next.none");
}

export async function run(action, more, { redraw, refresh, announce, leave }) {
  if (!can(action)) return;
  const number = more?.number ?? store.desk.current?.number ?? "";
  const [path, body] = request(action, more);
  const key = keyFor(path, body);
  store.busy = action;
  store.quietUntil = Date.now() + SETTLE_MS;
  setTimeout(redraw, SETTLE_MS + 10);
  redraw();
  try {
    const answer = await command(path, body, { key, csrf: store.session.csrf });
    unanswered = null;
    store.fault = null;
    announce(outcome(action, answer, number));
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return leave();
    if (error instanceof Refused) unanswered = null;
    else if (!(error instanceof Unreachable)) throw error;
    store.fault = { action, code: error instanceof Refused ? error.code : "unreachable" };
  } finally {
    store.busy = null;
    store.fresh = false;
    refresh();
    redraw();
  }
}

// The counter moved on after an unanswered press: it had arrived, there is nothing to send again.
export function settle() {
  if (!unanswered || store.busy || unanswered.situation === situation()) return;
  unanswered = null;
  if (store.fault?.code === "unreachable") store.fault = null;
}
