// What a press begins: a command at once, or the question that comes before it.

import { closeAsk, openAsk } from "/static/desk/asks.js";
import { comes, run } from "/static/desk/commands.js";
import { count } from "/static/desk/endings.js";
import { startNote } from "/static/desk/note.js";
import { sitAgain } from "/static/desk/seats.js";
import { allows, can, store } from "/static/desk/store.js";

const NEEDS_FREE = new Set(["pause", "close", "call"]);

// What an action asks first. `current` is the number that the counter has, if any.
const ASKS = {
  transfer: (current) => (current ? ["transfer", { ticket: current }] : ["pick", { action: "transfer" }]),
  priority: (current) => (current ? ["jump", { action: "priority", ticket: current, stage: "group" }]
    : ["pick", { action: "priority" }]),
  call: () => ["pick", { action: "call" }],
  return: () => ["pick", { action: "return" }],
  cancel: () => ["pick", { action: "cancel" }],
  receive: () => ["jump", { action: "receive", stage: "service" }],
  pause: () => ["pause", {}],
  close: () => ["close", {}],
  why: () => ["why", {}],
  papers: () => ["papers", {}],
  figures: () => ["figures", {}],
  keys: () => ["keys", {}],
  handover: () => ["handover", {}],
};

function openMenu() {
  const menu = document.querySelector(".d-menu");
  menu.open = true;
  menu.querySelector("button:not([disabled])")?.focus();
}

// A break that leaves people without anybody is asked first; every other one begins at once.
const leavesPeople = () => store.desk.last_for.some((one) => one.waiting > 0);
const asksFirst = (action) => action in ASKS
  && (action !== "pause" || store.desk.current !== null || leavesPeople());

// A question may be opened a moment before its answer may be sent; the answer waits for that.
function mayAsk(action) {
  return can(action) || (allows(action) && store.link === "up" && !store.busy);
}

function ask(action, todo) {
  const current = store.desk.current;
  if (current && NEEDS_FREE.has(action)) {
    store.fault = { action, code: "counter_busy" };
    return todo.redraw();
  }
  const [name, state] = ASKS[action](current);
  return openAsk(name, state, todo);
}

function note(todo) {
  startNote();
  todo.redraw();
  document.querySelector("#note")?.focus();
}

export async function pressed(action, more, todo) {
  if (action === "help") return todo.help();
  if (action === "pause" && store.desk && store.desk.counter.state !== "open") action = "open";
  if (more) {
    if (!more.keepAsk) closeAsk();
    return run(action, more, todo);
  }
  if (store.desk && asksFirst(action)) return mayAsk(action) ? ask(action, todo) : null;
  if (action === "note" && mayAsk(action)) return note(todo);
  if (!can(action) && !(await comes(action, todo))) return null;
  if (action === "more" || action === "less") {
    count(action === "more" ? 1 : -1);
    return todo.redraw();
  }
  if (action === "menu") return openMenu();
  if (action === "open" && !(await sitAgain(todo))) return null;
  return run(action, more, todo);
}
