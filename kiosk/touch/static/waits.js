// How long one waits, as people say it: a queue's own figures, and the lunch hour in between.

import { html } from "/look/vendor/lit.js";
import { clock, minutes } from "/look/js/text.js";
import { loadKind } from "./flow.js";

export const BUSY_MIN = 30;

// The two parts of a tile's foot: how long, and how many people.
export function waitText(s, load) {
  const { say } = s;
  const kind = loadKind(load);
  if (kind === "still_open") return html`<span>${say("kiosk.still_open")}</span>`;
  const people = html`<span>${say("kiosk.people", { n: load.waiting })}</span>`;
  if (kind === "no_counter") return html`<span>${say("kiosk.no_counter")}</span>${people}`;
  if (kind === "no_wait") return html`<span><b>${say("kiosk.no_wait")}</b></span>`;
  return html`<span>${say("kiosk.about")} <b>${say("kiosk.n_minutes", { n: minutes(load.likely_s) })}</b></span>${people}`;
}

// The same in one line: "chờ khoảng 12 phút"; empty while nothing is known.
export function waitLine(s, load) {
  const kind = loadKind(load);
  if (kind === "still_open") return "";
  if (kind !== "wait") return s.say(`kiosk.${kind}`);
  return `${s.say("kiosk.about")} ${s.say("kiosk.n_minutes", { n: minutes(load.likely_s) })}`;
}

// Waits are told in opening time: what to say of one that lunch interrupts, or that has not begun,
// in the words of `key` (`wait`: as the heading of a figure, `pause`: as a sentence).
export function pauseWords(s, wait_s, key = "wait") {
  const { centre } = s.view;
  if (wait_s === null || wait_s === undefined || !centre.resumes_at) return null;
  const time = clock(new Date(centre.resumes_at), s.language, centre.timezone);
  if (!centre.open) return s.say(`kiosk.${key}_from`, { time });
  const over = centre.closes_at && s.at + wait_s * 1000 > Date.parse(centre.closes_at);
  return over ? s.say(`kiosk.${key}_over`, { time }) : null;
}

// The longest of a row of services: if lunch lies in none of the waits, it is worth no words.
export function pauseOfAll(s, services) {
  const waits = services.map((service) => s.view.board[service.id]?.likely_s ?? null).filter((wait) => wait !== null);
  return waits.length > 0 ? pauseWords(s, Math.max(...waits), "pause") : null;
}
