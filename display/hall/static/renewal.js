// A renewed server brings a new page: take it at a quiet moment, at most once an hour.

const EVERY_MS = 300_000;
const BUSY_MS = 15_000;
const APART_MS = 3_600_000;
const KEY = "layso.hall.renewed";

export class Renewal {
  // `quiet()` tells whether nobody would miss anything now.
  constructor({ build, quiet }) {
    Object.assign(this, { build, quiet });
    this.dueAt = EVERY_MS;
    this.asking = false;
  }

  // The server may be another one: ask soon.
  soon(now) {
    this.dueAt = Math.min(this.dueAt, now + BUSY_MS);
  }

  keep(now) {
    if (this.asking || now < this.dueAt) return;
    this.dueAt = now + EVERY_MS;
    const last = Number(sessionStorage.getItem(KEY) ?? 0);
    if (Math.abs(Date.now() - last) < APART_MS) return;
    this.asking = true;
    this.look(now).finally(() => (this.asking = false));
  }

  async look(now) {
    try {
      const answer = await fetch(location.pathname, {
        cache: "no-store",
        signal: AbortSignal.timeout(BUSY_MS),
      });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const { build } = JSON.parse(page.getElementById("page").textContent);
      if (build === this.build) return;
    } catch {
      return; // away, or not our page: stay with what works
    }
    if (!this.quiet()) {
      this.dueAt = now + BUSY_MS;
      return;
    }
    sessionStorage.setItem(KEY, String(Date.now()));
    location.reload();
  }
}
