// What could be done now, one press each; what was put off; and what is lent today.

import { html, nothing } from "/look/vendor/lit.js";
import { icon } from "/look/js/icons.js";
import { named, ready, seatOf, store, t } from "/static/manage/store.js";

const KEPT = "layso.manage.later";
const WORSE = 1.5; // so much longer to clear than when it was put off: it is shown again

const place = () => `${KEPT}.${store.centre.id}`;

function putOff() {
  try {
    return JSON.parse(localStorage.getItem(place()) ?? "{}");
  } catch {
    return {};
  }
}

const keep = (later) => localStorage.setItem(place(), JSON.stringify(later));

export function later({ id, drain_s: drain }) {
  keep({ ...putOff(), [id]: Math.max(60, drain) });
}

export function sooner() {
  keep({});
}

// What is advised no more may be advised anew some day.
export function forget(advice) {
  const before = putOff();
  const still = Object.fromEntries(advice.filter(({ id }) => id in before)
    .map(({ id }) => [id, before[id]]));
  if (Object.keys(still).length < Object.keys(before).length) keep(still);
}

const isPutOff = (one, before) => one.id in before && one.drain_s < before[one.id] * WORSE;

// "Mở quầy 7 cho Đất đai – giảm khoảng 18 phút chờ", as a heading of two lines.
function halves(text) {
  const at = text.lastIndexOf(" – ");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 3)];
}

function who({ kind, counter }) {
  const name = seatOf(counter.id);
  if (kind === "take_back") return "";
  return name ? t("manage.advice.seat", { name, counter: counter.number })
    : t("manage.advice.noseat", { counter: counter.number });
}

function outcome({ kind, drain_s: before, drain_after_s: after }) {
  if (kind === "take_back") return "";
  const [now, then] = [before, after].map((seconds) => Math.round(seconds / 60));
  return t("manage.advice.drain", { now, then });
}

function card(one, at, todo) {
  const [what, why] = halves(named(one.words));
  return html`<article class="advice ${at ? "" : "is-first"}" data-advice=${one.id}>
    <h3>${what}${why ? html`<span>${why}</span>` : nothing}</h3>
    <p>${[outcome(one), who(one)].filter(Boolean).join(" ")}</p>
    <p class="advice-act"><button class="btn ${at ? "btn-line" : "btn-main"}" type="button"
      data-take=${one.id} ?disabled=${!ready(`advice.${one.id}`)} @click=${() => todo.take(one)}
      >${t(`manage.do.${one.kind}`, { counter: one.counter.number })}</button>
    <button class="btn btn-text" type="button" data-later=${one.id}
      aria-label=${`${t("manage.later")}: ${what}`} @click=${() => todo.later(one)}
      >${t("manage.later")}</button></p></article>`;
}

function loanRow(loan, todo) {
  const advice = { kind: "take_back", counter: loan.counter, service: loan.service,
    id: `take_back.${loan.counter.id}.${loan.service.id}` };
  const text = t("manage.loan", { counter: loan.counter.number, service: named(loan.service.name) });
  return html`<li data-loan=${advice.id}><span>${text}</span><button class="btn btn-line"
    type="button" aria-label=${`${t("manage.do.take_back", { counter: loan.counter.number })}: ${text}`}
    ?disabled=${!ready(`advice.${advice.id}`)} @click=${() => todo.take(advice)}
    >${t("manage.loan.end")}</button></li>`;
}

function loans(todo) {
  const advised = new Set(store.advice.advice.map(({ id }) => id));
  const left = store.advice.loans.filter(({ counter, service }) =>
    !advised.has(`take_back.${counter.id}.${service.id}`));
  if (!left.length) return nothing;
  return html`<section class="panel m-loans" aria-labelledby="m-loans"><h3 id="m-loans"
    >${t("manage.loans")}</h3><ul>${left.map((loan) => loanRow(loan, todo))}</ul></section>`;
}

export function adviceColumn(todo) {
  const before = putOff();
  const shown = store.advice.advice.filter((one) => !isPutOff(one, before));
  const hidden = store.advice.advice.length - shown.length;
  return html`<section class="m-adv" aria-labelledby="m-adv"><h2 id="m-adv" class="sr"
    >${t("manage.advice")}</h2>
    ${shown.length ? shown.map((one, at) => card(one, at, todo))
      : html`<p class="m-calm">${icon("circle-check")}${t("manage.advice.none")}</p>`}
    ${hidden ? html`<p class="m-hidden">${t("manage.hidden", { count: hidden })}<button
      class="btn btn-text" type="button" data-sooner @click=${todo.sooner}
      >${t("manage.hidden.show")}</button></p>` : nothing}${loans(todo)}</section>`;
}
