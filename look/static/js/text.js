// Words, names and times as people read them.

export function speaker(words) {
  return (language) => (key, values = {}) =>
    words[language][key].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// What people type to find something: without accents, capitals or outer blanks.
export const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "")
  .replace(/[đĐ]/g, "d").toLowerCase().trim();

// "Công an: căn cước, cư trú" is known as "Công an"; lists are known by their first item.
export function shortName(name) {
  return name.split(/[:,]/, 1)[0].trim();
}

const HOUSE = {
  vi: /^((?:Chi nhánh )?Trung tâm Phục vụ hành chính công)\s+(.+)$/i,
  en: /^(.+?),?\s+((?:Public Administration|Public) Service Centre)$/i,
};

// A centre's name in two parts: what kind of house it is, and which one.
export function nameParts(name, language) {
  const match = HOUSE[language].exec(name);
  if (!match) return { house: "", place: name };
  const [house, place] = language === "vi" ? [match[1], match[2]] : [match[2], match[1]];
  return { house, place: place[0].toUpperCase() + place.slice(1) };
}

const UNIT = /^(?:thành phố|thị xã|thị trấn|huyện|quận|phường|xã|tỉnh)\s+/i;

// Another centre's name: in full ("Chi nhánh Thuận An"), and after "đến" ("Thuận An").
export function centreNames(name, language) {
  const { house, place } = nameParts(name, language);
  if (language === "vi" && /^chi nhánh/i.test(house)) {
    const near = place.replace(UNIT, "");
    return { full: `Chi nhánh ${near}`, near };
  }
  const near = language === "vi" && UNIT.test(place) ? place[0].toLowerCase() + place.slice(1) : place;
  return { full: place, near };
}

const LOCALE = { vi: "vi-VN", en: "en-GB" };
const formats = new Map();

function format(language, timeZone, kind, options) {
  const key = `${language} ${timeZone} ${kind}`;
  if (!formats.has(key)) {
    formats.set(key, new Intl.DateTimeFormat(LOCALE[language], { timeZone, ...options }));
  }
  return formats.get(key);
}

export function clock(at, language, timeZone) {
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return format(language, timeZone, "clock", options).format(at);
}

// "Thứ Hai, 23/11"
export function dayOf(at, language, timeZone) {
  const weekday = format(language, timeZone, "weekday", { weekday: "long" }).format(at);
  const day = format(language, timeZone, "day", { day: "2-digit", month: "2-digit" }).format(at);
  return `${weekday}, ${day.replace("-", "/")}`;
}

export function minutes(seconds) {
  return Math.max(1, Math.round(seconds / 60));
}

// 3.24 is "3,2" in Vietnamese and "3.2" in English.
export function kilometres(km, language) {
  return km.toLocaleString(LOCALE[language], { maximumFractionDigits: 1 });
}

// A wait as people read it: from the likely minutes to those that nine of ten stay under.
export function rangeMin(wait) {
  const low = minutes(wait.likely_s);
  return [low, Math.max(low, Math.ceil(wait.high_s / 60))];
}
