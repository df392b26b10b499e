// The token of a page on a device: handed over once in the address, or taken for the one-time code
// that is there; kept, and stripped from the address.

import { newKey } from "/look/js/key.js";

const TRIES = 4;
const PAUSE_MS = 1500;

// A lost answer is asked for again under the same key: the code is spent once, for one token.
async function enrolled(code) {
  const key = newKey();
  for (let left = TRIES; left > 0; left -= 1) {
    try {
      const answer = await fetch("/api/v1/enrol", {
        method: "POST",
        headers: { "Content-Type": "application/json", "Idempotency-Key": key },
        body: JSON.stringify({ code }),
      });
      const body = await answer.json();
      if (answer.ok) return body.role === "hall" ? body.token : null;
      if (answer.status < 500) return null;
    } catch {
      // Not there yet, or the answer was lost.
    }
    await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
  return null;
}

// `key` names where this page keeps its token: several pages of one server do.
export async function takeToken(key) {
  const handed = new URLSearchParams(location.hash.slice(1));
  const code = handed.get("code");
  if (handed.has("token") || code) {
    history.replaceState(null, "", location.pathname + location.search);
  }
  const given = handed.get("token") || (code ? await enrolled(code) : null);
  if (given) localStorage.setItem(key, given);
  return given || localStorage.getItem(key);
}
