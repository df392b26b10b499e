// Where a number is served, and one plain sentence that a greeter reads aloud.

import { clock, rangeMin } from "/look/js/text.js";
import { named, store, t } from "/static/greet/store.js";

const FEW = 3; // more counters than this say nothing to anybody; the area does
const SOON_MIN = 5;

export const countersOf = (service) =>
  store.centre.counters.filter((counter) => counter.services.includes(service));

const zoneOf = (id) => store.centre.zones.find((zone) => zone.id === id) ?? null;

// In Vietnamese "Khu A" stands in the middle of a sentence as "khu A".
function inside(text) {
  return store.language === "vi" ? text[0].toLowerCase() + text.slice(1) : text;
}

function zoneWords(zone) {
  const floors = new Set(store.centre.zones.map((one) => one.floor));
  const floor = floors.size > 1 ? `, ${t("greet.floor", { floor: zone.floor })}` : "";
  return `${inside(named(zone.name))}${floor}, ${t(`greet.side.${zone.side}`)}`;
}

// ", khu A, bên trái sảnh", or nothing where the place says nothing.
function after(counters) {
  const zones = [...new Set(counters.map((counter) => counter.zone))];
  const zone = zones.length === 1 ? zoneOf(zones[0]) : null;
  return zone ? `, ${zoneWords(zone)}` : "";
}

export function either(numbers) {
  if (numbers.length < 2) return numbers.join("");
  return `${numbers.slice(0, -1).join(", ")} ${t("greet.or")} ${numbers.at(-1)}`;
}

// What stands on the card: "Quầy 3 hoặc 4, khu A, bên trái sảnh".
export function placeLine(ticket) {
  const at = ticket.counter ? [counterOf(ticket)] : countersOf(ticket.service);
  if (!at.length) return t("greet.place.none");
  const place = after(at);
  if (at.length > FEW) return place ? capital(place.slice(2)) : t("greet.place.many");
  return t("greet.place", { counters: either(at.map((counter) => counter.number)), place });
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);

function counterOf({ counter }) {
  const known = store.centre.counters.find((one) => one.id === counter.id);
  return known ?? { ...counter, zone: null };
}

export function waitLine(wait) {
  if (!wait) return t("greet.wait.unknown");
  const [low, high] = rangeMin(wait);
  if (high <= SOON_MIN) return t("greet.wait.soon", { high: SOON_MIN });
  return low === high ? t("greet.wait.about", { high }) : t("greet.wait.range", { low, high });
}

function turn({ ahead, wait }) {
  if (ahead === 0) return t("greet.say.next");
  if (ahead === null) return "";
  return t("greet.say.ahead", { count: ahead, wait: waitLine(wait) });
}

function waiting(ticket) {
  const able = countersOf(ticket.service);
  const place = after(able);
  const go = able.length && able.length <= FEW
    ? t("greet.say.go", { number: ticket.number, counters: either(able.map(({ number }) => number)) })
    : t("greet.say.listen", { number: ticket.number });
  return [t("greet.say.wait", { place }), go, turn(ticket)].filter(Boolean).join(" ");
}

export function sentence(ticket) {
  if (ticket.due_at) {
    const time = clock(new Date(ticket.due_at), store.language, store.centre.timezone);
    return t("greet.say.coming", { time });
  }
  if (ticket.state === "waiting") return waiting(ticket);
  if (!ticket.counter || !["called", "serving", "on_hold"].includes(ticket.state)) {
    return t(`greet.say.${ticket.state}`, { number: ticket.number });
  }
  const counter = counterOf(ticket);
  return t(`greet.say.${ticket.state}`, { counter: counter.number, place: after([counter]) });
}
