// All that the page knows, in one plain object, and the questions the views ask of it.

import { clock } from "/look/js/text.js";
import { say } from "/static/words.js";
import { now, since } from "/static/times.js";

export const store = {
  language: "vi",
  both: {},
  session: null,
  centre: null,
  counter: null,
  desk: null,
  link: "connecting", // connecting | up | down
  lostAt: 0,
  aliveAt: 0, // when the server was last heard
  fresh: false, // the snapshot is the newest there is
  retrying: false, // the last question for a snapshot got no answer
  busy: null, // the action under way
  quietUntil: 0, // a second press of the same finger is not a second command
  fault: null, // {action, code}
  ask: null, // what the dialog asks, while it is open
  search: "",
  help: null, // who calls for help, as told last
  helping: false, // a call for help, or its answer, is under way
  notices: null, // what the manager tells, as told last
  seats: null, // who sits where, as told last
  sitting: false, // sitting down is under way
  moved: null, // what is said of a seat that is mine no more, or that was given to me
  kept: [], // endings that wait for the server
  dossiers: null, // how many the current ticket has, once somebody has said so
  noting: null, // the note as it is being typed
  holding: null, // the number that was just put on hold, while it may be said why
};

export const OUTCOMES = ["taken_in", "done_on_the_spot", "papers_missing", "refused", "advice_given"];
export const HOLD_WHYS = [
  "papers_to_fetch", "waiting_for_signature", "waiting_for_payment", "other",
];
export const JUMP_WHYS = [
  "elderly_or_frail", "disabled", "pregnant_or_infant", "merit", "urgent_deadline",
  "returned_after_no_show", "staff_mistake", "leader_order", "other",
];
export const GROUPS = ["none", "elderly", "disabled", "pregnant", "infant", "merit", "appointment"];
export const PAUSES = ["meal", "meeting", "paperwork", "machine", "personal"];

const ALIVE_MS = 8000;

export const words = () => store.both[store.language];
export const t = (key, values) => say(words(), key, values);
// "10:02", of a moment in the centre's zone.
export const clockOf = (at) => clock(Date.parse(at), store.language, store.centre.timezone);
export const named = (name) => (name ? name[store.language] : "");

export const lower = (text) => text[0].toLowerCase() + text.slice(1);

// "end-3" is the third outcome; everything else has its own words.
export function actionName(action) {
  const outcome = outcomeOf(action);
  return outcome ? t("desk.end.name", { outcome: t(`desk.end.${outcome}`) })
    : t(`desk.name.${action}`);
}

export const outcomeOf = (action) =>
  (action.startsWith("end-") ? OUTCOMES[Number(action.slice(4)) - 1] : null);

export function keyName(key) {
  if (key === "Space") return t("desk.key.space");
  return key.replace("Control+", "Ctrl ");
}

export function serviceOf(id) {
  return store.centre.services.find((service) => service.id === id);
}

export function serviceName(id) {
  const service = serviceOf(id);
  return service ? named(service.name) : id;
}

export const serviceNames = (counter) => counter.services.map(serviceName);

// Of an ending that was pressed while the server was away: mine, here, and not refused.
export const isMine = (entry) => entry.centre === store.centre?.id
  && entry.counter === store.counter?.id && entry.who === store.session?.name;
export const keptWaiting = () => store.kept.filter((one) => isMine(one) && !one.refused);
export const keptOf = (id) => keptWaiting().find((one) => one.ticket === id) ?? null;

// Nothing may be pressed before the page shows the truth, nor while a command is under way. A
// browser that slept has heard nobody for a while, whatever it still believes of its link.
export function ready() {
  return store.link === "up" && store.fresh && rested() && Date.now() - store.aliveAt < ALIVE_MS
    && keptWaiting().length === 0;
}

// Whether only the newest picture is missing, which is on its way.
export const pictureComes = () => store.link === "up" && !store.fresh && rested();

const rested = () => !store.busy && Date.now() >= store.quietUntil;

export function undoLeft() {
  const offer = store.desk?.undo;
  return offer ? Math.max(0, Math.ceil((Date.parse(offer.until) - now()) / 1000)) : 0;
}

// Seconds until somebody who was called may be given up.
export function noShowLeft() {
  const { current, no_show_after_s: after } = store.desk;
  return current?.state === "called" ? Math.max(0, after - since(current.called_at)) : 0;
}

// Whether it is time to say how it ends: while it is served, or when nothing else can be said.
export function endsShown() {
  const current = store.desk?.current;
  return current?.state === "serving" || (current?.state === "called" && store.link === "down");
}

// What ends the current number can be kept until the server is back; nothing else can.
const KEEPABLE = new Set(["finish", "no-show", "hold"]);
export const keepable = (action) => KEEPABLE.has(action) || outcomeOf(action) !== null;

// What only shows something needs neither the server nor the newest picture.
const READING = new Set(["why", "papers", "keys", "menu", "more", "less"]);

const lacksReason = ({ reason, why }) => !reason && !why;

// The number that was just put on hold, while nobody has said why and it may still be said.
export function asksWhyHeld() {
  const asked = store.holding;
  if (!asked || !store.desk) return null;
  const kept = keptOf(asked.id);
  if (kept) return kept.action === "hold" && !kept.tried && lacksReason(kept.body) ? asked : null;
  return !store.desk.current && store.link !== "down"
    && store.desk.held.some((one) => one.id === asked.id && lacksReason(one)) ? asked : null;
}

const hasPapers = ({ current, procedures }) => Boolean(current && procedures?.[current.procedure]);

const ALLOWED = {
  next: ({ open, current, desk }) => open && (current !== null || desk.waiting > 0),
  recall: ({ current }) => current?.state === "called",
  start: ({ current }) => current?.state === "called",
  "no-show": ({ current }) => current?.state === "called" && noShowLeft() === 0,
  finish: ({ current }) => current !== null,
  hold: ({ current }) => current !== null,
  "hold-reason": ({ desk }) => desk.held.length > 0,
  resume: ({ open, current }) => open && current === null,
  undo: () => undoLeft() > 0,
  pause: ({ open }) => open,
  "pause-code": ({ desk }) => desk.counter.state === "paused",
  open: ({ open }) => !open,
  close: ({ desk }) => desk.counter.state !== "closed",
  call: ({ open }) => open,
  receive: ({ open }) => open,
  why: ({ current }) => current !== null,
  papers: ({ desk }) => hasPapers(desk),
  note: ({ current }) => current !== null,
  more: () => endsShown(),
  less: () => endsShown(),
};
const ALWAYS = new Set(["transfer", "priority", "return", "cancel", "figures", "keys", "handover",
  "menu", "help"]);

// Which actions make sense now, whether or not they may be pressed this instant.
export function allows(action) {
  const desk = store.desk;
  if (!desk) return action === "menu" && store.session !== null;
  if (desk.current && keptOf(desk.current.id)) {
    if (action === "undo") return !keptOf(desk.current.id).tried;
    if (!READING.has(action)) return false;
  }
  if (ALWAYS.has(action)) return true;
  if (outcomeOf(action)) return endsShown();
  const open = desk.counter.state === "open";
  return ALLOWED[action]?.({ desk, open, current: desk.current }) ?? false;
}

export function can(action) {
  if (!allows(action)) return false;
  if (READING.has(action)) return true;
  const kept = store.desk?.current && keptOf(store.desk.current.id);
  if (kept) return action === "undo" && rested();
  return ready() || (store.link === "down" && keepable(action) && rested());
}
