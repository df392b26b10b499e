// When there is no number to give: what still works, what to do, in plain words.

import { html, nothing } from "/look/vendor/lit.js";
import { clock, dayOf } from "/look/js/text.js";
import { closedKind } from "./flow.js";
import { icon } from "/look/js/icons.js";

export function notice(s, { picture, title, lines, action }) {
  return html`<main class="k-main k-notice"><div class="k-notice-box">
    <span class="k-notice-ic">${icon(picture)}</span>
    <h1 tabindex="-1">${title}</h1>${lines.filter(Boolean).map((line) => html`<p>${line}</p>`)}
    ${action ?? nothing}</div></main>`;
}

function closed(s) {
  const { opens_at: opens, timezone } = s.view.centre;
  const kind = closedKind(s.view.clock.now, opens);
  const values = opens && {
    time: clock(new Date(opens), s.language, timezone),
    day: dayOf(new Date(opens), s.language, timezone),
  };
  return notice(s, {
    picture: kind === "lunch" || kind === "early" ? "clock" : "door",
    title: s.say(`kiosk.closed.${kind}`, values ?? {}),
    lines: [s.say(`kiosk.closed.${kind}_more`, values ?? {}), s.say(kind === "early" ? "kiosk.closed.early_help" : "kiosk.closed.help")],
  });
}

export function barred(s, why) {
  if (why === "closed") return closed(s);
  return notice(s, {
    picture: why === "starting" ? "hourglass" : "plug-connected-x",
    title: s.say(`kiosk.${why}`),
    lines: [s.say(`kiosk.${why}_more`)],
  });
}

const KNOWN = new Set(["day_full", "too_many_requests", "unknown_service", "unavailable", "silent"]);
const PICTURE = { too_many_requests: "ticket", day_full: "users" };

// The other centre gave no number, whatever the reason: one may be taken here.
function notThere(s) {
  const { message } = s.problem;
  return notice(s, {
    picture: "building-bank",
    title: s.say("kiosk.problem.elsewhere"),
    lines: [message?.[s.language] || s.say("kiosk.problem.elsewhere_more")],
    action: html`<div class="dialog-act">
      <button type="button" class="btn btn-main btn-big" id="choose-stay" aria-busy=${Boolean(s.pressing)}
        @click=${() => s.act.stay()}>${s.say(s.pressing ? "kiosk.asking" : "kiosk.offer.stay")}</button>
      <button type="button" class="btn btn-line btn-big" id="done" @click=${() => s.act.back()}>${s.say("kiosk.back")}</button></div>`,
  });
}

export function problem(s) {
  if (s.problem.elsewhere && s.problem.code !== "too_many_requests") return notThere(s);
  const { code, service, retry_s, message } = s.problem;
  const named = s.view?.centre?.services.find((one) => one.id === service);
  const values = { service: named?.name[s.language].split(":", 1)[0] ?? "", n: Math.ceil(retry_s ?? 30) };
  const kind = KNOWN.has(code) ? code : "unavailable";
  const own = !KNOWN.has(code) && message?.[s.language];
  return notice(s, {
    picture: PICTURE[code] ?? "alert-triangle",
    title: own || s.say(`kiosk.problem.${kind}`, values),
    lines: [s.say(`kiosk.problem.${kind}_more`, values)],
    action: html`<button type="button" class="btn btn-main btn-big" id="done" @click=${() => s.act.back()}>${s.say("kiosk.back")}</button>`,
  });
}
