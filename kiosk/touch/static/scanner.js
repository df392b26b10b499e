// Listens for a scanner that types; a field somebody writes in is put back as it was before.

import { LEAST, QUIET, paused, typed } from "./burst.js";

const FIELDS = "input, textarea";
const PAUSE_MS = 400; // longer than a slow computer takes over the keys that are still to come
const ENDS = new Set(["Enter", "Tab"]);

export function listenToWedge(wanted, onText) {
  let state = QUIET;
  let before = null; // the field and its value when the burst began
  let pause = null;

  function scanned(text) {
    state = QUIET;
    putBack(before);
    onText(text);
  }

  // Set to end with nothing, a scanner would leave a citizen's card in the field for all to read.
  function rested() {
    const text = paused(state);
    if (text !== null) scanned(text);
  }

  addEventListener("keydown", (event) => {
    if (!wanted()) return;
    const field = event.target instanceof Element && event.target.matches(FIELDS) ? event.target : null;
    const done = typed(state, {
      key: event.key,
      at: event.timeStamp,
      repeat: event.repeat,
      command: event.ctrlKey || event.altKey || event.metaKey,
    });
    if (done.state.count === 1) before = field && { field, value: field.value };
    state = done.state;
    clearTimeout(pause);
    pause = setTimeout(rested, PAUSE_MS);
    // In a field a fast key is let through: it is put back once it is known to be a scan.
    if (done.swallow && (!field || ENDS.has(event.key))) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    if (done.text !== null && done.text.length >= LEAST) scanned(done.text);
  }, true);
}

function putBack(before) {
  if (!before || before.field.value === before.value) return;
  before.field.value = before.value;
  before.field.dispatchEvent(new Event("input", { bubbles: true }));
}
