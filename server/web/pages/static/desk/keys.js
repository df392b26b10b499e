// The clerk's keys. They rest while a text field has the keyboard; a dialog has its own.

import { askKey } from "/static/desk/asks.js";
import { actionOf } from "/static/desk/keymap.js";
import { can } from "/static/desk/store.js";

const WRITES = "input, textarea, select, [contenteditable]";

// In a dialog, a figure means the choice that shows it.
function inDialog(event, dialog) {
  if (askKey(event)) return event.preventDefault();
  if (event.target.closest?.(WRITES) || event.ctrlKey || event.altKey || event.metaKey) return;
  const figure = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  const choice = figure && dialog.querySelector(`[data-key="${figure}"]:not([disabled])`);
  if (!choice) return;
  event.preventDefault();
  if (!event.repeat) choice.click();
}

// A figure that stands on the page chooses what shows it, where no action has that key now.
function onPage(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return false;
  const figure = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  const choice = figure && document.querySelector(`[data-figures] [data-key="${figure}"]`);
  if (!choice) return false;
  event.preventDefault();
  if (!event.repeat) choice.click();
  return true;
}

// Up and down among the entries of the menu, over those that are off.
function inMenu(event) {
  const list = event.target.closest(".d-menu-list");
  const entries = [...list?.querySelectorAll("button:not([disabled])") ?? []];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!entries.length || !step) return false;
  const at = entries.indexOf(event.target);
  entries[(at + step + entries.length) % entries.length].focus();
  event.preventDefault();
  return true;
}

export function listenToKeys(press) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented) return;
    const dialog = document.querySelector("dialog[open]");
    if (dialog) return inDialog(event, dialog);
    if (event.target.closest?.(".d-menu") && inMenu(event)) return;
    if (event.target.closest?.(WRITES)) return;
    const action = actionOf(event);
    if (!(action && can(action)) && onPage(event)) return;
    if (!action) return;
    const control = event.target.closest?.("button, a, summary");
    // Whoever walks by Tab and presses Space means the control that has the ring.
    if (event.code === "Space" && control?.matches(":focus-visible")) return;
    event.preventDefault();
    if (!event.repeat) press(action);
  });
  // After a click the ring stays nowhere, so that Space calls the next number and nothing else.
  document.addEventListener("click", (event) => {
    if (event.detail > 0) event.target.closest?.("[data-action], [data-language]")?.blur();
  });
}
