// The loudspeaker: clips are fetched and decoded once, and played on one clock without a gap.

const LEAD_S = 0.03; // between asking and the first sample, so that no clip begins late
const STUCK_MS = 3000; // a clock that stands still for so long has lost its device
const REOPEN_MS = 10_000;
const RETRY_MS = 10_000;
const AT_ONCE = 4;
const ANSWER_MS = 15_000;

// A line that hangs must not end the loading for good.
const ask = (url, how = {}) => fetch(url, { ...how, signal: AbortSignal.timeout(ANSWER_MS) });

export class Sound {
  // `ended()` is called when what was played is over, or was given up.
  constructor({ ended }) {
    this.ended = ended;
    this.clips = new Map(); // name -> {url, buffer}
    this.wanted = "";
    this.loading = false;
    this.failed = false;
    this.tried = false; // whether the clips were loaded once, as far as they could be
    this.loadAt = -Infinity;
    this.playing = null;
    this.context = null;
    this.allowed = false; // whether this context ever ran
    this.byTouch = false; // only a touch let it run: it would be silent again after a reload
    this.reopened = -Infinity;
    this.open(performance.now());
  }

  open(now) {
    const old = this.context;
    this.context = new AudioContext();
    this.moved = { at: now, time: -1 };
    this.resuming = false;
    this.giveUp(); // what comes next is not for the old one
    old?.close().catch(() => {}); // a context that is gone needs no closing
  }

  get blocked() {
    return !this.allowed && this.context.state === "suspended";
  }

  // Whether something played now would be heard. While the clips come in for the first time a
  // call waits for them: half of them would say it as a chime.
  get able() {
    return this.context.state === "running" && this.tried && this.clips.size > 0;
  }

  // As the heartbeat says it; null until the clips are there for the first time.
  get state() {
    if (this.blocked) return "blocked";
    if (this.clips.size === 0) return this.failed ? "broken" : null;
    return this.context.state === "running" && !this.failed ? "on" : "broken";
  }

  // Somebody touched the screen: what the browser held back may begin.
  touched() {
    if (!this.blocked) return;
    this.byTouch = true;
    this.context.resume().catch(() => {}); // `keep` sees whether it runs
  }

  // Called every half second or so: notice what was lost and bring it back.
  keep(now) {
    const { state, currentTime } = this.context;
    if (state === "running") this.allowed = true;
    if (this.blocked) return;
    if (currentTime !== this.moved.time) this.moved = { at: now, time: currentTime };
    if (state !== "running") this.resume();
    const stuck = now - this.moved.at > STUCK_MS;
    if ((stuck || state === "closed") && now - this.reopened > REOPEN_MS) {
      this.reopened = now;
      this.open(now);
    }
    if (this.playing && now > this.playing.over) this.giveUp();
  }

  resume() {
    if (this.resuming || this.context.state === "closed") return;
    this.resuming = true;
    const settled = () => (this.resuming = false);
    this.context.resume().then(settled, settled);
  }

  // Have these clips at hand; what is there already is not fetched again.
  async load(names, now) {
    const wanted = names.join();
    if (this.loading || (wanted === this.wanted && now < this.loadAt)) return;
    this.loading = true;
    try {
      await this.fetchAll(names);
      this.wanted = wanted;
      this.failed = false;
      this.loadAt = now + 60 * RETRY_MS;
    } catch {
      this.failed = true; // told by the heartbeat; asked for again soon
      this.wanted = wanted;
      this.loadAt = now + RETRY_MS;
    } finally {
      this.loading = false;
      this.tried = true;
    }
  }

  async fetchAll(names) {
    const answer = await ask("/voice/manifest.json", { cache: "no-cache" });
    if (!answer.ok) throw new Error(`${answer.status}`);
    const { clips } = await answer.json();
    const there = names.filter((name) => clips[name]);
    if (there.length === 0) throw new Error("no clips");
    for (const name of this.clips.keys()) if (!there.includes(name)) this.clips.delete(name);
    const missing = there.filter((name) => this.clips.get(name)?.url !== clips[name].url);
    const worker = async () => {
      for (let name = missing.shift(); name; name = missing.shift()) {
        await this.fetchOne(name, clips[name].url);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  async fetchOne(name, url) {
    const answer = await ask(url);
    if (!answer.ok) throw new Error(`${answer.status}`);
    const buffer = await this.context.decodeAudioData(await answer.arrayBuffer());
    this.clips.set(name, { url, buffer });
  }

  has(names) {
    return names.every((name) => this.clips.has(name));
  }

  // Play these clips one after another; percent 0 is silence, 100 as loud as the clips are.
  play(names, percent) {
    const { context } = this;
    const gain = context.createGain();
    gain.gain.value = percent / 100;
    gain.connect(context.destination);
    let at = context.currentTime + LEAD_S;
    const nodes = names.map((name) => {
      const node = context.createBufferSource();
      node.buffer = this.clips.get(name).buffer;
      node.connect(gain);
      node.start(at);
      at += node.buffer.duration;
      return node;
    });
    const length_ms = (at - context.currentTime) * 1000;
    this.playing = { gain, nodes, over: performance.now() + length_ms + STUCK_MS };
    nodes.at(-1).onended = () => this.finish();
  }

  finish() {
    if (!this.playing) return;
    const { gain, nodes } = this.playing;
    this.playing = null;
    nodes.at(-1).onended = null;
    for (const node of nodes) node.disconnect();
    gain.disconnect();
    this.ended();
  }

  giveUp() {
    for (const node of this.playing?.nodes ?? []) node.stop();
    this.finish();
  }
}
