// What is told the hall and the staff: the list, and the dialog in which a notice is written.

import { html, live, nothing } from "/look/vendor/lit.js";
import { icon } from "/look/js/icons.js";
import { clockOf, named, ready, store, t } from "/static/manage/store.js";

const AUDIENCES = ["hall", "staff", "all"];
const DAY_MS = 86_400_000;

export const emptyForm = () => ({
  vi: "", en: "", audience: "hall", urgent: false, until: "", fault: null,
});

function wallOf(at, timeZone) {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit",
    minute: "2-digit", hourCycle: "h23",
  }).formatToParts(at);
  const of = (type) => Number(parts.find((part) => part.type === type).value);
  return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"));
}

// "16:30" of the centre's own day as a moment; one that is past today is none.
export function momentToday(text, now, timeZone) {
  const [hours, minutes] = text.split(":").map(Number);
  const wall = wallOf(now, timeZone);
  const wanted = Math.floor(wall / DAY_MS) * DAY_MS + (hours * 60 + minutes) * 60_000;
  const at = now - (now % 60_000) + (wanted - wall);
  return at > now ? new Date(at).toISOString() : null;
}

export function bodyOf(form, now) {
  const vi = form.vi.trim();
  const en = form.en.trim();
  if (!vi) return { fault: "vi" };
  const until = form.until ? momentToday(form.until, now, store.centre.timezone) : null;
  if (form.until && !until) return { fault: "until" };
  return { body: {
    text: { vi, ...(en ? { en } : {}) }, audience: form.audience, urgent: form.urgent,
    ...(until ? { until } : {}),
  } };
}

function about({ audience, until, urgent }) {
  return [urgent ? t("manage.notice.urgent") : "", t(`manage.audience.${audience}`),
    until ? t("manage.notice.until", { time: clockOf(until) }) : ""].filter(Boolean).join(" · ");
}

function row(notice, todo) {
  const text = named(notice.text);
  return html`<li class=${notice.urgent ? "is-urgent" : ""} data-notice=${notice.id}><span><b
    >${text}</b><small>${notice.urgent ? icon("alert-triangle") : nothing}${about(notice)}</small
    ></span><button class="btn btn-line" type="button" data-end=${notice.id}
    aria-label=${`${t("manage.notice.end")}: ${text}`} ?disabled=${!ready(`end.${notice.id}`)}
    @click=${() => todo.endNotice(notice)}>${t("manage.notice.end")}</button></li>`;
}

export function noticeList(todo) {
  const told = store.notices?.notices;
  if (!told) return html`<p class="m-quiet">${t("manage.unknown")}</p>`;
  if (!told.length) return html`<p class="m-quiet">${t("manage.notice.none")}</p>`;
  return html`<ul>${told.map((notice) => row(notice, todo))}</ul>`;
}

function wrong(form, field, id) {
  if (form.fault !== field) return nothing;
  return html`<span class="wrong" id=${id}>${icon("alert-triangle")}${
    t(`manage.notice.wrong.${field}`)}</span>`;
}

function text(form, todo, field) {
  const bad = form.fault === field;
  return html`<p class="field ${bad ? "is-wrong" : ""}"><label for="notice-${field}">${
    t(`manage.notice.${field}`)}</label><textarea id="notice-${field}" name=${field} rows="2"
    maxlength="200" aria-invalid=${bad ? "true" : nothing}
    aria-describedby=${bad ? `wrong-${field}` : nothing} .value=${live(form[field])}
    @input=${(event) => todo.write(field, event.target.value.replace(/\n/g, " "))}></textarea>${
    wrong(form, field, `wrong-${field}`)}</p>`;
}

function audience(form, todo) {
  return html`<fieldset class="m-for"><legend>${t("manage.notice.for")}</legend>${AUDIENCES
    .map((one) => html`<label><input type="radio" name="audience" value=${one}
      .checked=${live(form.audience === one)} @change=${() => todo.write("audience", one)}>${
      t(`manage.audience.${one}`)}</label>`)}</fieldset>`;
}

function ends(form, todo) {
  const bad = form.fault === "until";
  return html`<p class="field ${bad ? "is-wrong" : ""}"><label for="notice-until">${
    t("manage.notice.ends")}</label><input id="notice-until" type="time" name="until"
    aria-invalid=${bad ? "true" : nothing}
    aria-describedby=${bad ? "wrong-until until-tip" : "until-tip"} .value=${live(form.until)}
    @input=${(event) => todo.write("until", event.target.value)}><span class="hint" id="until-tip"
    >${t("manage.notice.ends.tip")}</span>${wrong(form, "until", "wrong-until")}</p>`;
}

export function noticeDialog(todo) {
  const { form } = store;
  if (!form) return nothing;
  return html`<dialog class="ask" aria-labelledby="notice-h" @close=${todo.closeForm}>
    <form class="m-write" novalidate @submit=${todo.postNotice}><div class="ask-body"><h2
    id="notice-h">${t("manage.notice.new")}</h2>${text(form, todo, "vi")}${text(form, todo, "en")}
    ${audience(form, todo)}<label class="m-tick"><input type="checkbox" name="urgent"
    .checked=${live(form.urgent)} @change=${(event) => todo.write("urgent", event.target.checked)}
    ><span>${t("manage.notice.urgently")}<small>${t("manage.notice.urgently.tip")}</small></span>
    </label>${ends(form, todo)}</div><p class="ask-act"><button class="btn btn-main" type="submit"
    data-post ?disabled=${!ready("notice")}>${t("manage.notice.post")}</button><button
    class="btn btn-line" type="button" @click=${todo.closeForm}>${t("manage.back")}</button></p>
    </form></dialog>`;
}
