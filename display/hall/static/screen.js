// The waiting-hall screen: wires the line, the board and the view together.

import { render } from "/look/vendor/lit.js";
import { apply, boardOf, withLoads } from "./board.js";
import { callsOf, columnsOf } from "./layout.js";
import { Link, SILENCE_MS } from "./link.js";
import * as peaks from "./peak.js";
import { keepAtHand } from "./stock.js";
import { speaker } from "/look/js/text.js";
import { takeToken } from "./token.js";
import { view } from "./view.js";

const LOADS_MS = 10_000;
const INFO_MS = 60_000;
const RETRY_MS = 3000;
const RECENT_MS = 20_000; // a call older than this is not news after a reconnect

const page = JSON.parse(document.getElementById("page").textContent);
const say = speaker(page.words);
const zoneId = new URLSearchParams(location.search).get("zone");
const token = takeToken(page.centre);

const screen = {
  language: localStorage.getItem("layso.hall.language") === "en" ? "en" : "vi",
  info: null,
  board: null,
  columns: [],
  peaks: [],
  refused: !token,
  heardAt: null,
  skew: 0, // the server's clock minus ours; unattended machines have wrong clocks
};
let link = null;
let infoAt = -Infinity;
let loadsAt = -Infinity;

const now = () => performance.now();
const serverNow = () => Date.now() + screen.skew;

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
    screen.skew = Date.parse(board.as_of) - Date.now();
    screen.board = boardOf(board);
    screen.refused = false;
    loadsAt = now();
    arrange();
    draw();
  },
  change(change) {
    if (!screen.board) return "gap";
    const { state, step, called, gone } = apply(screen.board, change);
    screen.board = state;
    if (called) {
      eachPeak((peak, calls) =>
        calls.includes(called) ? peaks.announce(peak, called, now()) : peak,
      );
    }
    if (gone) eachPeak((peak, calls) => peaks.withdraw(peak, gone, calls, now()));
    if (change.kind === "config_changed") infoAt = -Infinity;
    if (step === "next") draw();
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
    screen.skew = Date.parse(board.as_of) - Date.now();
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
  if (screen.board) eachPeak((peak) => peaks.settle(peak, now()));
  draw();
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
    const { language } = screen;
    const isStale = stale();
    document.documentElement.lang = language;
    document.title = say(language)("hall.title");
    document.body.classList.toggle("is-stale", isStale);
    document.body.toggleAttribute("data-stale", isStale);
    const at = serverNow();
    const heard = screen.heardAt === null ? null : at - (now() - screen.heardAt);
    render(view({ ...screen, say: say(language), zoneId, stale: isStale, at, heard, choose }), document.body);
  });
}

keepAtHand();
if (token) link = new Link({ centre: page.centre, token, told });
tick();
setInterval(tick, 500);
