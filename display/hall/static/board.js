// The board as the hall shows it: a snapshot, then one change for each sequence number.
// Pure: nothing here reads a clock, the network or the page.

export const KEPT = 20;

// A number stands in the list once, for its newest call.
function onceEach(calls) {
  const seen = new Set();
  return calls.filter((call) => !seen.has(call.number) && seen.add(call.number)).slice(0, KEPT);
}

// A snapshot replaces everything that was known.
export function boardOf(board) {
  return {
    day: board.day,
    seq: board.seq,
    calls: onceEach(board.calls),
    services: board.services,
    counters: board.counters,
  };
}

// The newest waits, from a later reading of the board; calls stay the changes' business.
export function withLoads(state, board) {
  if (board.day !== state.day || board.seq < state.seq) return state;
  return { ...state, services: board.services };
}

function callOf(change) {
  return {
    call_id: change.call.call_id,
    number: change.ticket.number,
    service: change.ticket.service,
    counter: { id: change.counter.id, number: change.counter.number },
    zone: change.ticket.zone,
    called_at: change.at,
    times: change.call.times,
  };
}

// What a number was called for no longer holds: it waits again, or it is void.
const TAKEN_BACK = new Set(["returned", "cancelled", "transferred"]);

// A new call comes first. One that is called again keeps its place, as in the server's board; one
// that an undo put back as it was is known already and is no news.
function callsWith(calls, call) {
  const before = calls.find((one) => one.call_id === call.call_id);
  if (!before) return { calls: onceEach([call, ...calls]), called: call, gone: null };
  if (before.times >= call.times) return { calls, called: null, gone: null };
  const again = { ...before, times: call.times };
  return { calls: calls.map((one) => (one === before ? again : one)), called: again, gone: null };
}

function callsAfter(state, change) {
  if (change.call && change.ticket && change.counter) {
    return callsWith(state.calls, callOf(change));
  }
  if (TAKEN_BACK.has(change.kind) && change.ticket) {
    const number = change.ticket.number;
    const calls = state.calls.filter((call) => call.number !== number);
    return { calls, called: null, gone: calls.length < state.calls.length ? number : null };
  }
  return { calls: state.calls, called: null, gone: null };
}

function countersAfter(counters, changed) {
  if (!changed) return counters;
  return counters.map((one) => (one.id === changed.id ? { ...one, state: changed.state } : one));
}

// Take one change. `step` says what it was: "next" when it followed on, "old" when it was known,
// "gap" when something between is missing and the whole board must be asked for again.
// `called` is the call to announce, `gone` the number that is no longer called.
export function apply(state, change) {
  if (change.seq <= state.seq) return { state, step: "old", called: null, gone: null };
  if (change.seq > state.seq + 1) return { state, step: "gap", called: null, gone: null };
  const { calls, called, gone } = callsAfter(state, change);
  const counters = countersAfter(state.counters, change.counter);
  return { state: { ...state, seq: change.seq, calls, counters }, step: "next", called, gone };
}
