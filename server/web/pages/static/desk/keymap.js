// Which key does what. Everybody may change it on their own machine; the defaults are on the page.

const KEPT = "layso.keys";
const DEFAULTS = {
  next: ["Space", "F9"], start: ["B"], recall: ["R"], "no-show": ["K"], transfer: ["C"],
  hold: ["G"], finish: ["H"], undo: ["Control+Z"],
  "end-1": ["1"], "end-2": ["2"], "end-3": ["3"], "end-4": ["4"], "end-5": ["5"],
  more: ["+"], less: ["-"],
  call: ["S"], receive: ["E"], priority: ["U"], return: ["V"], cancel: ["X"],
  why: ["?"], papers: ["Y"], note: ["N"],
  pause: ["P"], help: ["T"], figures: ["L"], handover: ["O"], close: ["Q"], menu: ["M"],
  keys: ["F2"],
};

export const ACTIONS = Object.keys(DEFAULTS);

let chosen = readChosen();

function readChosen() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    return Object.fromEntries(Object.entries(kept).filter(([action, keys]) =>
      action in DEFAULTS && Array.isArray(keys) && keys.every((key) => typeof key === "string")));
  } catch {
    return {};
  }
}

export const keysOf = (action) => chosen[action] ?? DEFAULTS[action] ?? [];
export const isChanged = () => Object.keys(chosen).length > 0;

function keep(next) {
  chosen = next;
  try {
    localStorage.setItem(KEPT, JSON.stringify(chosen));
  } catch {
    // No storage: they hold until the page is closed.
  }
}

// Give an action a key; the name of the action that has it already, if any, and then no change.
export function remap(action, key) {
  const taken = ACTIONS.find((other) => other !== action && keysOf(other).includes(key));
  if (!taken) keep({ ...chosen, [action]: [key] });
  return taken ?? null;
}

export function backToDefaults() {
  keep({});
}

// ── names of keys ──

function base(event) {
  if (event.code === "Space") return "Space";
  if (/^F\d{1,2}$/.test(event.key)) return event.key;
  if (/^[a-z]$/i.test(event.key)) return event.key.toUpperCase();
  // A Vietnamese keyboard may be composing, and its digit row types vowels: the key is known.
  const code = /^(?:Key([A-Z])|(?:Digit|Numpad)(\d))$/.exec(event.code);
  if (code && !(code[2] && event.shiftKey)) return code[1] ?? code[2];
  if (event.key === "+" || event.key === "=") return "+";
  if (event.key === "-" || event.key === "_") return "-";
  return event.key === "?" || event.key === "/" ? "?" : "";
}

// "K", "F9", "Control+Z"; empty for a key that is nobody's to give.
export function keyOf(event) {
  const name = base(event);
  const held = event.ctrlKey || event.metaKey;
  if (!name || event.altKey || (held && event.shiftKey)) return "";
  return held ? `Control+${name}` : name;
}

export function actionOf(event) {
  const key = keyOf(event);
  return key ? (ACTIONS.find((action) => keysOf(action).includes(key)) ?? null) : null;
}

export const aria = (action) => keysOf(action).map((key) => (key === "+" ? "Plus" : key)).join(" ");
