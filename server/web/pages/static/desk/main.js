// The clerk's desk: joins what is known, what is shown, the keys and the server.

import { render } from "/look/vendor/lit.js";
import { read, Refused } from "/static/api.js";
import { closeAsk } from "/static/desk/asks.js";
import { lobbyCommand, run, settle } from "/static/desk/commands.js";
import { chime } from "/static/chime.js";
import { follow } from "/static/feed.js";
import { askAgainWhyHeld, leaveHeld, tiredOfAsking } from "/static/desk/holding.js";
import { drop, handIn, recall, whenOthersKeep } from "/static/desk/kept.js";
import { listenToKeys } from "/static/desk/keys.js";
import { cameOn } from "/static/desk/light.js";
import { myCall, othersCall, whoCalls } from "/static/desk/lobby.js";
import { page } from "/static/desk/page.js";
import { pressed } from "/static/desk/presses.js";
import {
  firstSeat, getUp, handOver, loadSeats, remember, seatsChanged, sitDown,
} from "/static/desk/seats.js";
import { keptWaiting, named, store, t } from "/static/desk/store.js";
import { markRead } from "/static/lobby.js";
import { closeMenus, keepLanguage, signInAgain, signOut, socketToken } from "/static/person.js";
import { setServerTime } from "/static/times.js";
import { readJson } from "/static/words.js";

const COALESCE_MS = 120;
const RETRY_MS = 1000;
const ON_THE_WAY_MS = 10_000;
const SLEPT_MS = 5000;

const root = document.getElementById("desk");
const said = document.getElementById("said");
let unfollow = null;
let asking = false;
let askAgain = false;
let refreshTimer = 0;
let lastFocus = null;
let heardSeq = 0;
let asked = "";
let ringedBefore = false;
let delivering = false;
let lastTick = Date.now();

function redraw() {
  render(page(todo), root);
  document.documentElement.lang = store.language;
  document.title = store.counter
    ? t("desk.title", { counter: named(store.counter.name) }) : t("desk.title.none");
  keepDialog();
  keepFocus();
}

function keepDialog() {
  const dialog = root.querySelector("dialog");
  if (dialog && !dialog.open) {
    ringedBefore = document.activeElement.matches(":focus-visible");
    dialog.showModal();
  }
  // Back at the desk the ring is where it was. Where there was none, Space calls the next number.
  if (!dialog && asked && !ringedBefore) document.activeElement.blur();
  const { name, stage, turned } = store.ask ?? {};
  const now = store.ask ? [name, stage, turned].join() : "";
  if (dialog && now !== asked) focusIn(dialog);
  asked = now;
}

// What is asked now has the keyboard, also where it came in the place of another question.
function focusIn(dialog) {
  const target = dialog.querySelector("[data-first]:not([disabled])")
    ?? dialog.querySelector("[data-choice][aria-pressed=true]")
    ?? dialog.querySelector("[data-choice]:not([disabled])")
    ?? dialog.querySelector("[data-back]");
  target?.focus();
}

// A button that was switched off while it had the ring takes the ring with it: give it back.
function keepFocus() {
  if (document.activeElement !== document.body || !lastFocus || store.busy || store.ask) return;
  const same = root.querySelector(`[data-action="${lastFocus}"]:not([disabled])`);
  const target = same ?? root.querySelector(".next:not([disabled])");
  if (!target) return;
  lastFocus = null;
  target.focus({ preventScroll: true });
}

function announce(text) {
  said.textContent = text;
}

const leave = () => signInAgain(store.language);

function refresh(delay = 0) {
  clearTimeout(refreshTimer);
  refreshTimer = setTimeout(refreshNow, delay);
}

async function refreshNow() {
  if (!store.counter) return;
  if (asking) {
    askAgain = true;
    return;
  }
  asking = true;
  askAgain = false;
  const counter = store.counter.id;
  try {
    const desk = await read(`/centres/${store.centre.id}/counters/${counter}/desk`);
    if (store.counter?.id !== counter) return;
    setServerTime(desk.as_of);
    store.aliveAt = Date.now();
    dropStale(desk);
    store.desk = desk;
    if (cameOn(desk)) {
      chime();
      announce(t("desk.next.light", { next: desk.next[0]?.number ?? "" }));
    }
    settle();
    store.fresh = !askAgain;
    store.retrying = false;
  } catch (error) {
    store.fresh = false;
    if (error instanceof Refused && error.status === 401) return leave();
    if (error instanceof Refused && error.status === 404) enter(null);
    else {
      store.retrying = true;
      refresh(RETRY_MS);
    }
  } finally {
    asking = false;
    if (askAgain) refresh();
    redraw();
  }
}

// What was said or asked of a number that the counter has no more.
function dropStale(desk) {
  const before = store.desk?.current?.id;
  if (before === desk.current?.id) return;
  store.dossiers = null;
  store.noting = null;
  const ask = store.ask;
  const about = ["why", "papers"].includes(ask?.name) || ask?.ticket?.id === before;
  if (before && about) closeAsk();
}

function concerns(change) {
  if (change.kind === "config_changed") return true;
  // Another desk that opens or rests may pass its light to this one.
  if (change.kind.startsWith("counter_")) return true;
  if (change.counter?.id === store.counter.id) return true;
  return change.ticket !== null && store.counter.services.includes(change.ticket.service);
}

function onChange(change) {
  heardSeq = Math.max(heardSeq, change.seq);
  store.aliveAt = Date.now();
  if (!store.counter || change.seq <= (store.desk?.seq ?? 0)) return;
  if (change.kind === "config_changed") loadCentre().then(redraw);
  if (!concerns(change)) return;
  // My own counter changed: what is on screen is not the truth any more.
  if (change.counter?.id === store.counter.id) store.fresh = false;
  if (asking) askAgain = true;
  else refresh(store.fresh ? COALESCE_MS : 0);
}

// A number nobody told us about: something was missed on the way.
function onPulse(seq) {
  store.aliveAt = Date.now();
  if (seq <= Math.max(heardSeq, store.desk?.seq ?? 0)) return;
  heardSeq = seq;
  if (asking) askAgain = true;
  else refresh(COALESCE_MS);
}

function onUp() {
  store.link = "up";
  store.fresh = false;
  store.aliveAt = Date.now();
  deliver();
  refresh();
  redraw();
}

// What was kept while the server was away goes before anything else, until each is answered.
async function deliver() {
  if (delivering || store.link === "down" || !keptWaiting().length) return;
  delivering = true;
  try {
    if (!(await handIn())) setTimeout(deliver, RETRY_MS);
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return leave();
    throw error;
  } finally {
    delivering = false;
    store.fresh = false;
    refresh();
    redraw();
  }
}

// Lost since the server was last heard, not since somebody noticed.
function onDown(heardAt) {
  if (store.link !== "down") store.lostAt = heardAt;
  store.link = "down";
  store.fresh = false;
  redraw();
}

async function loadCentre() {
  store.centre = await read(`/centres/${store.session.centre}`);
  if (store.counter) {
    store.counter = store.centre.counters.find(({ id }) => id === store.counter.id) ?? null;
  }
}

// Work at this counter from now on, or at none: nothing of the one before stays.
function enter(counter) {
  Object.assign(store, {
    counter, desk: null, fresh: false, fault: null, search: "", moved: null, dossiers: null,
    noting: null, holding: null,
  });
  closeAsk();
  cameOn(null);
  remember(counter);
  recall();
  deliver();
  refresh();
  redraw();
}

async function changeCounter() {
  await getUp(todo);
  enter(null);
}

function chooseLanguage(language) {
  store.language = language;
  keepLanguage(language);
  redraw();
}

// Somebody calls for help, is answered, or calls no more; or the manager has something to say.
function onPicture(name, picture) {
  if (name === "seats") return seatsChanged(picture, todo);
  const [caller] = name === "help" ? othersCall(store.help, picture) : [];
  if (caller) {
    chime();
    announce(`${whoCalls(caller)} ${t("desk.help.called")}`);
  }
  store[name] = picture;
  return redraw();
}

async function help() {
  if (!store.counter) return;
  const call = myCall();
  const [path, body] = call ? [`/help/${call.id}/clear`, {}] : ["/help", { counter: store.counter.id }];
  const answer = await lobbyCommand("help", path, body, { redraw, leave });
  if (answer) announce(t(call ? "desk.did.help.clear" : "desk.did.help"));
}

function answerHelp(call, action) {
  return lobbyCommand(`help-${action}`, `/help/${call.id}/${action}`, {}, { redraw, leave });
}

const press = (action, more) => pressed(action, more, todo);

async function goHome() {
  await getUp(todo);
  await signOut(store);
}

const todo = {
  press, chooseLanguage, signOut: goHome, help, answerHelp, redraw, refresh, announce, leave, deliver,
  enter, changeCounter,
  sitDown(counter) { store.moved = null; return sitDown(counter, todo); },
  takeOver(counter) { closeAsk(); return sitDown(counter, todo, { takeOver: true }); },
  handOver(name) { return handOver(name, todo); },
  readNotice(id) { markRead(id); redraw(); },
  stopAsking() { closeAsk(); redraw(); },
  leaveHeld() { leaveHeld(); redraw(); },
  whyHeld(one) { askAgainWhyHeld(one, todo); },
  stopNote() { store.noting = null; redraw(); },
  saveNote() {
    const { ticket, text } = store.noting;
    return run("note", { id: ticket, body: { text: text.trim() || null } }, todo);
  },
  forget(key) { drop(key); redraw(); },
  dismiss() { store.fault = null; redraw(); },
  dismissMoved() { store.moved = null; redraw(); },
  search(text) { store.search = text; redraw(); },
};

async function begin() {
  try {
    store.session = await read("/session");
    if (!store.session.centre) return redraw();
    await loadCentre();
    await loadSeats();
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return leave();
    store.link = "down";
    redraw();
    return setTimeout(begin, RETRY_MS);
  }
  store.link = "connecting";
  recall();
  firstSeat(todo);
  unfollow?.();
  unfollow = follow({
    centre: store.centre.id, token: () => socketToken(store, leave), pictures: ["help", "notices", "coming", "seats"],
    onUp, onDown, onChange, onPulse, onPicture,
  });
  redraw();
}

store.both = readJson("words");
store.language = document.documentElement.lang;
listenToKeys(press);
root.addEventListener("focusin", (event) => {
  if (event.target.closest("dialog")) return; // whoever was asked goes back to where they were
  const ringed = event.target.matches(":focus-visible");
  lastFocus = ringed ? (event.target.dataset.action ?? null) : null;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || store.ask) return;
  if (!root.querySelector("details[open]")) todo.leaveHeld();
});
closeMenus(root, () => store.ask);
whenOthersKeep(redraw);
// A browser that slept wakes up with an old picture, and may press before anything else happens.
setInterval(() => {
  if (Date.now() - lastTick > SLEPT_MS) {
    store.fresh = false;
    refresh();
  }
  lastTick = Date.now();
  tiredOfAsking();
  redraw();
}, 1000);
// Nothing is told when somebody who is on the way is due: ask, while all who wait are.
setInterval(() => {
  if (store.desk?.waiting > 0 && store.desk.next.length === 0) refresh();
}, ON_THE_WAY_MS);
redraw();
begin();
