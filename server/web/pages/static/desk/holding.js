// Why a number is on hold: asked after it was put there, beside everything else and in nobody's
// way. Who does not answer has not missed anything: the list of held numbers still asks.

import { html, live, nothing } from "/look/vendor/lit.js";
import { openAsk } from "/static/desk/asks.js";
import { option } from "/static/desk/parts.js";
import { HOLD_WHYS, store, t } from "/static/desk/store.js";

const ASKED_MS = 20_000;
const MOST = 60;

export function askWhyHeld({ id, number }) {
  store.holding = { id, number, until: Date.now() + ASKED_MS, typing: false, text: "", wrong: null };
}

export function leaveHeld() {
  store.holding = null;
}

export function tiredOfAsking() {
  if (store.holding && Date.now() > store.holding.until) leaveHeld();
}

// Of one that is in the list of held numbers without a reason.
export function askAgainWhyHeld({ id, number }, todo) {
  return openAsk("hold", { ticket: { id, number } }, todo);
}

function type(asked, todo) {
  asked.typing = true;
  todo.redraw();
  document.querySelector("#held-why")?.focus();
}

function form(asked, todo) {
  const say = (event) => {
    event.preventDefault();
    const why = asked.text.trim();
    if (why) todo.press("hold-reason", { ...asked, body: { reason: "other", why }, keepAsk: true });
  };
  return html`<form class="held-form" @submit=${say}><label for="held-why">${
    t("desk.hold.words")}</label><input id="held-why" autocomplete="off" maxlength=${MOST}
    .value=${live(asked.text)} aria-invalid=${asked.wrong ? "true" : nothing}
    aria-describedby="held-hint" @input=${(event) => {
      Object.assign(asked, { text: event.target.value, wrong: null, until: Date.now() + ASKED_MS });
      todo.redraw();
    }}><button class="btn btn-main" type="submit">${t("desk.note.save")}</button>
    <p id="held-hint" class=${asked.wrong ? "ask-wrong" : ""} role=${asked.wrong ? "alert" : nothing}
      >${t(asked.wrong ? `desk.error.${asked.wrong}` : "desk.words.hint")}</p></form>`;
}

// The four reasons, each with its figure; of another one a few words.
export function heldReasons(asked, todo) {
  if (asked.typing) return form(asked, todo);
  const pick = (reason) => (reason === "other" ? type(asked, todo)
    : todo.press("hold-reason", { ...asked, body: { reason }, keepAsk: true }));
  return HOLD_WHYS.map((reason, index) => option(
    index + 1, reason, t(`desk.hold.${reason}`), () => pick(reason)));
}
