// Finding a procedure by what people type: without accents, in any order, shortened, misspelt.
// Pure: an index is built once, and asked at every key.

import { ENDINGS, EVERYDAY, LONG_FORMS, POLITE, RARE } from "./everyday.js";

const LEAST_LETTERS = 2;
const LONGEST_PHRASE = 5;
const WORD = /[\p{L}\p{N}]+/gu;
const OPENING = { vi: /^thủ tục\s+(?:hành chính\s+(?:về\s+)?)?/i, en: /^procedure\s+(?:for|to)\s+/i };

const EXACT = 1;
const EVERYDAY_WAY = 0.93;
const INITIALS = 0.72;
const SLIP = 0.62;
const PREFIX = 0.72; // of a word of which next to nothing is typed
const FIELD = 0.3;
const OTHER_LANGUAGE = 0.8;
const SHORTNESS = 0.4; // how much of the name was asked for
const IN_ORDER = 0.18;
const STARTS = 0.08; // the name begins with what was typed
const ON_THE_SPOT = 0.08;
const NEAR_HOME = 0.04; // what a commune takes in is asked for more often
const ENDS = 0.15; // to end, delete or report something is asked for by name, if at all
const RARELY = 0.1; // a kind of the procedure that few come for
const POLITE_WEIGHT = 0.12;
const NEAR_ENOUGH = 0.45;
const NEXT_TO = 2; // words so close in a name belong together
const BY_CHANCE = 0.3; // of a long name: words that are not more of it and not together are there by chance
const NEAR_MISS = 0.8; // of the best, where nothing has all the words

const plain = (text) =>
  text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replaceAll("đ", "d");

// One spelling of what sounds alike at a word's end: "ký" and "kí", "quý" and "quí".
const alike = (word) => word.replace(/^(qu|[bcdghklmnprstvx]+)y$/, "$1i");

const spelt = new Map();

export function fold(word) {
  if (!spelt.has(word)) {
    if (spelt.size > 20_000) spelt.clear();
    spelt.set(word, alike(plain(word)));
  }
  return spelt.get(word);
}

const folded = (text) => (text.normalize("NFC").match(WORD) ?? []).map(fold);

// "Thủ tục đăng ký khai sinh" is read as "Đăng ký khai sinh".
export function title(procedure, language) {
  const text = procedure.name[language].normalize("NFC").replace(OPENING[language], "").trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// ---- the index

export function buildIndex(procedures) {
  return { procedures, vi: side(procedures, "vi"), en: side(procedures, "en") };
}

function side(procedures, language) {
  const made = { words: [], ids: new Map(), seen: [], memory: new Map(), ways: ways(language), docs: [] };
  made.polite = new Set(folded(POLITE[language]));
  made.endings = ENDINGS[language].map((ending) => folded(ending).join(" "));
  made.rare = RARE[language].map((words) => folded(words).join(" "));
  made.docs = procedures.map((procedure) => doc(made, procedure, language));
  for (const one of made.docs) for (const id of new Set(one.words)) made.seen[id] += 1;
  made.rarity = made.seen.map((n) => Math.log(1 + procedures.length / Math.max(1, n)));
  return made;
}

function ways(language) {
  const found = new Map();
  for (const [said, meant] of Object.entries(EVERYDAY[language])) {
    found.set(folded(said).join(" "), meant.map(folded));
  }
  return found;
}

function idOf(made, word) {
  if (!made.ids.has(word)) {
    made.ids.set(word, made.words.length);
    made.words.push(word);
    made.seen.push(0);
  }
  return made.ids.get(word);
}

const LONG = new Map(Object.entries(LONG_FORMS).map(([short, long]) => [fold(short), folded(long)]));

// `words` by position in the title; `spans` are their places in it; `own` counts those that matter,
// and from `aside` on they stand in brackets.
function doc(made, procedure, language) {
  const text = title(procedure, language);
  const one = { procedure, words: [], spans: [], own: 0, aside: Infinity, initials: "", field: null };
  const aside = text.indexOf("(") < 0 ? text.length : text.indexOf("(");
  for (const match of text.matchAll(WORD)) {
    const word = fold(match[0]);
    const parts = LONG.get(word) ?? [word];
    if (match.index > aside) one.aside = Math.min(one.aside, one.words.length);
    for (const part of parts) {
      one.words.push(idOf(made, part));
      one.spans.push([match.index, match.index + match[0].length]);
      one.initials += part[0];
    }
    if (match.index < aside && !made.polite.has(word)) one.own += parts.length;
  }
  const flat = ` ${folded(text).join(" ")} `;
  one.ends = made.endings.some((ending) => flat.startsWith(` ${ending} `));
  one.rare = made.rare.some((words) => flat.includes(` ${words} `));
  one.field = new Set(language === "vi" ? folded(procedure.field ?? "").map((word) => idOf(made, word)) : []);
  return one;
}

// ---- one word against another

// Whether one letter is wrong, missing, too many, or two are swapped.
export function oneSlip(a, b) {
  if (Math.abs(a.length - b.length) > 1 || a === b) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const rest = (text, from) => text.slice(at + from);
  if (a.length > b.length) return rest(a, 1) === rest(b, 0);
  if (a.length < b.length) return rest(a, 0) === rest(b, 1);
  return rest(a, 1) === rest(b, 1) || (a[at] === b[at + 1] && a[at + 1] === b[at] && rest(a, 2) === rest(b, 2));
}

function slipScore(typed, word) {
  const swapped = typed.length === word.length && typed.length === 3 && typed[0] !== word[0];
  if (typed.length < 3 || word.length < 3 || (typed.length + word.length < 7 && !swapped)) return 0;
  if (oneSlip(typed, word)) return typed[0] === word[0] ? SLIP : SLIP - 0.1;
  const cut = word.slice(0, typed.length);
  return typed.length >= 4 && word.length > typed.length + 1 && oneSlip(typed, cut) ? SLIP - 0.15 : 0;
}

function closeness(typed, word, slips) {
  if (word === typed) return EXACT;
  if (word.startsWith(typed)) return PREFIX + (0.9 - PREFIX) * (typed.length / word.length);
  return slips ? slipScore(typed, word) : 0;
}

// How well a typed word fits each word of the catalogue: the index asks itself once a word.
function fits(made, typed, loose) {
  const key = loose ? `${typed}~` : typed;
  const known = made.memory.get(key);
  if (known) return known;
  const slips = loose || !made.ids.has(typed);
  const scores = new Float32Array(made.words.length);
  let some = false;
  made.words.forEach((word, id) => {
    scores[id] = closeness(typed, word, slips);
    some ||= scores[id] > 0;
  });
  const found = { scores, some, exact: made.ids.has(typed), typed };
  if (made.memory.size > 500) made.memory.clear();
  made.memory.set(key, found);
  return found;
}

// ---- what was typed

// "khaisinh" is "khai sinh": whole words of the catalogue, the last one perhaps unfinished.
function parts(made, typed) {
  if (typed.length < 5 || made.ids.has(typed)) return null;
  const best = [[]];
  for (let end = 1; end <= typed.length; end += 1) {
    for (let from = Math.max(0, end - 8); from < end - 1; from += 1) {
      const word = alike(typed.slice(from, end));
      if (!best[from] || !made.ids.has(word)) continue;
      if (!best[end] || best[from].length + 1 < best[end].length) best[end] = [...best[from], word];
    }
  }
  return best[typed.length]?.length > 1 ? best[typed.length] : null;
}

// Vietnamese typed as keys rather than letters: "ddawng" is "đăng", "kys" is "ký".
const TELEX = [[/dd/g, "d"], [/aa|aw/g, "a"], [/ee/g, "e"], [/oo|ow/g, "o"], [/uw|w/g, "u"], [/[sfrxj](?=\d?$)/, ""]];
const keysOf = (typed) => alike(TELEX.reduce((text, [from, to]) => text.replace(from, to), typed));

// The terms of a query; each is there in one of several ways, and each way is a row of words.
function terms(made, typed, loose) {
  const found = [];
  for (let at = 0; at < typed.length; ) {
    let taken = 1;
    for (let n = Math.min(LONGEST_PHRASE, typed.length - at); n > 1 && taken === 1; n -= 1) {
      if (made.ways.has(typed.slice(at, at + n).join(" "))) taken = n;
    }
    found.push(term(made, typed.slice(at, at + taken), loose));
    at += taken;
  }
  if (found.every((one) => one.polite)) for (const one of found) one.polite = false;
  return found;
}

function term(made, words, loose) {
  const way = (row, factor) => ({ row: row.map((word) => fits(made, word, loose)), factor });
  const found = [{ ...way(words, 1), together: words.length > 1 }];
  for (const meant of made.ways.get(words.join(" ")) ?? []) found.push(way(meant, EVERYDAY_WAY));
  const [typed] = words;
  if (words.length === 1) {
    const split = parts(made, typed);
    const keys = keysOf(typed);
    if (split) found.push(way(split, EVERYDAY_WAY));
    if (keys !== typed && keys.length > 1 && !made.ids.has(typed)) found.push(way([keys], 0.9));
  }
  const rare = words.map((word) => made.rarity[made.ids.get(word)] ?? 4);
  return {
    ways: found,
    weight: rare.reduce((sum, one) => sum + one, 0),
    initials: found.length === 1 && words.length === 1 && typed.length > 1 && !made.ids.has(typed) ? typed : null,
    polite: words.every((word) => made.polite.has(word)),
  };
}

// ---- a procedure against a query

function bestWord(one, fit) {
  let score = 0;
  let at = -1;
  for (let place = 0; place < one.words.length; place += 1) {
    const here = fit.scores[one.words[place]];
    if (here > score) [score, at] = [here, place];
    if (score === EXACT) break;
  }
  return { score, at };
}

const NOWHERE = { score: 0, places: [], row: [] };

function inOneWay(one, { row, factor, together }) {
  let sum = 0;
  const places = [];
  for (const fit of row) {
    const { score, at } = bestWord(one, fit);
    if (at < 0) return NOWHERE;
    sum += score;
    places.push(at);
  }
  const led = follow(one, row, places);
  if (together && led.some((place, index) => index > 0 && place !== led[index - 1] + 1)) return NOWHERE;
  return { score: (factor * sum) / row.length, places: led, row };
}

function bestWay(one, wanted) {
  let best = NOWHERE;
  for (const way of wanted.ways) {
    const found = way.row.every((fit) => fit.some) ? inOneWay(one, way) : NOWHERE;
    if (found.score > best.score) best = found;
  }
  if (best.score < INITIALS && wanted.initials) return byInitials(one, wanted.initials) ?? best;
  return best.score > 0 ? best : byField(one, wanted);
}

// Where a word stands twice, the place right after the word before counts.
function follow(one, row, places) {
  let before = -2;
  return places.map((place, index) => {
    const fit = row[index]?.scores;
    const led = fit && before >= 0 && fit[one.words[before + 1]] === fit[one.words[place]];
    before = led ? before + 1 : place;
    return before;
  });
}

function byInitials(one, typed) {
  const at = one.initials.indexOf(typed);
  return at < 0 ? null : { score: INITIALS, places: [...typed].map((_, index) => at + index), row: [] };
}

function byField(one, wanted) {
  const [first] = wanted.ways;
  const there = first.row.every((fit) => [...one.field].some((id) => fit.scores[id] === EXACT));
  return there ? { ...NOWHERE, score: FIELD } : NOWHERE;
}

function match(one, wanted, most) {
  let missing = 0;
  let sum = 0;
  let whole = 0;
  const places = [];
  const rows = [];
  for (const each of wanted) {
    const { score, places: here, row } = bestWay(one, each);
    const weight = each.polite ? POLITE_WEIGHT : each.weight;
    if (score === 0 && !each.polite) missing += 1;
    if (score > 0 || !each.polite) whole += weight;
    sum += weight * score;
    places.push(...here);
    rows.push(...here.map((_, index) => row[index]));
    if (missing > most) return null;
  }
  return { one, missing, quality: whole > 0 ? sum / whole : 0, places: follow(one, rows, places) };
}

function score({ one, quality, places }) {
  const { procedure } = one;
  const asked = new Set(places.filter((place) => place < one.aside)).size;
  const steps = places.slice(1).filter((place, index) => place === places[index] + 1).length;
  return (
    quality +
    SHORTNESS * Math.min(1, asked / Math.max(1, one.own)) +
    (places.length > 1 ? (IN_ORDER * steps) / (places.length - 1) : 0) +
    (places[0] === 0 ? STARTS : 0) -
    (one.ends && !places.includes(0) ? ENDS : 0) -
    (one.rare || asked === 0 ? RARELY : 0) +
    (procedure.on_the_spot ? ON_THE_SPOT : 0) +
    (procedure.level === "province" ? 0 : NEAR_HOME)
  );
}

// In a name of sixty syllables any four can be found: they mean something only side by side.
function byChance({ one, places }) {
  const asked = [...new Set(places)];
  if (asked.length < 2 || asked.length > BY_CHANCE * one.words.length) return false;
  const near = asked.slice(1).filter((place, index) => place > asked[index] && place - asked[index] <= NEXT_TO);
  return 2 * near.length < asked.length - 1;
}

function marks({ one, places }) {
  const spans = [...new Set(places)].map((place) => one.spans[place]).sort((a, b) => a[0] - b[0]);
  const joined = [];
  for (const [from, to] of spans) {
    const last = joined.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(to, last[1]);
    else joined.push([from, to]);
  }
  return joined;
}

function sideHits(made, typed, loose) {
  const wanted = terms(made, typed, loose);
  const most = Math.floor(wanted.filter((each) => !each.polite).length / 2);
  return made.docs.map((one) => match(one, wanted, most)).filter((hit) => hit?.places.length > 0 && !byChance(hit));
}

function numbered(index, digits) {
  const found = index.procedures.filter((one) => one.code.replace(/\D/g, "").startsWith(digits));
  return found.map((procedure) => ({ procedure, marks: [] }));
}

// The procedures that fit, best first: {procedure, marks: [[from, to], …] of its title}.
export function search(index, query, language) {
  const digits = query.replace(/[\s.]/g, "");
  if (/^\d{4,}$/.test(digits)) return numbered(index, digits);
  const typed = folded(query);
  if (typed.join("").length < LEAST_LETTERS) return [];
  const exact = hits(index, typed, language, false);
  return exact.length > 0 ? exact : hits(index, typed, language, true);
}

function hits(index, typed, language, loose) {
  const other = language === "vi" ? "en" : "vi";
  const byCode = new Map();
  const take = (hit, factor, shown) => {
    const known = byCode.get(hit.one.procedure.code);
    const points = factor * score(hit);
    if (known && (known.missing < hit.missing || (known.missing === hit.missing && known.points >= points))) return;
    byCode.set(hit.one.procedure.code, { hit, points, missing: hit.missing, shown });
  };
  for (const hit of sideHits(index[language], typed, loose)) take(hit, 1, true);
  for (const hit of sideHits(index[other], typed, loose)) take(hit, OTHER_LANGUAGE, false);
  const found = [...byCode.values()];
  const least = Math.min(...found.map((each) => each.missing));
  const best = Math.max(...found.map(({ hit }) => hit.quality));
  const enough = least === 0 ? 0 : Math.max(NEAR_ENOUGH, NEAR_MISS * best);
  return found
    .filter((each) => each.missing === least && each.hit.quality >= enough)
    .sort((a, b) => b.points - a.points)
    .map(({ hit, shown }) => ({ procedure: hit.one.procedure, marks: shown ? marks(hit) : [] }));
}
