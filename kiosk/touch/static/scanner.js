// Listens for a scanner that types; a field somebody writes in is put back as it was before.

import { LEAST, QUIET, typed } from "./burst.js";

const FIELDS = "input, textarea";

export function listenToWedge(wanted, onText) {
  let state = QUIET;
  let before = null; // the field and its value when the burst began
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
    // In a field a fast key is let through: it is put back once it is known to be a scan.
    if (done.swallow && (!field || event.key === "Enter")) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    if (done.text !== null && done.text.length >= LEAST) {
      putBack(before);
      onText(done.text);
    }
  }, true);
}

function putBack(before) {
  if (!before || before.field.value === before.value) return;
  before.field.value = before.value;
  before.field.dispatchEvent(new Event("input", { bubbles: true }));
}
