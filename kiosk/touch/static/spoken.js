// What the voice says: the touch page's state and one described control into sentences.
// Pure; each sentence is {text, language}, in the words of the screen wherever the screen has them.

import { centreNames, clock, kilometres, minutes, rangeMin, shortName } from "/look/js/text.js";
import { COUNTERS_NAMED, IDLE_GUIDED_MS, TILES, loadKind, pageOf } from "./flow.js";
import { GROUPS } from "/look/js/groups.js";
import { figures, lateWords, offerWords } from "./offered.js";
import { waitLine } from "./waits.js";

export const LONGEST = 300; // letters that the agent takes at a time

const DIRECTIONS = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right" };

// What the pad's keys are called: arrows by where they point, others by what they do.
function keyNames(s, say) {
  const { keys } = s.view.guide;
  const name = (does) => say(`kiosk.guide.key.${DIRECTIONS[keys[does]] ?? does}`);
  return { previous: name("previous"), next: name("next"), choose: name("choose"), repeat: name("repeat") };
}

const told = (s, key, values = {}) => s.say(`kiosk.guide.${key}`, { ...keyNames(s, s.say), ...values });
const sentence = (s, text) => ({ text, language: s.language });
const all = (s, texts) => texts.filter(Boolean).map((text) => sentence(s, text));
const other = (s) => (s.language === "vi" ? "en" : "vi");

// How one goes on: said at the start, and whenever the last thing is asked for twice.
export function howTo(s) {
  return all(s, [told(s, "keys"), told(s, "staff")]);
}

// The first words: where one is, how to go on, and, in the other language, how to change to it.
export function welcome(s) {
  const change = s.sayOther("kiosk.guide.change", keyNames(s, s.sayOther));
  return [
    ...all(s, [told(s, "on")]),
    { text: change, language: other(s) },
    ...howTo(s),
  ];
}

// One screen or dialog, summed up. `seen` is what stands on it: {title, lines, news}.
export function screenSaid(s, seen) {
  if (s.dialog === "idle") return all(s, [s.say("kiosk.more_time"), told(s, "idle", { n: IDLE_GUIDED_MS / 1000 })]);
  if (s.dialog === "priority") {
    return all(s, [s.say("kiosk.which_group"), s.say("kiosk.which_group_more"), told(s, "groups", { n: GROUPS.length })]);
  }
  if (s.name === "home") return all(s, homeWords(s, seen));
  if (s.name === "issued") return all(s, [...numberWords(s), ...paperWords(s), told(s, "hear_again")]);
  if (s.name === "offer") return all(s, offered(s));
  if (s.name === "procedure") return procedureWords(s, seen);
  return all(s, [seen.title, ...seen.lines, seen.news]);
}

function homeWords(s, seen) {
  const { services } = s.view.centre;
  const page = pageOf(services, s.page);
  const pages = Math.ceil(services.length / TILES);
  const names = page.tiles.map((service) => shortName(service.name[s.language])).join(", ");
  return [
    s.say("kiosk.ask"),
    seen.news,
    pages > 1 && told(s, "page", { n: page.at + 1, of: pages }),
    told(s, "services", { n: page.tiles.length, names }),
  ];
}

// What one came for: which service, how long, whether at once, and every paper to have at hand.
function procedureWords(s, seen) {
  const found = s.procedures.of(s.procedure);
  const service = s.view.centre.services.find((one) => one.id === found.service);
  const wait = waitLine(s, s.view.board[found.service]);
  const some = found.papers.length > 0;
  const known = [
    `${seen.title}.`,
    `${[service && shortName(service.name[s.language]), wait].filter(Boolean).join(", ")}.`,
    ...seen.lines,
    some && `${s.say("kiosk.papers")}:`,
  ];
  const papers = some ? [{ text: `${found.papers.join("; ")}.`, language: "vi" }] : []; // named in Vietnamese alone
  return [...all(s, known), ...papers, ...all(s, [s.say(some ? "kiosk.papers_more" : "kiosk.papers_unknown")])];
}

const groupName = (s, priority) => priority && priority !== "none" && s.say(`kiosk.group.${priority}`);

function numberWords(s) {
  const { ticket, centre, mode } = s.issued;
  const service = s.view?.centre?.services.find((one) => one.id === ticket.service);
  const there = centre && centreNames(centre[s.language], s.language).full;
  return [
    told(s, "number", { number: ticket.number }),
    told(s, "again", { number: ticket.number }),
    service && `${shortName(service.name[s.language])}.`,
    groupName(s, ticket.priority) && `${groupName(s, ticket.priority)}.`,
    there && s.say("kiosk.there.news", { centre: there }),
    ...(ticket.void_at ? whenThere(s, ticket) : whenHere(s, ticket)),
    mode === "offline" && s.say("kiosk.offline_issued"),
  ];
}

function whenThere(s, ticket) {
  const at = (moment) => clock(new Date(moment), s.language, s.view?.centre?.timezone);
  return [
    `${s.say("kiosk.there.before")} ${at(ticket.void_at)}.`,
    `${s.say("kiosk.there.from", { time: at(ticket.due_at) })}.`,
    ticket.address && `${ticket.address}.`,
  ];
}

function whenHere(s, ticket) {
  const counters = ticket.counters ?? [];
  const few = counters.length > 0 && counters.length <= COUNTERS_NAMED;
  const last = counters.at(-1);
  const before = counters.slice(0, -1).join(", ");
  const numbers = before ? `${before} ${s.say("kiosk.or")} ${last}` : `${last}`;
  return [
    few && `${s.say("kiosk.counter")} ${numbers}.`,
    ticket.zone && `${ticket.zone[s.language]}.`,
    aheadWords(s, ticket.ahead),
    ticket.wait && rangeWords(s, ticket.wait),
    ticket.ahead === null && !ticket.wait && `${s.say("kiosk.wait_unknown")}.`,
  ];
}

function aheadWords(s, n) {
  if (n === null) return "";
  if (n === 0) return told(s, "none_ahead");
  return told(s, n === 1 ? "one_ahead" : "ahead", { n });
}

function rangeWords(s, wait) {
  const [low, high] = rangeMin(wait);
  return low === high ? told(s, "wait", { n: low }) : told(s, "wait_range", { low, high });
}

// What became of the paper, or is about to.
function paperWords(s) {
  const { outcome, message } = s.issued;
  if (outcome === "printing") return [`${s.say("kiosk.printing")}.`];
  if (outcome === "printed") return [told(s, "take")];
  return [message?.[s.language] || s.say("kiosk.still_valid")];
}

function offered(s) {
  const { here, there } = figures(s);
  if (!there) return [s.say("kiosk.late.title"), ...lateWords(s, here), told(s, "two_ways")];
  const { title, lines } = offerWords(s, here, there);
  return [
    ...title,
    lines,
    told(s, "choice", { n: 1, name: there.names.full, more: thereWords(s, there) }),
    told(s, "choice", { n: 2, name: s.say("kiosk.offer.here"), more: hereWords(s, here) }),
    told(s, "two_ways"),
  ];
}

function thereWords(s, there) {
  const wait = there.wait === 0 ? s.say("kiosk.no_wait") : s.say("kiosk.offer.wait", { n: there.wait });
  return told(s, "total", {
    n: there.total, km: kilometres(there.km, s.language), ride: s.say("kiosk.offer.ride", { n: there.ride }), wait,
  });
}

function hereWords(s, here) {
  if (here.wait === null) return s.say("kiosk.wait_unknown");
  return here.wait === 0 ? s.say("kiosk.no_wait") : told(s, "total_here", { n: here.wait });
}

// What changed while a screen stayed: the paper's fate, a connection that went, staff on the way.
export function newsSaid(s, seen) {
  return all(s, s.name === "issued" ? paperWords(s) : [seen.news]);
}

export function askingSaid(s) {
  return all(s, [s.say("kiosk.asking")]);
}

// After a dialog closed over the same screen: what was chosen there, if anything.
export function closedSaid(s, before) {
  const group = s.priority !== before.priority && groupName(s, s.priority);
  return all(s, [group ? told(s, "chosen", { group }) : s.say("kiosk.ask")]);
}

// A service's tile as it stands there, and what choosing it does.
function serviceWords(s, id) {
  const service = s.view.centre.services.find((one) => one.id === id);
  const load = s.view.board[id];
  const kind = loadKind(load);
  const people = kind === "wait" || kind === "no_counter" ? load.waiting : 0;
  return [
    `${service.name[s.language].split(":", 1)[0]}.`,
    kind === "wait" ? told(s, "wait", { n: minutes(load.likely_s) }) : `${s.say(`kiosk.${kind}`)}.`,
    people > 0 && told(s, people === 1 ? "one_person" : "people", { n: people }),
    told(s, "take_number"),
  ];
}

// The two ways of an offer carry their totals with them.
function wayWords(s, control) {
  const { here, there } = figures(s);
  if (!there) return [`${control.name}.`, s.say("kiosk.late.take_note")];
  return [`${control.name}.`, control.id === "choose-stay" ? `${hereWords(s, here)}.` : `${thereWords(s, there)}.`];
}

function languageWords(s, control) {
  const say = control.language === s.language ? s.say : s.sayOther;
  const key = control.pressed ? "kiosk.guide.language_now" : "kiosk.guide.language";
  const text = say(key, { ...keyNames(s, say), name: control.name });
  return [{ text, language: control.language }];
}

function fieldWords(s, { name, value }) {
  return [value ? told(s, "field", { name, value }) : told(s, "empty_field", { name })];
}

// One control that has the focus. What is known of it beyond its name:
// {name, group, service, language, id, pressed: true | false | null, value: text | null, letters: […] | null}
export function controlSaid(s, control) {
  if (control.service) return all(s, serviceWords(s, control.service));
  if (control.language) return languageWords(s, control);
  if (control.letters) return all(s, [told(s, "row", { letters: control.letters.join(", ") })]);
  if (control.value !== null) return all(s, fieldWords(s, control));
  if (s.name === "offer" && /^choose-(stay|go_there)$/.test(control.id)) return all(s, wayWords(s, control));
  if (control.pressed !== null) return all(s, [told(s, control.pressed ? "is_on" : "is_off", { name: control.name })]);
  if (control.name.length === 1) return all(s, [control.name]);
  return all(s, [control.group ? `${control.group}: ${control.name}.` : `${control.name}.`]);
}

export const roundSaid = (s, forward) => all(s, [told(s, forward ? "to_top" : "to_end")]);
export const rowLeftSaid = (s) => all(s, [told(s, "row_left")]);
export const overSaid = (s) => all(s, [told(s, "over")]);
export const volumeSaid = (s, step) => all(s, [told(s, ["soft", "middle", "loud"][step])]);
export const staffSaid = (s, called) => all(s, [told(s, called ? "called" : "not_called")]);
export const typedSaid = (s, value) => all(s, [value || told(s, "nothing_typed")]);

const SENTENCE_END = /(?<=[.!?…])(?<!(?:^|[\s(])\p{Lu}{1,3}\.)\s+/u; // not after "TP."

// Sentences as they are asked for: one by one, so that the first is heard at once.
export function pieces(said) {
  return said.flatMap(({ text, language }) =>
    text
      .split(SENTENCE_END)
      .flatMap(inReach)
      .filter((piece) => /[\p{L}\p{N}]/u.test(piece))
      .map((piece) => ({ text: piece.trim(), language })),
  );
}

// A sentence that is too long for one breath breaks at its last comma or space within reach.
function inReach(text) {
  if (text.length <= LONGEST) return [text];
  const within = text.slice(0, LONGEST);
  const at = within.lastIndexOf(", ") + 1 || within.lastIndexOf(" ");
  const end = at > 0 ? at : LONGEST;
  return [text.slice(0, end), ...inReach(text.slice(end).trimStart())];
}
