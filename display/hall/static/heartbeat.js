// The screen tells the server how it is: every few seconds, and soon when that changes. Nobody
// waits for the answer.

const EVERY_MS = 4000; // as wire.devices.BEAT_EVERY_S
const APART_MS = 500;
const REFUSED_MS = 60_000; // a server that does not want it is asked again once a minute

export class Heartbeat {
  // `report()` gives what to say beside the version and the time since the page was opened.
  constructor({ token, version, report }) {
    Object.assign(this, { token, version, report });
    this.sentAt = -Infinity;
    this.every_ms = EVERY_MS;
    this.said = "";
    this.sending = false;
  }

  keep(now) {
    if (this.sending || now - this.sentAt < APART_MS) return;
    const report = this.report();
    const said = JSON.stringify(report);
    const news = said !== this.said && this.every_ms === EVERY_MS;
    if (!news && now - this.sentAt < this.every_ms) return;
    this.said = said;
    this.sentAt = now;
    this.send({ version: this.version, uptime_s: Math.floor(now / 1000), ...report });
  }

  async send(beat) {
    this.sending = true;
    try {
      const answer = await fetch("/api/v1/heartbeat", {
        method: "POST",
        headers: { Authorization: `Bearer ${this.token}`, "Content-Type": "application/json" },
        body: JSON.stringify(beat),
        cache: "no-store",
        signal: AbortSignal.timeout(EVERY_MS),
      });
      // A server that is just being renewed (502, 503) is no refusal.
      this.every_ms = answer.status >= 400 && answer.status < 500 ? REFUSED_MS : EVERY_MS;
    } catch {
      this.every_ms = EVERY_MS; // the server is away; the next beat comes anyway
    } finally {
      this.sending = false;
    }
  }
}
