// The waiting-hall screen: wires the line, the board and the view together.

import { render } from "/look/vendor/lit.js";
import { Band } from "./band.js";
import { apply, boardOf, withLoads } from "./board.js";
import { Heartbeat } from "./heartbeat.js";
import { callsOf, columnsOf } from "./layout.js";
import { Link, SILENCE_MS } from "./link.js";
import * as peaks from "./peak.js";
import { Renewal } from "./renewal.js";
import { keepAtHand } from "./stock.js";
import { speaker } from "/look/js/text.js";
import { takeToken } from "/look/js/token.js";
import { view } from "./view.js";
import { SILENT, Voice } from "./voice.js";
import { messages } from "./words.js";

const LOADS_MS = 10_000;
const INFO_MS = 60_000;
const RETRY_MS = 3000;
const QUIET_MS = 30_000;
const RECENT_MS = 20_000; // a call older than this is not news after a reconnect

const page = JSON.parse(document.getElementById("page").textContent);
const say = speaker(page.words);
const asked = new URLSearchParams(location.search);
const zoneId = asked.get("zone");
const token = await takeToken(`layso.hall.token.${page.centre}`);

const screen = {
  language: localStorage.getItem("layso.hall.language") === "en" ? "en" : "vi",
  info: null,
  board: null,
  columns: [],
  peaks: [],
  notices: [],
  refused: !token,
  heardAt: null,
  skew: performance.timeOrigin, // the server's clock minus `now()`
};
const band = new Band();
let link = null;
let heartbeat = null;
let renewal = null;
let infoAt = -Infinity;
let loadsAt = -Infinity;

const now = () => performance.now();
// By ticks: an unattended machine's own clock is wrong, or jumps once it hears of the time.
const serverNow = () => now() + screen.skew;

const voice = asked.get("voice") === "off" || !token ? SILENT : new Voice({
  centre: page.centre,
  zone: zoneId,
  info: () => screen.info,
  at: serverNow,
  begun(said) {
    eachPeak((peak, calls) => {
      const call = calls.find((one) => one.call_id === said.call_id);
      return call ? peaks.raise(peak, call, now()) : peak;
    });
    draw();
  },
});

// The voice is saying the call that this column shows large.
function held(peak) {
  const { saying } = voice;
  return saying !== null && peak.shown?.call_id === saying.call_id;
}

function stale() {
  return screen.board !== null && now() - screen.heardAt > SILENCE_MS;
}

function eachPeak(change) {
  screen.peaks = screen.columns.map((_, index) =>
    change(screen.peaks[index] ?? peaks.EMPTY, callsOf(screen.columns, index, screen.board.calls)),
  );
}

function arrange() {
  if (!screen.info) return;
  screen.columns = columnsOf(screen.info, zoneId);
  if (!screen.board) return;
  const recent = (call) => serverNow() - Date.parse(call.called_at) < RECENT_MS;
  eachPeak((peak, calls) => peaks.reconcile(peak, calls, recent, now()));
}

const told = {
  seq: () => screen.board?.seq ?? -1,
  heard() {
    screen.heardAt = now();
  },
  refused() {
    screen.refused = true;
    draw();
  },
  doubt() {
    loadsAt = Math.min(loadsAt, now() - LOADS_MS + 1000);
  },
  board(board) {
    screen.skew = Date.parse(board.as_of) - now();
    screen.board = boardOf(board);
    screen.refused = false;
    loadsAt = now();
    arrange();
    voice.board(board);
    draw();
  },
  notices(notices) {
    screen.notices = notices;
    draw();
  },
  change(change) {
    if (!screen.board) return "gap";
    const { state, step, called, gone } = apply(screen.board, change);
    screen.board = state;
    if (called) {
      eachPeak((peak, calls) =>
        calls.includes(called) ? peaks.announce(peak, called, now(), held(peak)) : peak,
      );
    }
    if (gone) eachPeak((peak, calls) => peaks.withdraw(peak, gone, calls, now()));
    if (change.kind === "config_changed") infoAt = -Infinity;
    if (step !== "next") return step;
    voice.change(change);
    draw();
    return step;
  },
};

async function refreshInfo() {
  infoAt = now();
  try {
    screen.info = await link.get("");
    screen.refused = false;
    arrange();
    draw();
  } catch {
    infoAt = now() - INFO_MS + RETRY_MS; // unreachable or refused: the view says so; ask again
  }
}

async function refreshLoads() {
  loadsAt = now();
  try {
    const board = await link.get("/board");
    screen.skew = Date.parse(board.as_of) - now();
    screen.refused = false;
    if (screen.board && board.day !== screen.board.day) link.watch();
    else if (screen.board) screen.board = withLoads(screen.board, board);
  } catch {
    loadsAt = now(); // the pulse, not this reading, decides whether the screen is stale
  }
}

function tick() {
  if (link) {
    link.keep();
    if (now() - infoAt > INFO_MS) refreshInfo();
    if (now() - loadsAt > LOADS_MS) refreshLoads();
  }
  voice.keep(now());
  heartbeat?.keep(now());
  renewal?.keep(now());
  if (screen.board) eachPeak((peak) => peaks.settle(peak, now(), held(peak)));
  draw();
}

// Nothing was called for a while, nothing is being said, and a new page could speak at once.
function quiet() {
  const calm = screen.peaks.every((peak) => now() - peak.since > QUIET_MS);
  return calm && !stale() && !voice.busy && !voice.byTouch;
}

function choose(language) {
  screen.language = language;
  localStorage.setItem("layso.hall.language", language);
  draw();
}

let drawing = false;
function draw() {
  if (drawing) return;
  drawing = true;
  queueMicrotask(() => {
    drawing = false;
    paint();
  });
}

function paint() {
  const { language } = screen;
  const isStale = stale();
  document.documentElement.lang = language;
  document.title = say(language)("hall.title");
  document.body.classList.toggle("is-stale", isStale);
  document.body.toggleAttribute("data-stale", isStale);
  const at = serverNow();
  const heard = screen.heardAt === null ? null : at - (now() - screen.heardAt);
  const sound = voice.state;
  const other = language === "vi" ? "en" : "vi";
  const shown = {
    ...screen, say: say(language), other, sayToo: say(other), zoneId, stale: isStale, at, heard,
    sound, choose,
  };
  do {
    shown.band = band.now(messages(shown), now());
    render(view(shown), document.body);
  } while (band.tooTall(shown.band));
}

keepAtHand();
for (const gesture of ["pointerup", "click", "keydown"]) {
  addEventListener(gesture, () => voice.touched());
}
if (token) {
  link = new Link({ centre: page.centre, token, told });
  link.socket.on("connect", () => renewal.soon(now()));
  renewal = new Renewal({ build: page.build, quiet });
  heartbeat = new Heartbeat({
    token,
    version: page.version,
    report: () => ({ link: link.state, ...(voice.state && { sound: voice.state }) }),
  });
}
tick();
setInterval(tick, 500);
