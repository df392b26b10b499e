// Commands by the link. A press keeps its key until it is answered, over a reload too: pressing
// again after a lost answer is the same command.

import { newKey } from "/look/js/key.js";

const GIVE_UP_MS = 8000;

export class Refused extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

export class Unanswered extends Error {}

const memory = new Map();

function remember(name, entry) {
  memory.set(name, entry);
  try {
    sessionStorage.setItem(name, JSON.stringify(entry));
  } catch {
    // Storage is switched off: kept for as long as the page is open.
  }
}

function forget(name) {
  memory.delete(name);
  try {
    sessionStorage.removeItem(name);
  } catch {
    // As above.
  }
}

function kept(name) {
  try {
    return memory.get(name) ?? JSON.parse(sessionStorage.getItem(name));
  } catch {
    return null;
  }
}

// What was pressed before and never answered, with the same words, keeps its key.
function keyOf(name, text) {
  const before = kept(name);
  const key = before?.text === text ? before.key : newKey();
  remember(name, { key, text });
  return key;
}

export async function press(track, path, body = {}) {
  const name = `layso.press.${track}.${path}`;
  const text = JSON.stringify(body);
  let answer;
  try {
    answer = await fetch(`/api/v1/track/${track}/${path}`, {
      method: "POST",
      cache: "no-store",
      headers: { "Content-Type": "application/json", "Idempotency-Key": keyOf(name, text) },
      body: text,
      signal: AbortSignal.timeout(GIVE_UP_MS),
    });
    if (answer.status >= 500) throw new Error(`status ${answer.status}`);
    const said = await answer.json();
    if (answer.status !== 429) forget(name);
    if (answer.ok) return said;
    throw new Refused(said.code ?? "other");
  } catch (cause) {
    if (cause instanceof Refused) throw cause;
    throw new Unanswered("no answer", { cause });
  }
}
