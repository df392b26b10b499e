// How a visit ends, one key each, and how many dossiers came of it.

import { html, nothing } from "/look/vendor/lit.js";
import { aria } from "/static/desk/keymap.js";
import { keyOf, soon } from "/static/desk/parts.js";
import { heldReasons } from "/static/desk/holding.js";
import { asksWhyHeld, can, clockOf, endsShown, keptOf, OUTCOMES, store, t } from "/static/desk/store.js";

const MOST = 99;

export function count(step) {
  const now = store.dossiers ?? (step > 0 ? 0 : 1);
  store.dossiers = Math.min(MOST, Math.max(0, now + step));
}

function stepper(press) {
  const button = (action, symbol, words) => html`<button type="button" data-action=${action}
    aria-keyshortcuts=${aria(action)} aria-label=${t(words)} ?disabled=${!can(action)}
    @click=${() => press(action)}>${symbol}</button>`;
  const said = store.dossiers ?? t("desk.none");
  return html`<p class="ends-count">${button("less", "−", "desk.less")}<output
    aria-label=${t("desk.dossiers.said", { count: said })}><b data-dossiers>${said}</b>
    <small>${t("desk.dossiers")}</small></output>${button("more", "+", "desk.more")}</p>`;
}

export function endings(press) {
  if (!endsShown()) return nothing;
  return html`<div class="ends" role="group" aria-label=${t("desk.ends")}>${
    OUTCOMES.map((outcome, index) => {
      const action = `end-${index + 1}`;
      return html`<button class="end ${soon(action)}" type="button" data-action=${action}
        data-outcome=${outcome} aria-keyshortcuts=${aria(action)} ?disabled=${!can(action)}
        @click=${() => press(action)}>${keyOf(action)}<span>${t(`desk.end.${outcome}`)}</span>
      </button>`;
    })}${stepper(press)}</div>`;
}

// What was pressed while the server was away stays with its number until it is handed in. No icon:
// one that was not drawn yet could not be fetched now.
export function keptStrip(ticket, todo) {
  const kept = keptOf(ticket.id);
  const asked = asksWhyHeld();
  if (asked) {
    const question = t("desk.held.ask", { number: ticket.number });
    return html`<div class="ends held-ask" data-kept="hold" data-figures role="group"
      aria-label=${question}><p><b>${question}</b></p>${heldReasons(asked, todo)}</div>`;
  }
  const what = t("desk.kept", { action: t(`desk.${kept.action}`),
    time: clockOf(kept.at) });
  return html`<p class="ends-kept" data-kept=${kept.action}><span><b>${what}</b>
    ${t(kept.tried ? "desk.kept.sending" : "desk.kept.later")}</span></p>`;
}
