// The band at the bottom as it fits this screen: in how many parts each message must be shown.

import { START, split, turn } from "./ticker.js";

const MOST_PARTS = 16;
const REMEMBERED = 100;

export class Band {
  constructor() {
    this.ticker = START;
    this.counts = new Map(); // text -> parts
    const again = () => this.counts.clear();
    addEventListener("resize", again);
    document.fonts.addEventListener("loadingdone", again);
  }

  // What to show now: {message, text, part, parts}, or null.
  now(messages, now_ms) {
    this.ticker = turn(this.ticker, messages, (one) => this.partsOf(one).length, now_ms);
    const message = messages.find((one) => one.key === this.ticker.key);
    if (!message) return null;
    const parts = this.partsOf(message);
    const part = Math.min(this.ticker.part, parts.length - 1);
    return { message, text: parts[part], part, parts: parts.length };
  }

  partsOf(message) {
    return split(message.text, this.counts.get(message.text) ?? 1);
  }

  // After drawing: when the text is taller than its band, show it in more parts. Returns whether
  // it must be drawn again.
  tooTall(shown) {
    const band = document.querySelector(".h-tick");
    const text = band?.querySelector(".tick-text");
    if (!shown || !text || text.offsetHeight <= band.clientHeight) return false;
    const count = this.counts.get(shown.message.text) ?? 1;
    if (count >= MOST_PARTS) return false;
    if (this.counts.size >= REMEMBERED) this.counts.clear();
    this.counts.set(shown.message.text, count + 1);
    return true;
  }
}
