// The words of a page: a stable key, filled with values; `key.one` is used for a count of one.

export function say(words, key, values = {}) {
  const single = values.count === 1 ? words[`${key}.one`] : undefined;
  const text = single ?? words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function readJson(id) {
  return JSON.parse(document.getElementById(id).textContent);
}
