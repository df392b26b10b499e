// One press, one command. Its key is kept until the server has answered, also over a reload: the
// same press is asked about again, never sent anew. What is pressed twice is sent once.

import { newKey } from "/look/js/key.js";
import { command, Refused, Unreachable } from "/static/api.js";
import { store } from "/static/manage/store.js";

const KEPT = "layso.manage.pending";
const AGAIN_MS = 2000;
const ASK_FOR_MS = 60_000;
const SEEN_MS = 5000; // the picture that shows what was done comes before that

let hooks = null;

// What happens after each answer: `redraw`, `refresh`, `leave` and `did(id, answer)`.
export function listen(to) {
  hooks = to;
  try {
    store.pending = JSON.parse(sessionStorage.getItem(KEPT) ?? "{}");
  } catch {
    store.pending = {};
  }
}

function keep() {
  sessionStorage.setItem(KEPT, JSON.stringify(store.pending));
}

export function run(id, path, body = {}) {
  if (store.link !== "up" || store.pending[id] || store.done[id]) return;
  store.fault = null;
  store.pending[id] = { path: `/centres/${store.centre.id}${path}`, body, key: newKey(),
    user: store.session.name, since: Date.now() };
  keep();
  return ask(id);
}

// Ask for the answer to the same command; safe however often.
export async function ask(id) {
  const pending = store.pending[id];
  if (!pending || pending.asking) return;
  pending.asking = true;
  hooks.redraw();
  try {
    const { path, body, key } = pending;
    const answer = await command(path, body, { key, csrf: store.session.csrf });
    drop(id);
    if (id !== "notice") shown(id);
    hooks.did(id, answer);
    hooks.refresh();
  } catch (error) {
    failed(id, pending, error);
  } finally {
    pending.asking = false;
    hooks.redraw();
  }
}

function failed(id, pending, error) {
  if (error instanceof Refused && error.status === 401) return hooks.leave();
  if (error instanceof Refused) {
    drop(id);
    store.fault = { id, code: error.code };
    return hooks.refresh();
  }
  if (!(error instanceof Unreachable)) throw error;
  pending.lost = true;
  if (Date.now() - pending.since < ASK_FOR_MS) setTimeout(() => ask(id), AGAIN_MS);
}

// What was done is not offered again before the page shows that it was.
function shown(id) {
  store.done[id] = true;
  setTimeout(() => {
    delete store.done[id];
    hooks.redraw();
  }, SEEN_MS);
}

export function drop(id) {
  delete store.pending[id];
  keep();
}

// Whoever signed in after another has nothing to ask about: keys belong to people.
export function resume() {
  for (const [id, pending] of Object.entries(store.pending)) {
    if (pending.user !== store.session.name) drop(id);
    else {
      Object.assign(pending, { asking: false, lost: true, since: Date.now() });
      ask(id);
    }
  }
}
