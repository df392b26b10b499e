// What every LED panel shows now: asks the agent once a second and draws the answer.

import { html, nothing, render, repeat, svg } from "/look/vendor/lit.js";
import { HEIGHT, litPath, widthOf } from "./glyphs.js";
import { padsBlock } from "./pads.js";
import { voiceLine } from "./voice.js";

const POLL_MS = 1000;
const ANSWER_MS = 3000;
const ICONS = { ok: "circle-check", stale: "hourglass", dead: "plug-connected-x" };
const LINK_ICONS = {
  up: "plug-connected",
  connecting: "refresh",
  down: "plug-connected-x",
  unknown: "hourglass",
};

const catalogue = JSON.parse(document.getElementById("words").textContent);
const screen = {
  language: localStorage.getItem("layso.display.language") === "en" ? "en" : "vi",
  link: "unknown",
  name: null,
  timezone: null,
  simulation: null,
  panels: null,
  pads: [],
  voice: null,
  agentAway: false,
};

const say = (key, values = {}) =>
  (catalogue[screen.language][`display.${key}`] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name]);

const icon = (name) => html`<svg class="i" viewBox="0 0 24 24" aria-hidden="true">
  <use href="/look/icons/sprite.svg#${name}"></use>
</svg>`;

// As the centre's clocks tell it, wherever this page is looked at.
function clock(iso) {
  const parts = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
  const timeZone = screen.timezone ?? undefined;
  return new Date(iso).toLocaleTimeString("vi-VN", { ...parts, timeZone });
}

function choose(language) {
  screen.language = language;
  localStorage.setItem("layso.display.language", language);
  draw();
}

const languageButton = (language, name) => html`<button
  type="button"
  lang=${language}
  data-language=${language}
  aria-pressed=${screen.language === language}
  @click=${() => choose(language)}
>
  ${name}
</button>`;

// What this agent has: panels as a rule; where there are none, keys, or a loudspeaker alone.
function heading() {
  if (screen.panels === null || screen.panels.length > 0) return "heading";
  if (screen.pads.length > 0) return "pads.heading";
  return screen.voice ? "heading.voice" : "heading";
}

const header = () => html`<header class="led-h">
  <h1>${say(heading())}</h1>
  ${screen.name ? html`<p class="p-centre">${screen.name[screen.language]}</p>` : nothing}
  ${screen.simulation
    ? html`<p class="p-simulation">${say("simulation", { speed: screen.simulation })}</p>`
    : nothing}
  <p class="p-link" data-link=${screen.link}>
    ${icon(LINK_ICONS[screen.link])}<span>${say(`link.${screen.link}`)}</span>
  </p>
  <div class="p-languages">
    ${languageButton("vi", "Tiếng Việt")}${languageButton("en", "English")}
  </div>
</header>`;

function trouble() {
  if (screen.agentAway) return say("agent_away");
  return screen.link === "down" ? say("link_down_help") : null;
}

const banner = (text) => html`<p class="p-banner" role="status">
  ${text ? html`${icon("alert-triangle")}<span>${text}</span>` : nothing}
</p>`;

function dots(panel, index) {
  const width = widthOf(panel.length);
  return html`<svg
    class="p-dots"
    viewBox="-1.5 -1.5 ${width + 2} ${HEIGHT + 2}"
    aria-hidden="true"
  >
    ${svg`<defs>
      <pattern id="off-${index}" width="1" height="1" x="-.5" y="-.5" patternUnits="userSpaceOnUse">
        <circle class="dot-off" cx=".5" cy=".5" r=".4"/>
      </pattern>
    </defs>
    <rect x="-.5" y="-.5" width=${width} height=${HEIGHT} fill="url(#off-${index})"/>
    <path class="dot-on" d=${litPath(panel.text)}/>`}
  </svg>`;
}

const place = (panel) =>
  panel.number === null ? panel.counter : say("counter", { number: panel.number });

function spoken(panel) {
  const shown = panel.text.trim();
  return `${place(panel)}: ${shown ? say("shows", { text: shown }) : say("shows_nothing")}`;
}

const sign = (panel, index) => html`<article
  class="p-panel"
  data-counter=${panel.counter}
  data-text=${panel.text}
  data-state=${panel.state}
>
  <div class="led-sign" role="img" aria-label=${spoken(panel)}>
    <p class="p-legend"><span lang="vi">SỐ</span><span lang="vi">${legend(panel)}</span></p>
    <div class=${panel.blink ? "led-blink" : "p-steady"}>${dots(panel, index)}</div>
  </div>
  <div class="p-facts">
    <h2>${place(panel)}</h2>
    <p class="p-status">${say(`status.${panel.status}`)}</p>
    <p class="p-state">${icon(ICONS[panel.state])}<span>${certainty(panel)}</span></p>
    <p class="p-note">${note(panel)}</p>
  </div>
</article>`;

function certainty(panel) {
  if (panel.state === "dead") return say(`dead.${panel.trouble}`);
  return say(panel.state === "ok" && !panel.answers ? "state.sent" : `state.${panel.state}`);
}

// Printed on the sign's frame, so it does not follow the language of this page.
const legend = (panel) => (panel.number === null ? "" : `QUẦY ${panel.number}`);

function note(panel) {
  const facts = [panel.driver === "virtual" ? say("virtual") : panel.place];
  if (panel.sent_at) facts.push(say("sent", { time: clock(panel.sent_at) }));
  if (panel.sent_at && panel.answers && panel.driver !== "virtual") facts.push(say("reply", { ms: panel.reply_ms }));
  return facts.join(" · ");
}

const countOf = ({ length }) => (length === 1 ? "one" : length <= 6 ? "few" : "many");

function draw() {
  document.documentElement.lang = screen.language;
  document.title = say(heading() === "heading" ? "title" : heading());
  const panels = screen.panels ?? [];
  render(
    html`${header()}${banner(trouble())}${voiceLine(screen, say, icon, clock)}
      <main class="p-grid" data-count=${countOf(panels)}>
        ${repeat(panels, (_, index) => index, sign)}
      </main>
      ${padsBlock(screen.pads, { say, icon, clock, place, alone: panels.length === 0 })}`,
    document.body,
  );
}

async function ask(path) {
  const answer = await fetch(path, { signal: AbortSignal.timeout(ANSWER_MS) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

async function poll() {
  try {
    const [panels, pads, state, voice] = await Promise.all(
      ["/api/panels", "/api/pads", "/api/state", "/api/voice"].map(ask),
    );
    Object.assign(screen, { panels, pads, voice, ...state, agentAway: false });
  } catch (error) {
    console.warn(error);
    // What is on the page may be old: say so on every sign as well.
    const panels = (screen.panels ?? []).map((panel) => ({ ...panel, state: "stale" }));
    const pads = screen.pads.map((pad) => ({ ...pad, state: "stale" }));
    Object.assign(screen, { panels, pads, link: "unknown", agentAway: true });
  }
  try {
    draw();
  } finally {
    setTimeout(poll, POLL_MS); // whatever cannot be drawn, what can be must not stand still
  }
}

document.body.replaceChildren();
draw();
poll();
