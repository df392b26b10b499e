// Time as the desk tells it: by the server's clock, in the centre's zone, in plain words.

import { say } from "/static/words.js";

let offsetMs = 0;

export function setServerTime(text) {
  offsetMs = Date.parse(text) - Date.now();
}

export function now() {
  return Date.now() + offsetMs;
}

export function since(text) {
  return Math.max(0, Math.floor((now() - Date.parse(text)) / 1000));
}

export function wallClock(zone) {
  return new Intl.DateTimeFormat("vi-VN", {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: zone,
  }).format(now());
}

const two = (n) => String(n).padStart(2, "0");

export function stopwatch(seconds) {
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

export function span(words, seconds) {
  if (seconds < 60) return say(words, "desk.span.s", { seconds });
  return say(words, "desk.span", { minutes: Math.floor(seconds / 60), seconds: seconds % 60 });
}

export function minutes(words, seconds) {
  if (seconds < 60) return say(words, "desk.minutes.under");
  return say(words, "desk.minutes", { minutes: Math.floor(seconds / 60) });
}
