// The agent's loudspeaker, in one line: what it says now, what it said last, or why it is silent.

import { html, nothing } from "/look/vendor/lit.js";

const ICONS = { on: "volume", off: "volume", broken: "alert-triangle" };

const called = (one, say) =>
  say(one.times > 1 ? "voice.recall" : "voice.call", { number: one.number, counter: one.counter });

function doing({ voice, agentAway }, say, clock) {
  if (agentAway) return say("voice.unknown");
  if (voice.state === "broken") return say(`voice.${voice.trouble}`, { zone: voice.zone });
  if (voice.saying) return say("voice.saying", { call: called(voice.saying, say) });
  if (!voice.last) return say("voice.ready");
  return say("voice.last", { call: called(voice.last, say), time: clock(voice.last.at) });
}

export function voiceLine(screen, say, icon, clock) {
  const { voice, agentAway } = screen;
  if (!voice) return nothing;
  const facts = [say("voice.loudness", { percent: voice.percent })];
  if (voice.zone) facts.push(say("voice.zone", { zone: voice.zone }));
  if (voice.missing.length) facts.push(say("voice.missing", { count: voice.missing.length }));
  return html`<section
    class="p-voice"
    aria-label=${say("voice.label")}
    data-voice=${agentAway ? "unknown" : voice.state}
  >
    ${icon(ICONS[voice.state])}<strong>${doing(screen, say, clock)}</strong>
    <span>${facts.join(" · ")}</span>
  </section>`;
}
