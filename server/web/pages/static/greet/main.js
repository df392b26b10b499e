// The greeter's page: joins what is known, what is shown, what is tapped, and the server.

import { render } from "/look/vendor/lit.js";
import { read, Refused } from "/static/api.js";
import { chime } from "/static/chime.js";
import { follow } from "/static/feed.js";
import { answerHelp, ask, drop, listen, resume, run } from "/static/greet/commands.js";
import { keepFocus, passFocus, watchFocus } from "/static/greet/focus.js";
import { whoCalls } from "/static/greet/lobby.js";
import { page } from "/static/greet/page.js";
import { orderWords } from "/static/greet/prints.js";
import { reasonOf } from "/static/greet/priority.js";
import { onWide, ready, store, t } from "/static/greet/store.js";
import { sentence } from "/static/greet/where.js";
import { markRead, newCalls } from "/static/lobby.js";
import { closeMenus, keepLanguage, signInAgain, signOut, socketToken } from "/static/person.js";
import { readJson } from "/static/words.js";

const COALESCE_MS = 400;
const RETRY_MS = 1000;
const PICTURES = ["help", "devices", "notices", "prints"];

const root = document.getElementById("greet");
const said = document.getElementById("said");
let unfollow = null;
let asking = false;
let askAgain = false;
let timer = 0;
let heardSeq = 0;

function redraw() {
  document.documentElement.lang = store.language;
  document.title = t("greet.title");
  render(page(todo), root);
  const dialog = root.querySelector("dialog");
  if (dialog && !dialog.open) dialog.showModal();
  keepFocus(root, store.pending !== null || store.helping);
}

function announce(text) {
  said.textContent = text;
}

const leave = () => signInAgain(store.language);

function refresh(delay = 0) {
  clearTimeout(timer);
  timer = setTimeout(refreshNow, delay);
}

const path = (rest) => `/centres/${store.session.centre}${rest}`;

async function refreshNow() {
  if (!store.centre) return;
  if (asking) {
    askAgain = true;
    return;
  }
  asking = true;
  askAgain = false;
  try {
    await Promise.all([askBoard(), askCard(), askFound()]);
    store.fresh = store.link === "up";
    if (store.fresh) store.heardAt = Date.now();
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

async function askBoard() {
  store.board = await read(path("/board"));
  heardSeq = Math.max(heardSeq, store.board.seq);
}

async function askCard() {
  if (!store.card) return;
  const { id } = store.card;
  const ticket = await read(path(`/tickets/${id}`));
  if (store.card?.id === id) store.card = ticket;
}

async function askFound() {
  if (store.view !== "find" || store.card) return;
  const { text } = store;
  const found = await read(path(`/tickets?find=${encodeURIComponent(text)}`));
  if (store.text === text) store.found = found;
}

function onChange(change) {
  heardSeq = Math.max(heardSeq, change.seq);
  if (change.kind === "config_changed") loadCentre().then(redraw, () => refresh(RETRY_MS));
  if (asking) askAgain = true;
  else refresh(COALESCE_MS);
}

// A number nobody told us about: something was missed on the way.
function onPulse(seq) {
  if (seq > heardSeq) refresh(COALESCE_MS);
}

function onUp() {
  store.link = "up";
  refresh();
  if (store.pending?.lost) ask();
  redraw();
}

function onDown(heardAt) {
  if (store.link !== "down") store.lostAt = heardAt;
  store.link = "down";
  store.fresh = false;
  redraw();
}

function onPicture(name, picture) {
  const before = store[name];
  store[name] = picture;
  if (name === "help") tellOfCalls(newCalls(before, picture));
  if (name === "prints") tellOfPapers(before, picture);
  redraw();
}

function tellOfCalls(calls) {
  if (!calls.length) return;
  chime();
  navigator.vibrate?.([200, 100, 200]);
  announce(`${whoCalls(calls[0])} ${t("greet.help.called")}`);
}

function tellOfPapers(before, after) {
  const known = new Map((before?.orders ?? []).map((order) => [order.id, order.state]));
  for (const order of after.orders) {
    if (store.own.has(order.id) && known.get(order.id) !== order.state) announce(orderWords(order));
  }
}

async function loadCentre() {
  store.centre = await read(path(""));
}

function show(ticket) {
  store.card = ticket;
  redraw();
  scrollTo(0, 0);
  root.querySelector(".g-no")?.focus({ preventScroll: true });
}

// What an answered command leads to.
function done(pending, answer) {
  if (pending.action === "print") {
    store.own.add(answer.id);
    const orders = store.prints?.orders ?? [];
    if (!orders.some((order) => order.id === answer.id)) {
      store.prints = { ...store.prints, orders: [answer, ...orders] };
    }
    return;
  }
  if (pending.action === "issue") {
    store.wanted = "";
    show(answer);
    announce(t("greet.issued", { number: answer.number }));
    if (pending.group) prioritise(answer, pending.group);
    return;
  }
  if (store.card?.id === answer.id) store.card = answer;
  announce(`${answer.number}. ${sentence(answer)}`);
}

function prioritise(ticket, group) {
  const body = { priority: group.priority, ...reasonOf(group) };
  return run("priority", `/tickets/${ticket.id}/priority`, body, { number: ticket.number });
}

function pick(part) {
  store.picking = { ...store.picking, ...part };
  const { ticket, priority, reason, by } = store.picking;
  if (!reason || (reason === "leader_order" && !by)) return redraw();
  store.picking = null;
  if (ticket) return prioritise(ticket, { priority, reason, by });
  store.group = { priority, reason, by };
  announce(t("greet.priority.ready"));
  redraw();
}

function issue(service, procedure) {
  if (!ready()) return;
  const { group, language } = store;
  store.group = null;
  const body = { service, language, ...(procedure ? { procedure } : {}) };
  return run("issue", "/tickets", body, group ? { group } : {});
}

function act(action, ticket) {
  if (!ready()) return;
  if (action === "priority") store.picking = { ticket };
  else if (action === "cancel") store.cancelling = ticket;
  else return run(action, `/tickets/${ticket.id}/${action}`, {}, { number: ticket.number });
  redraw();
}

async function loadProcedures() {
  if (store.procedures) return;
  try {
    store.procedures = (await read(path("/procedures"))).procedures;
  } catch {
    return; // Asked again with the next letter.
  }
  redraw();
}

const todo = {
  issue, act, pick, show, loadProcedures, answerHelp, signOut: () => signOut(store), drop, again: ask,
  chooseGroup(priority) {
    if (!priority || priority === store.group?.priority) store.group = null;
    else store.picking = { ticket: null, priority };
    redraw();
  },
  stopPicking() { store.picking = null; redraw(); },
  keep() { store.cancelling = null; redraw(); },
  cancel(ticket) {
    store.cancelling = null;
    return run("cancel", `/tickets/${ticket.id}/cancel`, {}, { number: ticket.number });
  },
  print(ticket, kiosk) {
    const body = { device: kiosk.id };
    return run("print", `/tickets/${ticket.id}/print`, body, { number: ticket.number });
  },
  close() {
    passFocus(store.view === "find" ? "#find" : "[data-service]");
    store.card = null;
    store.fault = null;
    refresh();
    redraw();
    scrollTo(0, 0);
  },
  view(view) {
    store.view = view;
    store.card = null;
    refresh();
    redraw();
    scrollTo(0, 0);
  },
  find(text) {
    store.text = text.replace(/[^0-9A-Za-z]/g, "");
    refresh(150);
    redraw();
  },
  want(text) { store.wanted = text; loadProcedures(); redraw(); },
  readNotice(id) { markRead(id); redraw(); },
  readOrder(id) { store.seen.add(id); redraw(); },
  dismiss() { store.fault = null; redraw(); },
  chooseLanguage(language) {
    store.language = language;
    keepLanguage(language);
    redraw();
  },
};

async function begin() {
  try {
    store.session = await read("/session");
    if (!store.session.centre) return redraw();
    await loadCentre();
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return leave();
    if (store.link !== "down") store.lostAt = Date.now();
    store.link = "down";
    redraw();
    return setTimeout(begin, RETRY_MS);
  }
  store.link = "connecting";
  unfollow?.();
  unfollow = follow({
    centre: store.session.centre, token: () => socketToken(store, leave), pictures: PICTURES,
    onUp, onDown, onChange, onPulse, onPicture,
  });
  resume();
  redraw();
}

store.both = readJson("words");
store.language = document.documentElement.lang;
listen({ redraw, refresh, leave, done });
watchFocus(root);
onWide(redraw);
closeMenus(root);
setInterval(redraw, 1000);
// Waits pass by themselves, and so does the time at which somebody on the way is due.
setInterval(() => store.link === "up" && refresh(), 10_000);
redraw();
begin();
