// After a scan of a slip whose visit is over: how it was, on one screen, in one touch.

import { html, nothing } from "/look/vendor/lit.js";

const SCORES = [5, 4, 3, 2, 1];
const RATE_MS = 5000; // the agent itself answers within 2 s

export const mayRate = ({ scan, rating }) =>
  scan.kind === "state" && scan.ticket.can_rate === true && rating?.done !== true;

// {done: true} once it is rated, else {fault} with words of both languages, or null for the usual.
export async function sendRating(ticket, score) {
  try {
    const answer = await fetch("/api/rate", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ticket, score }),
      signal: AbortSignal.timeout(RATE_MS),
    });
    if (answer.ok) return { done: true };
    const { message } = await answer.json();
    return { fault: message ?? null };
  } catch {
    return { fault: null };
  }
}

export function ratingChoices(s) {
  const busy = s.rating?.busy === true;
  const fault = s.rating && "fault" in s.rating
    ? s.rating.fault?.[s.language] ?? s.say("kiosk.rate.away") : "";
  return html`<div class="k-rate" role="group" aria-label=${s.say("rating.scale")}>
      ${SCORES.map((score) => html`<button type="button" class="btn btn-line" data-score=${score}
        aria-disabled=${String(busy)} @click=${() => s.act.rate(score)}><b>${score}</b><span
        >${s.say(`rating.score.${score}`)}</span></button>`)}</div>
    ${fault ? html`<p class="banner banner-alert" role="alert"><span>${fault}</span></p>` : nothing}`;
}
