// Endings that were pressed while the server was away: kept on this machine, each with its key,
// its ticket and its time, and handed in before anything else once the server is back.
// They are of one account at one counter, and of nobody else.

import { newKey } from "/look/js/key.js";
import { command, Refused, Unreachable } from "/static/api.js";
import { isMine, keptWaiting, store } from "/static/desk/store.js";

const KEPT = "layso.kept";

function readKept() {
  try {
    const list = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(list) ? list : [];
  } catch {
    return store.kept;
  }
}

function save(list) {
  store.kept = list;
  try {
    localStorage.setItem(KEPT, JSON.stringify(list));
  } catch {
    // No storage: they live as long as the page.
  }
}

// Another tab may have handed in, or kept, in the meantime.
export function recall() {
  store.kept = readKept();
}

export function keep({ action, ticket, path, body, key = newKey(), tried = false }) {
  save([...readKept(), {
    key, action, path, body, tried, ticket: ticket.id, number: ticket.number, at: body.at,
    who: store.session.name, centre: store.centre.id, counter: store.counter.id, refused: null,
  }]);
}

// More of one that was not handed in yet; whether it could still be said.
export function amend(key, more) {
  const entry = readKept().find((one) => one.key === key);
  if (!entry || entry.tried || entry.refused) return false;
  mark(key, { body: { ...entry.body, ...more } });
  return true;
}

export function drop(key) {
  save(readKept().filter((one) => one.key !== key));
}

function mark(key, change) {
  save(readKept().map((one) => (one.key === key ? { ...one, ...change } : one)));
}

export const keptRefusals = () => store.kept.filter((one) => isMine(one) && one.refused);

// One after the other, each with the same key until it is answered. Whether all were.
async function handInAll() {
  for (;;) {
    recall();
    const [entry] = keptWaiting();
    if (!entry) return true;
    mark(entry.key, { tried: true });
    try {
      await command(entry.path, entry.body, { key: entry.key, csrf: store.session.csrf });
      drop(entry.key);
    } catch (error) {
      if (error instanceof Unreachable || error.status === 429) return false;
      if (!(error instanceof Refused) || error.status === 401) throw error;
      // The session was renewed meanwhile: the next try has its new guard.
      if (error.code === "csrf") return false;
      mark(entry.key, { refused: error.code });
    }
  }
}

// Two tabs of one desk hand in one after the other. The second may still read the list as it was
// (a browser carries it between tabs a moment later, or has no locks): the key makes that harmless.
export function handIn() {
  return navigator.locks ? navigator.locks.request(KEPT, handInAll) : handInAll();
}

export function whenOthersKeep(redraw) {
  window.addEventListener("storage", (event) => {
    if (event.key !== KEPT) return;
    recall();
    redraw();
  });
}
