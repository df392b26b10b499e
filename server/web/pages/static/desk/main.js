// The clerk's desk: joins what is known, what is shown, the keys and the server.

import { render } from "/look/vendor/lit.js";
import { read, Refused } from "/static/desk/api.js";
import { run, settle } from "/static/desk/commands.js";
import { follow } from "/static/desk/feed.js";
import { listenToKeys } from "/static/desk/keys.js";
import { cameOn, chime } from "/static/desk/light.js";
import { page } from "/static/desk/page.js";
import { can, named, store, t } from "/static/desk/store.js";
import { setServerTime } from "/static/desk/times.js";
import { readJson } from "/static/words.js";

const COALESCE_MS = 120;
const RETRY_MS = 1000;
const ON_THE_WAY_MS = 10_000;

const root = document.getElementById("desk");
const said = document.getElementById("said");
let unfollow = null;
let asking = false;
let askAgain = false;
let refreshTimer = 0;
let lastFocus = null;
let heardSeq = 0;

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
  if (dialog && !dialog.open) dialog.showModal();
}

// A button that was switched off while it had the ring takes the ring with it: give it back.
function keepFocus() {
  if (document.activeElement !== document.body || !lastFocus || store.busy) return;
  const same = root.querySelector(`[data-action="${lastFocus}"]:not([disabled])`);
  const target = same ?? root.querySelector(".next:not([disabled])");
  if (!target) return;
  lastFocus = null;
  target.focus({ preventScroll: true });
}

function announce(text) {
  said.textContent = text;
}

function leave() {
  location.assign(`/?lang=${store.language}`);
}

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
    if (error instanceof Refused && error.status === 404) chooseCounter(null);
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

function concerns(change) {
  if (change.kind === "config_changed") return true;
  // Another desk that opens or rests may pass its light to this one.
  if (change.kind.startsWith("counter_")) return true;
  if (change.counter?.id === store.counter.id) return true;
  return change.ticket !== null && store.counter.services.includes(change.ticket.service);
}

function onChange(change) {
  heardSeq = Math.max(heardSeq, change.seq);
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
  if (seq <= Math.max(heardSeq, store.desk?.seq ?? 0)) return;
  heardSeq = seq;
  if (asking) askAgain = true;
  else refresh(COALESCE_MS);
}

function onUp() {
  store.link = "up";
  store.fresh = false;
  refresh();
  redraw();
}

// Lost since the server was last heard, not since somebody noticed.
function onDown(heardAt) {
  if (store.link !== "down") store.lostAt = heardAt;
  store.link = "down";
  store.fresh = false;
  redraw();
}

async function socketToken() {
  try {
    store.session = await read("/session");
  } catch (error) {
    if (error instanceof Refused && error.status === 401) leave();
  }
  return store.session.socket_token;
}

async function loadCentre() {
  store.centre = await read(`/centres/${store.session.centre}`);
  if (store.counter) {
    store.counter = store.centre.counters.find(({ id }) => id === store.counter.id) ?? null;
  }
}

const remembered = () => `layso.counter.${store.centre.id}`;

function chooseCounter(counter) {
  store.counter = counter;
  store.desk = null;
  cameOn(null);
  store.fresh = false;
  store.fault = null;
  store.search = "";
  if (counter) localStorage.setItem(remembered(), counter.id);
  else localStorage.removeItem(remembered());
  refresh();
  redraw();
}

function chooseLanguage(language) {
  store.language = language;
  document.cookie = `layso_language=${language}; path=/; max-age=31536000; samesite=lax`;
  redraw();
}

function press(action, more) {
  if (action === "pause" && store.desk && store.desk.counter.state !== "open") action = "open";
  if (action === "transfer" && !more) {
    if (can("transfer")) store.transferring = store.desk.current;
    return redraw();
  }
  store.transferring = null;
  return run(action, more, { redraw, refresh, announce, leave });
}

async function signOut() {
  await fetch("/sign-out", { method: "POST", headers: { "X-CSRF-Token": store.session.csrf } })
    .catch(() => null);
  leave();
}

const todo = {
  press, chooseCounter, chooseLanguage, signOut,
  stopTransfer() { store.transferring = null; redraw(); },
  dismiss() { store.fault = null; redraw(); },
  search(text) { store.search = text; redraw(); },
};

async function begin() {
  try {
    store.session = await read("/session");
    if (!store.session.centre) return redraw();
    await loadCentre();
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return leave();
    store.link = "down";
    redraw();
    return setTimeout(begin, RETRY_MS);
  }
  store.link = "connecting";
  const last = localStorage.getItem(remembered());
  store.counter = store.centre.counters.find(({ id }) => id === last) ?? null;
  unfollow?.();
  unfollow = follow({
    centre: store.centre.id, token: socketToken, onUp, onDown, onChange, onPulse,
  });
  redraw();
}

store.both = readJson("words");
store.language = document.documentElement.lang;
listenToKeys(press);
root.addEventListener("focusin", (event) => {
  const ringed = event.target.matches(":focus-visible");
  lastFocus = ringed ? (event.target.dataset.action ?? null) : null;
});
document.addEventListener("click", (event) => {
  const menu = root.querySelector(".d-menu[open]");
  if (menu && !menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  const menu = root.querySelector(".d-menu[open]");
  if (event.key !== "Escape" || !menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
setInterval(redraw, 1000);
// Nothing is told when somebody who is on the way is due: ask, while all who wait are.
setInterval(() => {
  if (store.desk?.waiting > 0 && store.desk.next.length === 0) refresh();
}, ON_THE_WAY_MS);
redraw();
begin();
