// Which call stands large, and for how long: calls made together are shown one after another.
// Pure: the time is handed in, in milliseconds.

export const HOLD_MS = 6000; // six flashes of one second
export const HURRIED_MS = 3000; // when more than one other call waits for its turn
export const PRESSED_MS = 2000; // when more than three wait
export const LATE_MS = 15000; // a call that waited longer stands in the list only

export const EMPTY = { shown: null, since: 0, flash: false, beat: 0, queue: [] };

const same = (a, b) => a.call_id === b.call_id && a.times === b.times;

function show(peak, call, now, queue) {
  return { shown: call, since: now, flash: true, beat: 1 - peak.beat, queue };
}

function patience(peak) {
  if (peak.queue.length > 3) return PRESSED_MS;
  return peak.queue.length > 1 ? HURRIED_MS : HOLD_MS;
}

// A number was called, or called again. `held`: the voice is saying the one that stands large.
export function announce(peak, call, now, held = false) {
  const known = [peak.shown, ...peak.queue.map((item) => item.call)];
  if (known.some((one) => one && same(one, call))) return peak;
  const queue = peak.queue.filter((item) => item.call.number !== call.number);
  const again = peak.shown?.number === call.number;
  const free = !held && (!peak.shown || !peak.flash || now - peak.since >= patience({ ...peak, queue }));
  if (again || (free && queue.length === 0)) return show(peak, call, now, queue);
  return { ...peak, queue: [...queue, { call, at: now }] };
}

// The voice begins a call: what is said stands large, before its turn if need be.
export function raise(peak, call, now) {
  const queue = peak.queue.filter((item) => item.call.number !== call.number);
  const fresh = peak.flash && now - peak.since < HOLD_MS;
  if (peak.shown && same(peak.shown, call) && fresh) return { ...peak, queue };
  return show(peak, call, now, queue);
}

// Time has passed: let the next call stand large once the present one had its time and was said.
export function settle(peak, now, held = false) {
  if (held) return peak;
  if (peak.queue.length === 0 || now - peak.since < patience(peak)) return peak;
  const fresh = peak.queue.filter((item) => now - item.at <= LATE_MS);
  const queue = fresh.length > 0 ? fresh : peak.queue.slice(-1);
  return show(peak, queue[0].call, now, queue.slice(1));
}

// A number is no longer called: the newest call that still holds takes its place, quietly.
export function withdraw(peak, number, calls, now) {
  const queue = peak.queue.filter((item) => item.call.number !== number);
  if (peak.shown?.number !== number) return { ...peak, queue };
  if (queue.length > 0) return show(peak, queue[0].call, now, queue.slice(1));
  return { ...peak, shown: calls[0] ?? null, flash: false, queue };
}

// After a new snapshot: keep what still holds, announce what is new and recent.
export function reconcile(peak, calls, recent, now) {
  const holds = (call) => calls.some((one) => one.call_id === call.call_id);
  const known = [peak.shown, ...peak.queue.map((item) => item.call)].filter(Boolean);
  const fresh = calls.filter((call) => recent(call) && !known.some((one) => same(one, call)));
  let next = { ...peak, queue: peak.queue.filter((item) => holds(item.call)) };
  if (peak.shown && !holds(peak.shown)) next = { ...next, shown: null, flash: false };
  for (const call of fresh.reverse()) next = announce(next, call, now);
  const newest = calls[0] ?? null;
  const quiet = fresh.length === 0 && next.queue.length === 0;
  if (quiet && next.shown?.call_id !== newest?.call_id) {
    next = { ...next, shown: newest, flash: false };
  }
  return next;
}
