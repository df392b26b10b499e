// The messages of the band at the bottom: what the hall always says, and what managers say now. Pure.

import { pages } from "./layout.js";
import { messagesOf } from "./ticker.js";
import { minutes, shortName } from "/look/js/text.js";

// The services of the counters that this screen speaks for.
export function waits(s) {
  const here = s.columns.reduce((all, column) => new Set([...all, ...column.services]), new Set());
  return s.board.services.filter((service) => here.has(service.id));
}

function waitLine(s, services) {
  const parts = services.filter((one) => one.likely_s !== null).map((one) => s.say("hall.wait_of", {
    service: shortName(one.name[s.language]), minutes: minutes(one.likely_s),
  }));
  return parts.length > 0 ? s.say("hall.wait_line", { waits: parts.join(" · ") }) : null;
}

function zoneLines(s) {
  const names = new Map(s.info.services.map((one) => [one.id, shortName(one.name[s.language])]));
  return s.columns.map((column) => s.say("hall.zone_line", {
    zone: column.zones.map((zone) => zone.name[s.language]).join(", "),
    services: [...column.services].map((id) => names.get(id)).slice(0, 5).join(", "),
  }));
}

function usual(s) {
  const always = ["hall.missed", "hall.phone", "hall.priority"].map((key) => s.say(key));
  if (s.columns.length < 2) return always;
  const lines = pages(waits(s), 4).map((page) => waitLine(s, page)).filter(Boolean);
  return [...zoneLines(s), ...lines, ...always];
}

// A message of the screen's own; its place in the list is its name, so that a wait that changes
// is put right where it stands.
const own = (s) => (text, index) => ({ key: `usual-${index}`, text, lang: s.language });

// While the screen does not know: what two columns have no other place to say.
function lost(s) {
  const listen = { key: "listen", text: s.say("hall.listen"), lang: s.language, listen: true };
  return [listen, ...messagesOf(s.notices, [], s.language, s.at).filter((one) => one.urgent)];
}

export function messages(s) {
  if (s.refused || !s.info || !s.board) return [];
  if (s.stale && s.columns.length > 1) return lost(s);
  return messagesOf(s.notices, usual(s).map(own(s)), s.language, s.at);
}
