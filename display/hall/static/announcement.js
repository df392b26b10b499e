// What is said for a call, as names of clips in order; the same rule as `display/voice/announcement.py`.
// Pure.

const SPOKEN = ["vi", "en"];
export const NUMBERED_COUNTERS = 99; // higher numbers are said digit by digit

function letterOrDigit(sign) {
  return /[0-9]/.test(sign) ? `digit-${sign}` : `letter-${sign.toLowerCase()}`;
}

function counterNames(number) {
  if (number >= 1 && number <= NUMBERED_COUNTERS) return [`counter-${number}`];
  return [...String(number)].map(letterOrDigit);
}

// The clips of one call, after the chime or without it.
export function sentence(call, { chime = true } = {}) {
  const language = SPOKEN.includes(call.language) ? call.language : "vi";
  const words = [
    ...(call.times > 1 ? ["again"] : []),
    "call",
    ...[...call.number].filter((sign) => /[0-9A-Za-z]/.test(sign)).map(letterOrDigit),
    "to",
    ...counterNames(call.counter.number),
    ...(language === "en" ? ["please"] : []),
  ];
  return [...(chime ? ["chime"] : []), ...words.map((name) => `${language}/${name}`)];
}

// Every clip that a centre can need: its prefixes and counters, the digits, the phrases.
export function repertoire(info) {
  const signs = new Set([..."z0123456789"]); // Z is a kiosk's emergency series
  for (const service of info.services) {
    for (const sign of service.prefix) signs.add(sign.toLowerCase());
  }
  const counters = info.counters.flatMap((counter) => counterNames(counter.number));
  const names = ["call", "again", "to", ...[...signs].map(letterOrDigit), ...counters];
  const all = SPOKEN.flatMap((language) => names.map((name) => `${language}/${name}`));
  return [...new Set(["chime", ...all, "en/please"])];
}

// How loud it is now, in percent: the last step at or before this time of day ("HH:MM"); before the
// first step of a day the last one still holds.
export function volumeAt(steps, time) {
  if (steps.length === 0) return 100;
  const sorted = [...steps].sort((a, b) => (a.at < b.at ? -1 : 1));
  return (sorted.findLast((step) => step.at <= time) ?? sorted.at(-1)).percent;
}
