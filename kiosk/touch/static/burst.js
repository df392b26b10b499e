// A scanner that types (a wedge) tells itself from a person by its speed: a burst of keys, each
// within milliseconds of the last, ended by Enter, Tab or nothing. Pure: keys and their moments
// come in.

export const GAP_MS = 40; // people who type fast stay above it for all but a pair of keys
export const END_MS = 120; // some scanners take a breath before Enter
export const LEAST = 8; // no person types so many keys so fast
export const MOST = 2048;
const SURE = 3; // so many fast keys in a row: keep them from buttons (a space presses one)

export const QUIET = { text: "", at: -Infinity, count: 0 };

const PASSED = new Set(["Shift", "CapsLock", "NumLock", "Dead", "Process", "Unidentified", "Compose"]);

// (state, {key, at, repeat, command}) gives {state, text, swallow}: `text` once a scan is whole,
// `swallow` where the key is the scanner's and nobody else may act on it.
export function typed(state, { key, at, repeat = false, command = false }) {
  const fast = at - state.at <= GAP_MS;
  if (repeat) return { state: QUIET, text: null, swallow: false };
  // Letters that the scanner's keyboard lacks come as other keys; a burst goes on over them.
  if (command || PASSED.has(key)) return passed(state, at, fast);
  if (key === "Enter" || key === "Tab") return ended(state, at);
  if ([...key].length !== 1) return { state: QUIET, text: null, swallow: false };
  const count = fast ? state.count + 1 : 1;
  const text = (fast ? state.text : "") + (count > MOST ? "" : key);
  return { state: { text, at, count }, text: null, swallow: count > SURE };
}

function passed(state, at, fast) {
  const sure = fast && state.count >= SURE;
  return { state: fast ? { ...state, at } : QUIET, text: null, swallow: sure };
}

// What a burst was that nothing came after; null where it was no scan.
export function paused({ text, count }) {
  return count >= LEAST && count <= MOST ? text : null;
}

function ended(state, at) {
  const whole = state.count >= LEAST && at - state.at <= END_MS;
  const text = whole && state.count <= MOST ? state.text : null;
  return { state: QUIET, text, swallow: whole };
}
