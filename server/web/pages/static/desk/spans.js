// How long something takes or has taken, in the desk's plain words.

import { say } from "/static/words.js";

export function span(words, seconds) {
  if (seconds < 60) return say(words, "desk.span.s", { seconds });
  return say(words, "desk.span", { minutes: Math.floor(seconds / 60), seconds: seconds % 60 });
}

export function minutes(words, seconds) {
  if (seconds < 60) return say(words, "desk.minutes.under");
  return say(words, "desk.minutes", { minutes: Math.floor(seconds / 60) });
}
