// The clerk's keys. They rest while a text field or a dialog has the keyboard.

const LETTERS = {
  r: "recall", k: "no-show", c: "transfer", g: "hold", h: "finish", b: "start", p: "pause",
};

function letter(event) {
  if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
  // A Vietnamese keyboard may be composing; the key itself is still known.
  return /^Key[A-Z]$/.test(event.code) ? event.code[3].toLowerCase() : "";
}

function actionOf(event) {
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
    return letter(event) === "z" ? "undo" : null;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  if (event.code === "Space" || event.key === "F9") return "next";
  return LETTERS[letter(event)] ?? null;
}

function rests(event) {
  return event.target.closest?.("input, textarea, select, dialog, summary, [contenteditable]");
}

export function listenToKeys(press) {
  document.addEventListener("keydown", (event) => {
    const action = actionOf(event);
    if (!action || event.defaultPrevented || rests(event)) return;
    if (document.querySelector("dialog[open]")) return;
    const control = event.target.closest?.("button, a");
    // Whoever walks by Tab and presses Space means the control that has the ring.
    if (event.code === "Space" && control?.matches(":focus-visible")) return;
    event.preventDefault();
    if (!event.repeat) press(action);
  });
  // After a click the ring stays nowhere, so that Space calls the next number and nothing else.
  document.addEventListener("click", (event) => {
    if (event.detail > 0) event.target.closest?.("[data-action]")?.blur();
  });
}
