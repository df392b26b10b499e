// What stands on the page, read from the page itself: its words, its controls and their order.

const CONTROLS = "button, a[href], input, summary";
const ROWS = ".kbd > div"; // the rows of the screen's keyboard are walked as one item each

const tidy = (text) => text.replace(/\s+/g, " ").trim();

// The words below `node` that are in this language and not hidden; a pause between its parts, if any.
function wordsOf(node, language, pause = " ") {
  const found = [];
  let before = null;
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const home = walker.currentNode.parentElement;
    const part = home.closest(":not(mark)"); // what is only marked goes on without a pause
    const lang = home.closest("[lang]")?.lang;
    if (home.closest("[aria-hidden=true]") || (lang !== language && lang !== node.lang)) continue;
    const text = tidy(walker.currentNode.data);
    if (!text) continue;
    if (before) found.push(before === part || /[.,:;!?]$/.test(found.at(-1)) ? " " : pause);
    found.push(text);
    before = part;
  }
  return tidy(found.join(""));
}

function nameOf(control, language) {
  const label = control.labels?.[0] ?? null;
  return control.ariaLabel || (label && wordsOf(label, language)) || wordsOf(control, language, ", ");
}

// What belongs to a control though it stands beside it: the heading of its box.
function groupOf(control, language) {
  const id = control.closest("section[aria-labelledby]")?.getAttribute("aria-labelledby");
  const heading = id && document.getElementById(id);
  return heading ? wordsOf(heading, language) : "";
}

export function describe(control, language) {
  const { service, language: to } = control.dataset;
  // A button that changes its name with its state says enough by its name.
  const pressed = control.matches(".k-tool-low, #call-staff") ? null : control.getAttribute("aria-pressed");
  return {
    id: control.id,
    name: nameOf(control, language),
    group: groupOf(control, language),
    service,
    language: to,
    pressed: pressed === null ? null : pressed === "true",
    value: control.tagName === "INPUT" ? control.value : null,
    letters: null,
  };
}

// A row of the screen's keyboard as one item, or null for anything else.
export function readRow(element) {
  if (!element.matches(ROWS)) return null;
  const letters = [...element.querySelectorAll(CONTROLS)].map((key) => key.ariaLabel || tidy(key.textContent));
  return { id: "", name: "", value: null, pressed: null, letters };
}

// The screen in words: its heading, its paragraphs, and what it announces by itself.
export function lookAt(language) {
  const main = document.querySelector("main");
  const title = document.querySelector("h1");
  const news = [...document.querySelectorAll("main [role=status], aside [role=status]")];
  const lines = [...(main?.querySelectorAll("p") ?? [])].filter(
    (line) => line.checkVisibility() && !line.matches(":has(button, input)") && !line.closest("[role=status], button, dl, section, label"),
  );
  const read = (elements) => elements.map((one) => wordsOf(one, language)).filter(Boolean);
  return { title: title ? wordsOf(title, language) : "", lines: read(lines), news: read(news).join(" ") };
}

const usable = (one) => one.checkVisibility() && !one.disabled && !one.closest("[inert]");

// What the pad stops at, in order: in a row its keys, else every control, a row being one.
export function stops(row) {
  if (row) return [...row.querySelectorAll(CONTROLS)].filter(usable);
  const found = [...document.querySelectorAll(CONTROLS)].filter(usable);
  return [...new Set(found.map((one) => one.closest(ROWS) ?? one))].map((one) => {
    if (one.matches(ROWS)) one.tabIndex = -1;
    return one;
  });
}

const isAfter = (one, at) => Boolean(at.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);

// From here one step on or back: {to, round: past an end, left: out of the row}.
export function nextStop(found, at, row, forward) {
  if (found.length === 0) return { to: null };
  const here = found.indexOf(at);
  if (row) {
    const to = found[here + (forward ? 1 : -1)];
    return to ? { to } : { to: row, left: true };
  }
  const ahead = forward
    ? found.findIndex((one) => isAfter(one, at) && !at.contains(one))
    : found.findLastIndex((one) => !isAfter(one, at) && one !== at && !one.contains(at));
  const to = at === document.body ? -1 : ahead;
  return to >= 0 ? { to: found[to] } : { to: forward ? found[0] : found.at(-1), round: at !== document.body };
}
