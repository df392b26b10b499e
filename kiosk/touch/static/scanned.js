// After a scan: the ticket and what was done with it, or why nothing was; a card's line on home.

import { html, nothing } from "/look/vendor/lit.js";
import { icon } from "/look/js/icons.js";
import { mayRate, ratingChoices } from "./rating.js";

const STATE_PICTURE = { cancelled: "circle-x", served: "circle-check", no_show: "user-x", called: "bell" };

// "Đã ghi nhận: người cao tuổi", for a moment, where the home screen's banner is.
export function noted(s) {
  if (!s.scan) return null;
  const key = s.scan.elderly ? "kiosk.scan.elderly" : "kiosk.scan.no_group";
  return html`<p class="banner ${s.scan.elderly ? "banner-good" : "banner-care"}" role="status">
    ${icon(s.scan.elderly ? "circle-check" : "id")}
    <span><b>${s.say(key)}</b> ${s.say(`${key}_more`)}</span></p>`;
}

function printed(s) {
  const { outcome, message } = s.scan;
  const done = outcome === "printed" || outcome === "printing";
  const key = done ? `kiosk.scan.${outcome}` : "kiosk.scan.not_printed";
  return {
    picture: done ? "printer" : "printer-off",
    title: s.say(key),
    lines: [done ? s.say(`${key}_more`) : message?.[s.language] || s.say("kiosk.scan.not_printed_more")],
  };
}

// "Khu A · Quầy 3 hoặc 4", as far as it is known and few enough to say.
function where(s) {
  const { zone, counters, counter } = s.scan.ticket;
  const numbers = counter ? [counter] : counters.length <= 3 ? counters : [];
  const or = ` ${s.say("kiosk.or")} `;
  const named = numbers.length > 0 ? `${s.say("kiosk.counter")} ${numbers.join(", ").replace(/, (\d+)$/, `${or}$1`)}` : "";
  return [zone?.[s.language], named].filter(Boolean).join(" · ");
}

function arrived(s) {
  return {
    picture: "circle-check",
    title: s.say("kiosk.scan.checked_in"),
    lines: [s.say("kiosk.scan.checked_in_more"), where(s)],
  };
}

function standing(s) {
  const { state } = s.scan.ticket;
  const there = state === "called" || state === "serving" ? where(s) : "";
  return {
    picture: STATE_PICTURE[state] ?? "ticket",
    title: s.say(`kiosk.scan.state.${state}`),
    lines: [there, s.say(`kiosk.scan.state.${state}_more`)],
  };
}

function rated(s) {
  return { picture: "circle-check", title: s.say("rating.thanks"), lines: [] };
}

function asked(s) {
  return { picture: "circle-check", title: s.say("rating.question"), lines: [], choices: true };
}

function refused(s) {
  const told = s.scan.message?.[s.language];
  return {
    picture: "alert-triangle",
    title: s.say("kiosk.scan.refused"),
    lines: [told || s.say("kiosk.scan.refused_more")],
  };
}

function unknown(s) {
  return { picture: "id", title: s.say("kiosk.scan.unknown"), lines: [s.say("kiosk.scan.unknown_more")] };
}

const SCREENS = { ticket: printed, checked_in: arrived, state: standing, refused, unknown };

export function scannedScreen(s) {
  const screen = s.rating?.done ? rated : mayRate(s) ? asked : SCREENS[s.scan.kind] ?? unknown;
  const { picture, title, lines, choices } = screen(s);
  const { ticket } = s.scan;
  const left = Math.max(0, Math.ceil((s.closesAt - s.now) / 1000));
  const [before, after] = s.say("kiosk.closes_in").split("{n}");
  return html`<main class="k-main k-notice"><div class="k-notice-box" role="status">
    ${ticket ? html`<p class="k-scan-no" data-scanned=${ticket.number}>${ticket.number}</p>` : nothing}
    <span class="k-notice-ic">${icon(picture)}</span>
    <h1 tabindex="-1">${title}</h1>${lines.filter(Boolean).map((line) => html`<p>${line}</p>`)}
    ${choices ? ratingChoices(s) : nothing}
    <button type="button" class="btn ${choices ? "btn-quiet" : "btn-main"} btn-big" id="done"
      @click=${() => s.act.reset()}>${s.say(choices ? "rating.tablet.skip" : "kiosk.done")}</button>
    <p class="k-scan-close" aria-hidden="true">${before}<b>${left}</b>${after}</p></div></main>`;
}
