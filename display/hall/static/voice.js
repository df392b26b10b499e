// The voice of this screen: the announcer decides, the loudspeaker plays.

import { Announcer } from "./announcer.js";
import { repertoire, sentence, volumeAt } from "./announcement.js";
import { Sound } from "./sound.js";
import { clock } from "/look/js/text.js";

// A screen that shall stay silent: several stand in one zone, and one of them speaks.
export const SILENT = {
  state: "off",
  saying: null,
  busy: false,
  byTouch: false,
  board() {},
  change() {},
  touched() {},
  keep() {},
};

// What was said in an earlier life of this page. A browser that keeps nothing must not silence us.
function recall(key) {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => Array.isArray(one) && one.length === 2) : [];
  } catch {
    return [];
  }
}

function remember(key, spoken) {
  try {
    localStorage.setItem(key, JSON.stringify(spoken));
  } catch {
    // Full or forbidden: a reload may say a call of the last seconds twice, nothing worse.
  }
}

const PLAIN = { chime: true, volume: [] };

export class Voice {
  // `info()` is the centre as known, `at()` the server's time in ms, `begun()` told of each start.
  constructor({ centre, zone, info, at, begun }) {
    Object.assign(this, { zone, info, at, begun });
    this.key = `layso.hall.spoken.${centre}.${zone ?? ""}`;
    this.announcer = new Announcer({
      zone,
      firstZone: () => this.info()?.zones[0]?.id,
      spoken: recall(this.key),
    });
    this.sound = new Sound({ ended: () => this.ended() });
  }

  get state() {
    return this.sound.state;
  }

  get saying() {
    return this.announcer.saying?.call ?? null;
  }

  get busy() {
    return this.announcer.saying !== null || this.announcer.waiting.length > 0;
  }

  get byTouch() {
    return this.sound.byTouch;
  }

  board(board) {
    this.announcer.board(board, this.at() / 1000);
    this.speak();
  }

  change(change) {
    this.announcer.change(change, this.at() / 1000);
    this.speak();
  }

  touched() {
    this.sound.touched();
  }

  keep(now) {
    this.sound.keep(now);
    const info = this.info();
    if (info) this.sound.load(repertoire(info), now);
    this.speak();
  }

  ended() {
    this.announcer.done();
    this.speak();
  }

  speak() {
    const info = this.info();
    if (!info || !this.sound.able) return;
    const next = this.announcer.next(this.at() / 1000);
    if (!next) return;
    remember(this.key, this.announcer.remembered());
    const { chime, volume } = info.voice ?? PLAIN;
    const percent = volumeAt(volume, clock(this.at(), "vi", info.timezone));
    const names = this.whole(next.call, { chime: chime && !next.brief });
    if (names.length === 0) {
      this.announcer.done(); // nothing of it can be said; the screen shows it
      return;
    }
    this.sound.play(names, percent);
    this.begun(next.call);
  }

  // A number with a gap in it would send people to the wrong counter: in its language, else in
  // Vietnamese, else the chime alone, which makes them look up.
  whole(call, options) {
    const { language, ...vietnamese } = call;
    const tries = [sentence(call, options), sentence(vietnamese, options), ["chime"]];
    return tries.find((names) => this.sound.has(names)) ?? [];
  }
}
