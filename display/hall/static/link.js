// The screen's line to the server: a snapshot on `watch`, then ordered changes, a pulse between.
// It never gives up: it asks again after a gap, and hangs up and dials again after silence.

import io from "/look/vendor/socket.io.js";

const ANSWER_MS = 4000;
// A dial that began in a black hole may never be answered: with the pause after it, the next one
// begins in time for the screen to be right 3 s after the hole is gone.
const DIAL_MS = 2000;
const PAUSE_MS = 600;
export const SILENCE_MS = 6000;
const REDIAL_MS = 700;
const SETTLE_MS = 400; // a pulse may overtake the change it speaks of

export class Link {
  // `told` says what to do: board(board), change(change) -> step, notices(list), heard(),
  // refused(), doubt() when the line is refused without a reason, and seq() -> the number known.
  constructor({ centre, token, told }) {
    this.centre = centre;
    this.told = told;
    this.held = null; // changes that arrive while a snapshot is asked for
    this.asked = null; // when a snapshot was last asked for in vain
    this.redialAt = Infinity;
    this.openedAt = Infinity; // when the line came up that was not let in yet
    this.behind = 0; // pulses in a row that knew less than we do: the server went back in time
    this.heardAt = performance.now();
    this.dialledAt = this.heardAt;
    this.token = token;
    this.socket = io({
      transports: ["websocket"],
      auth: { token },
      reconnectionDelay: PAUSE_MS / 2,
      reconnectionDelayMax: PAUSE_MS,
      timeout: DIAL_MS,
    });
    this.socket.io.on("open", () => (this.openedAt = performance.now()));
    this.socket.on("connect", () => {
      this.openedAt = Infinity;
      this.watch();
    });
    this.socket.on("change", (change) => this.take(change));
    this.socket.on("notices", ({ centre, notices }) => centre === this.centre && told.notices(notices));
    this.socket.on("pulse", (pulse) => this.pulse(pulse));
    this.socket.on("connect_error", () => this.failed());
    this.socket.on("disconnect", (reason) => this.hungUp(reason));
  }

  heard() {
    this.heardAt = performance.now();
    this.told.heard();
  }

  // The library dials again by itself, but not after the server has hung up.
  hungUp(reason) {
    this.held = null;
    if (reason === "io server disconnect") this.redialAt = performance.now() + REDIAL_MS;
  }

  failed() {
    this.openedAt = Infinity;
    if (this.socket.active) return; // the library dials again by itself
    this.asked = performance.now();
    this.told.doubt();
  }

  async watch() {
    if (this.held || !this.socket.connected) return;
    const held = [];
    this.held = held;
    try {
      const answer = await this.socket
        .timeout(ANSWER_MS)
        .emitWithAck("watch", { centre: this.centre });
      if (this.held === held) this.watched(answer);
    } catch {
      // Nobody answered in time. `keep` asks again while the line is up, and redials if not.
      if (this.held !== held) return; // the line was cut meanwhile, and dialled anew
      this.held = null;
      this.asked = performance.now();
    }
  }

  watched(answer) {
    const held = this.held ?? [];
    this.held = null;
    if (!answer?.board) {
      this.asked = performance.now();
      this.told.doubt();
      return;
    }
    this.asked = null;
    this.heard();
    this.told.board(answer.board);
    for (const change of held) this.take(change);
  }

  take(change) {
    if (change.centre !== this.centre) return;
    this.heard();
    if (this.held) {
      if (this.held.length < 1000) this.held.push(change);
      return;
    }
    if (this.told.change(change) === "gap") this.watch();
  }

  pulse({ centre, seq }) {
    if (centre !== this.centre) return;
    this.heard();
    this.behind = seq < this.told.seq() ? this.behind + 1 : 0;
    if (this.behind > 2) this.watch();
    if (seq > this.told.seq()) {
      setTimeout(() => seq > this.told.seq() && this.watch(), SETTLE_MS);
    }
  }

  // Called every half second or so.
  keep() {
    const now = performance.now();
    if (this.asked && now - this.asked > 1000) {
      this.asked = null;
      this.watch();
    }
    if (now > this.redialAt) {
      this.redialAt = Infinity;
      this.dialledAt = now;
      this.socket.connect();
    }
    if (now - this.openedAt > DIAL_MS) this.redial(now); // nobody told us whether we are let in
    if (now - this.heardAt < SILENCE_MS || now - this.dialledAt < SILENCE_MS) return;
    if (this.socket.connected || !this.socket.active) this.redial(now);
    this.dialledAt = now;
  }

  redial(now) {
    this.dialledAt = now;
    this.openedAt = Infinity;
    this.socket.disconnect().connect();
  }

  get state() {
    if (!this.socket.connected) return "connecting";
    return performance.now() - this.heardAt < SILENCE_MS ? "up" : "down";
  }

  async get(path) {
    const answer = await fetch(`/api/v1/centres/${this.centre}${path}`, {
      headers: { Authorization: `Bearer ${this.token}` },
      cache: "no-store",
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    if ([401, 403, 404].includes(answer.status)) this.told.refused();
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  }

  close() {
    this.socket.disconnect();
  }
}
