// The manager's page: joins what is known, what is shown, what is pressed, and the server.

import { render } from "/look/vendor/lit.js";
import { read, Refused } from "/static/api.js";
import { chime } from "/static/chime.js";
import { now, setServerTime } from "/static/times.js";
import { follow } from "/static/feed.js";
import { forget, later, sooner } from "/static/manage/advice.js";
import { ask, drop, listen, resume, run } from "/static/manage/commands.js";
import { newCalls } from "/static/lobby.js";
import { whoCalls } from "/static/manage/lobby.js";
import { bodyOf, emptyForm } from "/static/manage/notices.js";
import { page } from "/static/manage/page.js";
import { store, t } from "/static/manage/store.js";
import { headline, strains } from "/static/manage/strain.js";
import { closeMenus, keepLanguage, signInAgain, signOut, socketToken } from "/static/person.js";
import { readJson } from "/static/words.js";

const COALESCE_MS = 800; // advice is worked out at most once a second
const RETRY_MS = 1000;
const SLOW_MS = 20_000; // figures of the day, and whether the centre is open
const PICTURES = ["help", "devices", "notices", "advice", "seats", "coming"];

const BESIDE = { advice: ".m-adv", help: ".m-lob", end: ".m-lob" };

const root = document.getElementById("manage");
const said = document.getElementById("said");
const [, centreId] = /^\/manage\/([^/]+)/.exec(location.pathname);
const path = (rest) => `/centres/${centreId}${rest}`;
let asking = false;
let askAgain = false;
let timer = 0;
let heardSeq = 0;
let toldOf = null;
let byKeys = false;
let lastPress = null;

function redraw() {
  document.documentElement.lang = store.language;
  document.title = t("manage.title");
  render(page(todo), root);
  const dialog = root.querySelector("dialog");
  if (dialog && !dialog.open) dialog.showModal();
  keepFocus();
}

function announce(text) {
  said.textContent = text;
}

const leave = () => signInAgain(store.language);

function refresh(delay = 0) {
  clearTimeout(timer);
  timer = setTimeout(refreshNow, delay);
}

async function refreshNow() {
  if (!store.centre) return;
  if (asking) {
    askAgain = true;
    return;
  }
  asking = true;
  askAgain = false;
  try {
    const [advice, board] = await Promise.all([read(path("/advice")), read(path("/board"))]);
    setServerTime(advice.as_of);
    await askTickets(board);
    Object.assign(store, { advice, board });
    heardSeq = Math.max(heardSeq, board.seq);
    store.fresh = store.link === "up";
    if (store.fresh) store.heardAt = now();
    forget(advice.advice);
    tellOfLoad();
  } catch (error) {
    store.fresh = false;
    if (error instanceof Refused && error.status === 401) return leave();
    askAgain = false;
    refresh(RETRY_MS);
  } finally {
    asking = false;
    if (askAgain) refresh(COALESCE_MS);
    redraw();
  }
}

// The board says which number a counter has; since when, only the counter itself. Asked once a call.
async function askTickets(board) {
  const unknown = board.counters.filter(({ id, ticket }) => ticket
    && `${ticket.number} ${ticket.state}` !== key(store.tickets[id]));
  await Promise.all(unknown.map(async ({ id }) => {
    const { ticket } = await read(path(`/counters/${id}/current`));
    store.tickets[id] = ticket;
  }));
}

const key = (ticket) => (ticket ? `${ticket.number} ${ticket.state}` : "");

async function askFigures() {
  try {
    const centre = await read(path(""));
    const [ratings, accuracy] = await Promise.all([
      read(path(`/ratings?from=${centre.day}`)), read(path("/accuracy")),
    ]);
    Object.assign(store, { centre, ratings, accuracy });
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return leave();
  }
  redraw();
}

// Whoever does not see the page hears when another service is overloaded.
function tellOfLoad() {
  const [first] = headline(strains());
  if (first !== toldOf && toldOf !== null) announce(first);
  toldOf = first;
}

function onChange(change) {
  heardSeq = Math.max(heardSeq, change.seq);
  if (change.counter) store.since[change.counter.id] = change.at;
  if (change.kind === "config_changed") askFigures();
  if (asking) askAgain = true;
  else refresh(COALESCE_MS);
}

// A number nobody told us about: something was missed on the way.
function onPulse(seq) {
  if (seq > heardSeq) refresh(COALESCE_MS);
}

function onUp() {
  store.link = "up";
  store.since = {}; // what happened meanwhile was not seen
  refresh();
  askFigures();
  Object.entries(store.pending).filter(([, { lost }]) => lost).forEach(([id]) => ask(id));
  redraw();
}

function onDown() {
  store.link = "down";
  store.fresh = false;
  redraw();
}

function onPicture(name, picture) {
  if (name === "advice") return refresh();
  const before = store[name];
  store[name] = picture;
  if (name === "help") tellOfCalls(newCalls(before, picture));
  redraw();
}

function tellOfCalls(calls) {
  if (!calls.length) return;
  chime();
  announce(`${whoCalls(calls[0])} ${t("manage.help.needs")}`);
}

// What an answered press leads to.
function did(id) {
  const [kind] = id.split(".");
  if (kind === "notice") closeForm();
  announce(t("manage.done", { what: t(`manage.did.${kind}`) }));
}

// Who works by keyboard and pressed what is off now, or gone, goes on beside it.
function keepFocus() {
  const section = byKeys && document.activeElement === document.body && BESIDE[lastPress];
  if (!section) return;
  lastPress = null;
  const beside = root.querySelector(`${section} button:not([disabled])`);
  (beside ?? root.querySelector("[data-headline]"))?.focus({ preventScroll: true });
}

function press(id, ...command) {
  [lastPress] = id.split(".");
  return run(id, ...command);
}

function closeForm() {
  if (!store.form) return;
  store.form = null;
  redraw();
  root.querySelector("[data-write]")?.focus();
}

const todo = {
  closeForm, again: ask,
  take(one) {
    const { kind, counter, service } = one;
    return press(`advice.${one.id}`, "/advice", { kind, counter: counter.id, service: service.id });
  },
  later(one) { later(one); redraw(); },
  sooner() { sooner(); redraw(); },
  answerHelp: (call, action) =>
    press(`help.${call.id}.${action}`, `/help/${call.id}/${action}`),
  endNotice: (notice) => press(`end.${notice.id}`, `/notices/${notice.id}/end`),
  openForm() { store.form = emptyForm(); redraw(); },
  write(field, value) { store.form[field] = value; store.form.fault = null; redraw(); },
  postNotice(event) {
    event.preventDefault();
    const { body, fault } = bodyOf(store.form, now());
    store.form.fault = fault ?? null;
    redraw();
    if (fault) root.querySelector("[aria-invalid=true]")?.focus();
    else run("notice", "/notices", body);
  },
  drop(id) { drop(id); refresh(); redraw(); },
  dismiss() { store.fault = null; redraw(); },
  chooseCentre: (id) => location.assign(`/manage/${id}`),
  chooseLanguage(language) {
    store.language = language;
    keepLanguage(language);
    redraw();
  },
  signOut: () => signOut(store),
};

async function begin() {
  try {
    store.session = await read("/session");
    store.centre = await read(path(""));
    if (!store.session.centre) store.centres = await read("/centres");
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return leave();
    store.link = "down";
    redraw();
    return setTimeout(begin, RETRY_MS);
  }
  store.link = "connecting";
  follow({
    centre: centreId, token: () => socketToken(store, leave), pictures: PICTURES,
    onUp, onDown, onChange, onPulse, onPicture,
  });
  resume();
  redraw();
}

store.both = readJson("words");
store.language = document.documentElement.lang;
listen({ redraw, refresh, leave, did });
closeMenus(root);
document.addEventListener("pointerdown", () => { byKeys = false; }, true);
document.addEventListener("keydown", () => { byKeys = true; }, true);
setInterval(redraw, 1000);
// Queues drain by themselves, and so do the figures.
setInterval(() => store.link === "up" && refresh(), 10_000);
setInterval(() => store.link === "up" && askFigures(), SLOW_MS);
redraw();
begin();
