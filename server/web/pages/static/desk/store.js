// All that the page knows, in one plain object, and the questions the views ask of it.

import { say } from "/static/words.js";
import { now } from "/static/desk/times.js";

export const store = {
  language: "vi",
  both: {},
  session: null,
  centre: null,
  counter: null,
  desk: null,
  link: "connecting", // connecting | up | down
  lostAt: 0,
  fresh: false, // the snapshot is the newest there is
  retrying: false, // the last question for a snapshot got no answer
  busy: null, // the action under way
  quietUntil: 0, // a second press of the same finger is not a second command
  fault: null, // {action, code}
  transferring: null, // the ticket being transferred, while its dialog is open
  search: "",
};

export const words = () => store.both[store.language];
export const t = (key, values) => say(words(), key, values);
export const named = (name) => (name ? name[store.language] : "");

export function serviceOf(id) {
  return store.centre.services.find((service) => service.id === id);
}

export function serviceName(id) {
  const service = serviceOf(id);
  return service ? named(service.name) : id;
}

export const serviceNames = (counter) => counter.services.map(serviceName);

// Nothing may be pressed before the page shows the truth, nor while a command is under way.
export function ready() {
  return store.link === "up" && store.fresh && !store.busy && Date.now() >= store.quietUntil;
}

export function undoLeft() {
  const offer = store.desk?.undo;
  return offer ? Math.max(0, Math.ceil((Date.parse(offer.until) - now()) / 1000)) : 0;
}

// Which actions make sense now, whether or not they may be pressed this instant.
export function allows(action) {
  const desk = store.desk;
  if (!desk) return false;
  const open = desk.counter.state === "open";
  const current = desk.current;
  switch (action) {
    case "next":
      return open && (current !== null || desk.waiting > 0);
    case "recall":
    case "start":
    case "no-show":
      return current?.state === "called";
    case "finish":
    case "hold":
    case "transfer":
      return current !== null;
    case "resume":
      return open && current === null;
    case "undo":
      return undoLeft() > 0;
    case "pause":
      return open;
    case "open":
    case "close":
      return action === "open" ? !open : desk.counter.state !== "closed";
    default:
      return false;
  }
}

export const can = (action) => ready() && allows(action);
