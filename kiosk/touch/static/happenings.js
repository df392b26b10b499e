// What physical keys and scanners did: told by the agent, shown where it disturbs nobody.

import { isFresh } from "./flow.js";
import { listenToWedge } from "./scanner.js";

const HOLD_MS = 25_000; // the agent holds a question for up to 20 s
const PAUSE_MS = 2000; // before asking again where the agent did not hold it
const QUICK_MS = 1000;
const SCAN_MS = 4000;
const PAPER_MS = 700;
const PAPER_TRIES = 12;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// What a piece of news leads to on the page: an event of flow.js, or null where the page is left
// alone. `keyed` is the number that a key gave and the page shows: the next key may replace it.
export function eventOf(news, state, keyed) {
  const mine = state.screen === "issued" && state.issued.ticket.id === keyed;
  const told = state.screen === "problem" || state.screen === "scanned";
  if (state.pressing || !(mine || told || state.screen === "home")) return null;
  if (news.kind === "scanned") return scanEvent(news.scan, state);
  if (!(mine || told || isFresh(state))) return null;
  if (news.kind === "pressed") return { type: "issued", answer: news.answer };
  // That the house is closed stands on the page already.
  const closed = news.code === "centre_closed";
  if (news.kind === "refused" && !closed) return { type: "problem", problem: news };
  return null;
}

// A card read while the groups are asked for answers that question.
function scanEvent(scan, state) {
  if (scan.kind !== "age_group") return { type: "scanned", scan };
  return state.screen === "home" ? { type: "noted", scan } : null;
}

async function asked(path, options = {}, timeout = HOLD_MS) {
  const answer = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(timeout), ...options });
  const body = await answer.json();
  if (answer.ok) return body;
  return { kind: "refused", code: body.code ?? "unavailable", message: body.message ?? null };
}

// One scan, by way of the agent; what cannot be asked is said as well.
export async function scanned(text) {
  const options = {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ text }),
  };
  try {
    return await asked("/api/scan", options, SCAN_MS);
  } catch {
    return { kind: "refused", code: "silent", message: null };
  }
}

async function poll(page, tell) {
  let after = null;
  for (;;) {
    const began = performance.now();
    let heard = null;
    try {
      const query = new URLSearchParams(after === null ? { page } : { page, after });
      heard = await asked(`/api/happenings?${query}`);
    } catch {
      heard = null; // the agent is away: page.js says so
    }
    const begins = after === null && Number.isInteger(heard?.seq);
    const news = heard?.happenings ?? [];
    if (Number.isInteger(heard?.seq)) after = heard.seq;
    for (const one of news) tell(one);
    const held = performance.now() - began >= QUICK_MS;
    if (!begins && !held && news.length === 0) await pause(PAUSE_MS);
  }
}

// Begin. `look` gives the state of the moment, `go` takes an event of flow.js, `listens` says
// whether a scanner types here, `fetchTicket` asks the agent what became of a paper.
export function hear({ look, go, listens, fetchTicket }) {
  let keyed = null;

  function tell(news) {
    const event = eventOf(news, look(), keyed);
    if (!event) return;
    if (event.type === "issued") keyed = news.answer.ticket.id;
    go(event);
    if (news.scan?.outcome === "printing") follow(news.scan);
  }

  // A copy that was still printing when the agent had to answer.
  async function follow(scan) {
    for (let tries = 0; tries < PAPER_TRIES; tries += 1) {
      await pause(PAPER_MS);
      if (look().scan?.ticket?.id !== scan.ticket.id) return;
      const answer = await fetchTicket(scan.ticket.id).catch(() => null);
      if (answer && answer.outcome !== "printing") {
        go({ type: "scanned", scan: { ...answer, kind: "ticket" } });
        return;
      }
    }
  }

  listenToWedge(listens, async (text) => tell({ kind: "scanned", scan: await scanned(text) }));
  poll(crypto.randomUUID?.() ?? String(Math.random()), tell);
}
