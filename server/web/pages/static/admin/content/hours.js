// When the centre is open, and when it hands out numbers.

import { html } from "/look/vendor/lit.js";
import { buttons, checkField, makeForm } from "/static/admin/form.js";
import { store, t } from "/static/admin/store.js";
import {
  clock, codes, configuration, loadConfiguration, number, submit, typed,
} from "/static/admin/content/config.js";
import { amount, cell, checked, rows, trouble } from "/static/admin/content/fields.js";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const FRESH = { days: ["mon", "tue", "wed", "thu", "fri"], open: "07:30", close: "11:30" };

let form = null;

// "mon-wed,sat" as a list of days, and back.
function days(text) {
  return text.split(",").flatMap((part) => {
    const [first, end = first] = part.trim().split("-").map((one) => DAYS.indexOf(one));
    return first < 0 ? [] : DAYS.slice(first, end + 1);
  });
}

function start() {
  const { centre } = configuration();
  return makeForm({
    hours: centre.hours.map((one) => ({ ...one, days: days(one.days) })),
    tickets_from_min: typed(centre.tickets_from_min),
    lunch_tickets: centre.lunch_tickets,
    closed_dates: centre.closed_dates.map((day) => ({ day })),
  }, { check: checked({ numbers: ["tickets_from_min"] }), codes });
}

function put({ centre }, value) {
  centre.hours = value.hours.map((one) => ({
    days: DAYS.filter((day) => one.days.includes(day)).join(","),
    open: clock(one.open),
    close: clock(one.close),
  }));
  centre.tickets_from_min = number(value.tickets_from_min);
  centre.lunch_tickets = value.lunch_tickets;
  centre.closed_dates = [...new Set(value.closed_dates.map(({ day }) => day).filter(Boolean))];
}

function span(row, change, n, bad) {
  const turn = (day) => () => change({
    days: row.days.includes(day) ? row.days.filter((one) => one !== day) : [...row.days, day],
  });
  return html`<span class="con-days" role="group" aria-label=${t("content.hours.days", { n })}>${DAYS
    .map((day) => html`<button type="button" aria-pressed=${row.days.includes(day) ? "true" : "false"}
      aria-label="${t(`content.day.${day}.short`)}, ${t(`content.day.${day}`)}" @click=${turn(day)}>${t(`content.day.${day}.short`)}</button>`)}</span>
    ${cell(t("content.hours.open"), row.open, (open) => change({ open }), { maxlength: 5, bad })}
    ${cell(t("content.hours.close"), row.close, (close) => change({ close }), {
      maxlength: 5, bad })}`;
}

const weekday = (day) => (day ? new Date(`${day}T12:00:00Z`).toLocaleDateString(
  store.language === "vi" ? "vi-VN" : "en-GB", { weekday: "long", timeZone: "UTC" }) : "");

const closed = (row, change, n, bad) => html`${cell(t("content.hours.date"), row.day, (day) => change({ day }),
  { type: "date", hidden: true, bad })}<span class="con-note">${weekday(row.day)}</span>`;

function list(todo) {
  return html`<div class="adm-h"><h1 tabindex="-1">${t("content.hours")}</h1></div>
    <div class="adm-2 is-alone"><form class="panel" novalidate @submit=${submit(form, todo, {
      bases: ["centre"], change: put,
    })}>${trouble(form, todo)}
    ${rows(form, todo, { name: "hours", label: t("content.hours.sessions"),
      tip: form.value.hours.length ? "" : t("content.hours.always"), cells: span, fresh: FRESH,
      add: t("content.hours.add"), removed: (n) => t("content.hours.remove", { n }) })}
    <div class="two">${amount(form, todo, "tickets_from_min", t("content.hours.before"), { inputmode: "numeric" })}
    ${checkField(form, todo, { name: "lunch_tickets", label: t("content.hours.lunch"),
      hint: t("content.hours.lunch.tip") })}</div>
    ${rows(form, todo, { name: "closed_dates", label: t("content.hours.closed"), tip: t("content.hours.closed.tip"),
      cells: closed, fresh: { day: "" }, add: t("content.hours.closed.add"),
      removed: (n) => t("content.hours.closed.remove", { n }) })}
    ${buttons(form, todo, {})}</form></div>`;
}

export const hours = {
  id: "hours",
  title: () => t("content.hours"),
  async load(todo) {
    await loadConfiguration(todo);
    form = start();
  },
  list,
  detail: list,
};
