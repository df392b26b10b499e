// All that the manager's page knows, in one plain object, and the questions its views ask of it.

import { clock } from "/look/js/text.js";
import { say } from "/static/words.js";

export const store = {
  language: "vi",
  both: {},
  session: null,
  centres: [], // what a province's admin chooses among
  centre: null, // GET /centres/{id}: names, targets, counters
  advice: null, // GET …/advice: strain, advice, loans
  board: null, // what each counter does
  ratings: null, // today's figures
  accuracy: null, // how good today's waits were
  link: "connecting", // connecting | up | down
  lostAt: 0,
  fresh: false, // what is shown is the newest there is
  heardAt: 0, // when it was, by the server's clock
  help: null,
  devices: null,
  notices: null,
  seats: null,
  coming: null,
  tickets: {}, // by counter: {number, state, called_at, started_at, service}
  since: {}, // by counter: since when it is as it is, where that was seen here
  pending: {}, // by what is pressed: the command that is not answered yet, with its key
  done: {}, // likewise: answered, and not yet seen in what is shown
  fault: null, // {id, code}
  form: null, // the notice that is being written
};

export const words = () => store.both[store.language];
export const t = (key, values) => say(words(), key, values);
export const named = (name) => (name ? name[store.language] : "");

export const serviceOf = (id) => store.centre.services.find((service) => service.id === id);
export const seatOf = (counter) =>
  store.seats?.seats.find((seat) => seat.counter.id === counter)?.name ?? "";

export const live = () => store.link === "up" && store.fresh;

// Nothing may be pressed while the server is away, or twice.
export const ready = (id) => store.link === "up" && !store.pending[id] && !store.done[id];

export const clockOf = (at) => clock(new Date(at), store.language, store.centre.timezone);

// A list as people say it: "Đất đai, Thuế và Hộ tịch".
export const list = (items) => (items.length < 2 ? items.join("")
  : `${items.slice(0, -1).join(", ")} ${t("manage.and")} ${items.at(-1)}`);

const SHARE = new Map();

// 0.934 is "93 %" in Vietnamese and "93%" in English.
export function percent(share) {
  if (!SHARE.has(store.language)) {
    const locale = store.language === "vi" ? "vi-VN" : "en-GB";
    SHARE.set(store.language, new Intl.NumberFormat(locale, { style: "percent" }));
  }
  return SHARE.get(store.language).format(share);
}
