// Which call is said next, and which never; the same rule as `display/voice/announcer.py`. One for each
// loudspeaker. Pure: the server's time is handed in, in seconds.

export const LIVE_S = 20; // a call that could not begin by then is old news
export const MISSED_S = 120; // one missed while the line was cut is offered anew up to this age
export const REMEMBERED = 500;

export class Announcer {
  // `zone` null hears every call; the first zone's hears those without a zone, too. `spoken` is
  // what an earlier life of it remembered.
  constructor({ zone = null, firstZone = () => null, spoken = [] } = {}) {
    this.zone = zone;
    this.firstZone = firstZone;
    this.spoken = new Map(spoken.slice(-REMEMBERED)); // call_id -> times
    this.waiting = [];
    this.saying = null;
    this.known = false; // whether a board was seen
    this.arrived = 0;
  }

  // [[call_id, times], …], oldest first.
  remembered() {
    return [...this.spoken];
  }

  hears(call) {
    if (this.zone === null || call.zone === this.zone) return true;
    return !call.zone && this.firstZone() === this.zone;
  }

  withdraw(number) {
    this.waiting = this.waiting.filter((item) => item.call.number !== number);
  }

  // A call to be said by `until_s`; `called_s` gives its place.
  offer(call, called_s, until_s) {
    if (!this.hears(call) || (this.spoken.get(call.call_id) ?? 0) >= call.times) return;
    const before = this.waiting.find((item) => item.call.number === call.number)?.call;
    if (before?.call_id === call.call_id && before.times >= call.times) return;
    this.withdraw(call.number);
    this.arrived += 1;
    this.waiting.push({ call, called_s, until_s, order: this.arrived });
    this.waiting.sort((a, b) => a.called_s - b.called_s || a.order - b.order);
  }

  // A snapshot: the first one is the start; after it, what was missed and still holds is offered.
  board(board, at_s) {
    const counterOf = new Map();
    for (const { id, ticket } of board.counters) {
      if (ticket?.state === "called") counterOf.set(ticket.number, id);
    }
    this.waiting = this.waiting.filter((item) => counterOf.has(item.call.number));
    const newest = [...counterOf].map(([number, counter]) =>
      board.calls.find((call) => call.number === number && call.counter.id === counter),
    );
    for (const call of [...board.calls].reverse()) {
      if (newest.includes(call)) this.missed(call, at_s);
    }
    this.known = true;
  }

  missed(call, at_s) {
    const called_s = Math.min(at_s, Date.parse(call.called_at) / 1000);
    const age_s = at_s - called_s;
    if (!this.known && age_s <= LIVE_S) this.offer(call, called_s, called_s + LIVE_S);
    if (this.known && age_s <= MISSED_S) this.offer(call, called_s, at_s + LIVE_S);
  }

  change({ at, call, ticket, counter }, at_s) {
    if (!ticket) return;
    if (ticket.state !== "called") this.withdraw(ticket.number);
    else if (call && counter) {
      const called_s = Math.min(at_s, Date.parse(at) / 1000);
      const { number, zone } = ticket;
      this.offer({ ...call, number, zone, counter, called_at: at }, called_s, called_s + LIVE_S);
    }
  }

  // What begins now: {call, brief}; null while one is being said or nothing waits.
  next(at_s) {
    this.waiting = this.waiting.filter((item) => at_s <= item.until_s);
    if (this.saying || this.waiting.length === 0) return null;
    const { call } = this.waiting.shift();
    this.saying = { call, brief: this.waiting.length > 1 };
    this.spoken.delete(call.call_id);
    this.spoken.set(call.call_id, call.times);
    if (this.spoken.size > REMEMBERED) this.spoken.delete(this.spoken.keys().next().value);
    return this.saying;
  }

  done() {
    this.saying = null;
  }
}
