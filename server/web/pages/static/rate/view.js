// What the tablet looks like in each state.

import { html, nothing } from "/look/vendor/lit.js";

const SCORES = [5, 4, 3, 2, 1];

const icon = (name) => html`<svg class="i" viewBox="0 0 24 24" aria-hidden="true"><use
  href="/look/icons/sprite.svg#${name}"></use></svg>`;

function languages(s) {
  return html`<p class="langs" role="group">${["vi", "en"].map((code) => html`<button type="button"
    class="btn btn-line" data-language=${code} lang=${code} aria-pressed=${String(code === s.language)}
    @click=${() => s.act.speak(code)}>${code === "vi" ? "Tiếng Việt" : "English"}</button>`)}</p>`;
}

function head(s) {
  return html`<header class="r-head"><p><b>${s.counterName}</b><span>${s.centreName}</span></p>
    ${languages(s)}</header>`;
}

// The higher, the more bars are full: the same order as the words and the figures.
function bars(score) {
  return html`<span class="r-bars" aria-hidden="true">${SCORES.map((_, index) => html`<i
    class=${index < score ? "is-full" : ""}></i>`)}</span>`;
}

function asking(s) {
  const { ticket, busy, fault } = s.state;
  const left = Math.max(0, Math.ceil((s.state.closesAt - s.now) / 1000));
  return html`<main class="r-ask"><p class="r-no">${s.say("rating.tablet.number", {
    number: ticket.number })}</p>
    <h1 tabindex="-1">${s.say("rating.question")}</h1>
    <div class="r-scores" role="group" aria-label=${s.say("rating.scale")}>
      ${SCORES.map((score) => html`<button type="button" class="r-score" data-score=${score}
        aria-disabled=${String(busy)} @click=${() => s.act.rate(score)}><b>${score}</b><span
        >${s.say(`rating.score.${score}`)}</span>${bars(score)}</button>`)}</div>
    <p class="r-told ${fault ? "banner banner-alert" : ""}" role="alert">${busy
      ? s.say("rating.tablet.sending") : fault ? s.say(fault) : nothing}</p>
    <p class="r-foot"><button type="button" class="btn btn-quiet" data-skip
      @click=${() => s.act.skip()}>${s.say("rating.tablet.skip")}</button>
      <span aria-hidden="true">${s.say("rating.tablet.closes", { n: left })}</span></p></main>`;
}

function quiet(s, symbol, title, note) {
  return html`<main class="r-quiet">${icon(symbol)}<h1 tabindex="-1">${s.say(title)}</h1>
    ${note ? html`<p>${s.say(note)}</p>` : nothing}
    ${s.stale ? html`<p class="banner banner-care" role="status">${icon("plug-connected-x")}<span
      >${s.say("rating.tablet.stale")}</span></p>` : nothing}</main>`;
}

const SCREENS = {
  ask: asking,
  thanks: (s) => quiet(s, "circle-check", "rating.thanks"),
  refused: (s) => quiet(s, "alert-triangle", "rating.tablet.refused", "rating.tablet.refused.note"),
  unknown: (s) => quiet(s, "alert-triangle", "rating.tablet.counter", "rating.tablet.counter.note"),
  idle: (s) => quiet(s, "ticket", "rating.tablet.idle"),
};

export function view(s) {
  return html`${head(s)}<div class="r-screen" data-screen=${s.state.screen}>${
    SCREENS[s.state.screen](s)}</div>`;
}
