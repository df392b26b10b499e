// Vietnamese accents set after the letters: the last syllable takes the tone or the hat. Pure.

// What each key is called, and what it shows.
export const ACCENTS = [
  ["acute", "á"], ["grave", "à"], ["hook", "ả"], ["tilde", "ã"], ["dot", "ạ"],
  ["hat", "â ê ô"], ["horn", "ơ ư"], ["breve", "ă"], ["stroke", "đ"],
];

const TONE = { acute: "\u0301", grave: "\u0300", hook: "\u0309", tilde: "\u0303", dot: "\u0323" };
const SHAPE = { hat: ["\u0302", "aeo"], horn: ["\u031b", "ou"], breve: ["\u0306", "a"] };
const TONES = /[\u0301\u0300\u0309\u0303\u0323]/g;
const SHAPES = /[\u0302\u031b\u0306]/;
const LAST_SYLLABLE = /[\p{L}\p{M}]+$/u;
const VOWELS = /(?:[aeiouy][\u0300-\u036f]*)+/giu;

// Letters with what stands on them: "ươ" is ["ư", "ơ"].
const letters = (text) => text.match(/\P{M}\p{M}*/gu) ?? [];

// The vowels that carry an accent: those of "qu" and "gi" belong to the consonant.
function carriers(syllable) {
  const head = /^(?:qu|gi(?=[aeou]))/i.exec(syllable)?.[0] ?? "";
  const found = [...syllable.matchAll(VOWELS)].findLast((one) => one.index + one[0].length > head.length);
  if (!found) return null;
  const from = Math.max(found.index, head.length);
  return { from, row: letters(syllable.slice(from, found.index + found[0].length)), rest: syllable.slice(found.index + found[0].length) };
}

// Where the tone stands: on a shaped vowel, before a final consonant on the last, else on the one before it.
function toneAt(row, rest) {
  const shaped = row.findLastIndex((letter) => SHAPES.test(letter));
  if (shaped >= 0) return shaped;
  return rest || row.length === 1 ? row.length - 1 : row.length - 2;
}

function toned(row, rest, mark) {
  const at = toneAt(row, rest);
  const had = row[at].includes(mark);
  return row.map((letter, index) => letter.replace(TONES, "") + (index === at && !had ? mark : ""));
}

function shaped(row, [mark, which]) {
  const fits = (letter) => which.includes(letter[0].toLowerCase());
  const all = mark === SHAPE.horn[0] && row.length > 1 && row.every(fits);
  const at = row.findLastIndex(fits);
  return row.map((letter, index) => {
    if (!fits(letter) || (!all && index !== at)) return letter;
    const had = letter.includes(mark);
    const tones = letter.match(TONES)?.join("") ?? "";
    return letter[0] + (had ? "" : mark) + tones;
  });
}

function stroked(syllable) {
  return /^đ/i.test(syllable) ? syllable.replace(/^đ/, "d").replace(/^Đ/, "D") : syllable.replace(/^d/, "đ").replace(/^D/, "Đ");
}

// The text with an accent on its last syllable; the same accent again takes it away.
export function accented(text, name) {
  const found = LAST_SYLLABLE.exec(text);
  if (!found) return text;
  const before = text.slice(0, found.index);
  if (name === "stroke") return before + stroked(found[0]);
  const syllable = found[0].normalize("NFD");
  const vowels = carriers(syllable);
  if (!vowels) return text;
  const { from, row, rest } = vowels;
  const changed = TONE[name] ? toned(row, rest, TONE[name]) : shaped(row, SHAPE[name]);
  return (before + syllable.slice(0, from) + changed.join("") + rest).normalize("NFC");
}
