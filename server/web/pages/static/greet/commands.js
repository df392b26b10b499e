// One press, one command. Its key is kept until the server has answered, also over a reload: what
// was sent once is asked about, never sent anew.

import { newKey } from "/look/js/key.js";
import { command, Refused, Unreachable } from "/static/api.js";
import { store } from "/static/greet/store.js";

const KEPT = "layso.greet.pending";
const SETTLE_MS = 700;
const AGAIN_MS = 2000;
const ASK_FOR_MS = 60_000;

let hooks = null;
let timer = 0;

// What happens after each answer: `redraw`, `refresh`, `leave`, and `done(pending, answer)`.
export function listen(to) {
  hooks = to;
  try {
    store.pending = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  } catch {
    store.pending = null;
  }
}

function keep() {
  if (store.pending) sessionStorage.setItem(KEPT, JSON.stringify(store.pending));
  else sessionStorage.removeItem(KEPT);
}

export function run(action, path, body, more = {}) {
  if (store.pending) return;
  store.fault = null;
  store.pending = {
    action, path, body, ...more, key: newKey(), user: store.session.name, since: Date.now(),
  };
  keep();
  return ask();
}

// Ask for the answer to the same command; safe however often.
export async function ask() {
  const { pending } = store;
  clearTimeout(timer);
  if (!pending || pending.asking) return;
  pending.asking = true;
  hooks.redraw();
  try {
    const path = `/centres/${store.session.centre}${pending.path}`;
    settle(pending, await command(path, pending.body, {
      key: pending.key, csrf: store.session.csrf,
    }));
  } catch (error) {
    failed(pending, error);
  } finally {
    pending.asking = false;
    hooks.redraw();
  }
}

function settle(pending, answer) {
  store.pending = null;
  store.quietUntil = Date.now() + SETTLE_MS;
  setTimeout(hooks.redraw, SETTLE_MS + 10);
  keep();
  hooks.done(pending, answer);
  hooks.refresh();
}

function failed(pending, error) {
  if (error instanceof Refused && error.status === 401) return hooks.leave();
  if (error instanceof Refused) {
    store.pending = null;
    keep();
    store.fault = { action: pending.action, code: error.code, number: pending.number ?? "" };
    return hooks.refresh();
  }
  if (!(error instanceof Unreachable)) throw error;
  pending.lost = true;
  if (Date.now() - pending.since < ASK_FOR_MS) timer = setTimeout(ask, AGAIN_MS);
}

// The greeter gives it up: it may have been done, and is then among the newest numbers.
export function drop() {
  clearTimeout(timer);
  store.pending = null;
  keep();
  hooks.refresh();
  hooks.redraw();
}

// Whoever signed in after another has nothing to ask about: keys belong to people.
export function resume() {
  if (store.pending && store.pending.user !== store.session.name) drop();
  else if (store.pending) {
    store.pending = { ...store.pending, asking: false, lost: true, since: Date.now() };
    ask();
  }
}

// Calls for help are nobody's queue: they neither wait for other commands nor hold them up.
export async function answerHelp(call, action) {
  if (store.link !== "up" || store.helping) return;
  store.helping = true;
  hooks.redraw();
  try {
    await command(`/centres/${store.session.centre}/help/${call.id}/${action}`, {}, {
      key: newKey(), csrf: store.session.csrf,
    });
    store.fault = null;
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return hooks.leave();
    if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
    const code = error instanceof Refused ? error.code : "unreachable";
    store.fault = { action: `help.${action}`, code, number: "" };
  } finally {
    store.helping = false;
    hooks.redraw();
  }
}
