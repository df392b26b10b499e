// Calling somebody to this machine: what the button says, and what it answers.

import { html, nothing } from "/look/vendor/lit.js";
import { icon } from "/look/js/icons.js";

// clear | asking | desk (nobody can be called from here) | called | coming
export function helpOf(s) {
  const known = s.view?.help ?? "clear";
  return known === "clear" ? s.help ?? "clear" : known;
}

const PICTURE = { asking: "headset", desk: "building-bank", called: "headset", coming: "walk" };

export function helpTool(s) {
  const state = helpOf(s);
  const waiting = state === "called" || state === "coming";
  const key = waiting ? `kiosk.help.${state}_short` : "kiosk.help.call";
  return html`<button type="button" class="k-tool" id="call-staff" data-help=${state} aria-pressed=${waiting}
    @click=${() => s.act.help()}>${icon(state === "coming" ? "walk" : "headset")}<span>${s.say(key)}</span></button>`;
}

export function helpDialog(s) {
  const state = helpOf(s) === "clear" ? "called" : helpOf(s);
  const waiting = state === "called" || state === "coming";
  return html`<div class="scrim"><div class="dialog" role="dialog" aria-modal="true" aria-labelledby="dialog-h" aria-describedby="dialog-p">
    <span class="k-notice-ic">${icon(PICTURE[state])}</span>
    <div role="status"><h2 id="dialog-h">${s.say(`kiosk.help.${state}`)}</h2><p id="dialog-p">${s.say(`kiosk.help.${state}_more`)}</p></div>
    <div class="dialog-act">
      <button type="button" class="btn btn-main btn-big" id="dialog-first" @click=${() => s.act.close_dialog()}>${s.say("kiosk.help.close")}</button>
      ${waiting ? html`<button type="button" class="btn btn-line btn-big" @click=${() => s.act.no_help()}>${s.say("kiosk.help.cancel")}</button>` : nothing}
    </div></div></div>`;
}
