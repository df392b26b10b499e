// The frame of the touch page: header, the screen of the moment, tools, and a dialog over them.

import { html, nothing } from "/look/vendor/lit.js";
import { clock, dayOf } from "/look/js/text.js";
import { dialog } from "./dialogs.js";
import { barrier } from "./flow.js";
import { brand, home, homeNote } from "./home.js";
import { find } from "./find.js";
import { helpTool } from "./help.js";
import { icon } from "/look/js/icons.js";
import { issued } from "./issued.js";
import { barred, problem } from "./notices.js";
import { offer } from "./offer.js";
import { procedure } from "./procedure.js";
import { scannedScreen } from "./scanned.js";

function languages(s) {
  const one = (language, name) => html`<button type="button" data-language=${language} lang=${language}
    aria-pressed=${s.language === language} @click=${() => s.act.language(language)}>${name}</button>`;
  return html`<nav class="k-lang" aria-label="Ngôn ngữ / Language">${one("vi", "Tiếng Việt")}${one("en", "English")}</nav>`;
}

function header(s) {
  const zone = s.view?.centre?.timezone;
  const at = new Date(s.at);
  const speed = s.view?.centre?.simulation;
  return html`<header class="k-head">${brand(s)}
    <p class="k-clock"><time>${clock(at, s.language, zone)}</time>
      <span class="k-day">${dayOf(at, s.language, zone)}</span></p>
    ${languages(s)}
    ${speed ? html`<p class="k-chip">${s.say("kiosk.simulation", { speed })}</p>` : nothing}</header>`;
}

function tool(pressed, picture, text, act, kind = "") {
  return html`<button type="button" class="k-tool ${kind}" aria-pressed=${pressed} @click=${act}>${icon(picture)}<span>${text}</span></button>`;
}

function tools(s) {
  return html`<footer class="k-tools">
    ${tool(s.large, "text-size", s.say("kiosk.large"), () => s.act.large())}
    ${tool(s.low, s.low ? "arrow-up" : "arrow-bar-to-down", s.say(s.low ? "kiosk.raise" : "kiosk.lower"), () => s.act.low(), "k-tool-low")}
    ${s.view?.guide?.speech ? tool(s.guided, "volume", s.say("kiosk.guide.tool"), () => s.act.guide()) : nothing}
    ${helpTool(s)}
  </footer>`;
}

function callsAbove(s, calls) {
  return html`<p class="k-above-t">${s.say("kiosk.called_now")}</p>
    <ul>${calls.map((call) => html`<li><b>${call.number}</b>${icon("arrow-right")}
      <span>${s.say("kiosk.counter")} ${call.counter}</span></li>`)}</ul>`;
}

// Above a lowered page there is nothing to press: what is to be known, and the hall's calls or the time.
function above(s, name) {
  const zone = s.view?.centre?.timezone;
  const at = new Date(s.at);
  const note = name === "home" ? homeNote(s) : nothing;
  const calls = s.silent ? [] : (s.view?.calls ?? []).slice(0, note === nothing ? 3 : 2);
  return html`<aside class="k-above" aria-label=${s.say("kiosk.above")}>${note}
    ${calls.length > 0
      ? callsAbove(s, calls)
      : html`<p class="k-above-t"><time>${clock(at, s.language, zone)}</time><span>${dayOf(at, s.language, zone)}</span></p>`}
    <p class="k-above-n">${icon("arrow-down")}${s.say("kiosk.lowered")}</p></aside>`;
}

export function screenOf(s) {
  if (s.screen === "issued" || s.screen === "scanned") return s.screen;
  const bar = barrier(s.view, s.silent);
  if (bar) return bar;
  // The table may have changed under whoever looked at one of its rows.
  return s.screen === "procedure" && !s.procedures.of(s.procedure) ? "find" : s.screen;
}

const SCREENS = { home, find, procedure, offer, problem, issued, scanned: scannedScreen };

function screen(s, name) {
  return (SCREENS[name] ?? ((shown) => barred(shown, name)))(s);
}

export function view(s) {
  const name = screenOf(s);
  const low = s.low && name !== "issued";
  return html`${low ? above(s, name) : nothing}
    <div class="k-frame" ?inert=${s.dialog !== null}>${header(s)}${screen(s, name)}
      ${name === "issued" ? nothing : tools(s)}</div>
    ${s.dialog ? dialog(s) : nothing}`;
}
