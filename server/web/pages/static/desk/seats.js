// Who works where: sitting down, being given a counter, losing it to somebody, getting up.

import { read } from "/static/api.js";
import { closeAsk, openAsk } from "/static/desk/asks.js";
import { lobbyCommand } from "/static/desk/commands.js";
import { named, store, t } from "/static/desk/store.js";

const remembered = () => `layso.counter.${store.centre.id}`;
const counterOf = (id) => store.centre.counters.find((counter) => counter.id === id) ?? null;
const seatOf = (name) => store.seats?.seats.find((seat) => seat.name === name) ?? null;
const sitterOf = (counter) => store.seats?.seats.find((seat) => seat.counter.id === counter) ?? null;

export function remember(counter) {
  try {
    if (counter) localStorage.setItem(remembered(), counter.id);
    else localStorage.removeItem(remembered());
  } catch {
    // No storage: the seat itself is remembered by the server.
  }
}

export async function loadSeats() {
  store.seats = await read(`/centres/${store.centre.id}/seats`);
}

async function command(counter, action, body, todo) {
  const answer = await lobbyCommand("seat", `/counters/${counter.id}/${action}`, body, todo);
  if (answer) store.seats = answer;
  return answer;
}

// Sit down at a counter; where somebody else sits, ask whether to take over.
export async function sitDown(counter, todo, { takeOver = false } = {}) {
  if (store.sitting) return false;
  store.sitting = true;
  const body = takeOver ? { take_over: true } : {};
  const sat = await command(counter, "seat", body, todo);
  store.sitting = false;
  if (sat) {
    todo.enter(counter);
    return true;
  }
  if (store.fault?.code === "seat_taken") {
    store.fault = null;
    await loadSeats().catch(() => null);
    const by = sitterOf(counter.id)?.name ?? "";
    await openAsk("taken", { counter, by }, todo);
  }
  todo.redraw();
  return false;
}

// Where this clerk sits already, or sat last on this machine.
export async function firstSeat(todo) {
  const given = counterOf(seatOf(store.session.name)?.counter.id);
  if (given) return todo.enter(given);
  let last = null;
  try {
    last = counterOf(localStorage.getItem(remembered()));
  } catch {
    last = null;
  }
  return last ? sitDown(last, todo) : todo.redraw();
}

// A counter that was closed has nobody: whoever opens it again sits there.
export async function sitAgain(todo) {
  if (sitterOf(store.counter.id)?.name === store.session.name) return true;
  return (await command(store.counter, "seat", {}, todo)) !== null;
}

export async function getUp(todo) {
  if (store.counter && store.link !== "down") await command(store.counter, "leave", {}, todo);
}

export async function handOver(name, todo) {
  closeAsk();
  const counter = store.counter;
  if (await command(counter, "seat", { name }, todo)) follow(todo);
  todo.redraw();
}

function follow(todo) {
  const me = store.session.name;
  const mine = seatOf(me);
  const here = store.counter && sitterOf(store.counter.id);
  if (here && here.name !== me) {
    const counter = named(store.counter.name);
    todo.enter(null);
    store.moved = { key: "desk.moved.lost", counter, name: here.name };
  }
  if (mine && mine.counter.id !== store.counter?.id && counterOf(mine.counter.id)) {
    const counter = counterOf(mine.counter.id);
    todo.enter(counter);
    store.moved ??= { key: "desk.moved.given", counter: named(counter.name), name: "" };
  }
  if (store.moved) todo.announce(t(store.moved.key, store.moved));
  todo.redraw();
}

// A picture may have been on its way when I sat down: who loses a seat asks once more.
export async function seatsChanged(picture, todo) {
  store.seats = picture;
  const me = store.session.name;
  const here = store.counter && sitterOf(store.counter.id);
  const mine = seatOf(me);
  const calm = (!here || here.name === me) && (!mine || mine.counter.id === store.counter?.id);
  if (calm || store.sitting) return todo.redraw();
  try {
    await loadSeats();
  } catch {
    return todo.redraw();
  }
  if (!store.sitting) follow(todo);
}
