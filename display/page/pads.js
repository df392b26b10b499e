// The call keys below the panels: their lamps, and what the last press came to.

import { html, nothing } from "/look/vendor/lit.js";

const LAMPS = ["waiting", "link", "call", "help"];
const STATE_ICONS = { ok: "circle-check", stale: "hourglass", dead: "plug-connected-x" };

const lamp = (name, light, { say }) => html`<li class="p-lamp" data-lamp=${name} data-light=${light}>
  <i aria-hidden="true"></i>${say(`pad.lamp.${name}`)}: ${say(`pad.light.${light}`)}
</li>`;

function lastPress({ last }, { say, icon, clock }) {
  if (!last) return html`<p class="p-last">${say("pad.none")}</p>`;
  const result = say(`pad.result.${last.result}`, { number: last.number ?? "" });
  const words = { key: say(`pad.key.${last.key}`), time: clock(last.at), result };
  return html`<p class="p-last" data-done=${last.done}>
    ${icon(last.done ? "check" : "alert-triangle")}<span>${say("pad.pressed", words)}</span>
  </p>`;
}

function certainty(pad, { say }) {
  return say(pad.trouble ? `pad.trouble.${pad.trouble}` : `pad.state.${pad.state}`);
}

function note(pad, { say }) {
  const facts = [pad.driver === "virtual" ? say("pad.virtual") : pad.place];
  if (pad.waiting !== null) facts.push(say("pad.waiting", { count: pad.waiting }));
  if (pad.detail) facts.push(pad.detail);
  return facts.join(" · ");
}

function card(pad, tools) {
  const state = pad.trouble === "refused" ? "dead" : pad.state;
  return html`<article class="p-pad" data-pad=${pad.counter} data-state=${state}>
    <h3>${tools.place(pad)}</h3>
    <p class="p-status">${tools.say(`status.${pad.status}`)}</p>
    <ul class="p-lamps">
      ${LAMPS.filter((name) => name in pad.lamps).map((name) =>
        lamp(name, pad.lamps[name], tools),
      )}
    </ul>
    ${lastPress(pad, tools)}
    <p class="p-state">${tools.icon(STATE_ICONS[state])}<span>${certainty(pad, tools)}</span></p>
    <p class="p-note">${note(pad, tools)}</p>
  </article>`;
}

/**
 * The block of pads; nothing where there are none.
 *
 * `tools`: `say` gives words, `icon` a sign, `clock` a time, `place` a counter's name;
 * `alone`: the page's heading names them already.
 */
export const padsBlock = (pads, tools) =>
  pads.length === 0
    ? nothing
    : html`<section class="p-pads" aria-labelledby="pads">
        <h2 id="pads" class=${tools.alone ? "sr" : ""}>${tools.say("pads.heading")}</h2>
        <div class="p-pad-grid">${pads.map((pad) => card(pad, tools))}</div>
      </section>`;
