// Services: the queues people choose.

import { html, nothing } from "/look/vendor/lit.js";
import { buttons, checkField, makeForm } from "/static/admin/form.js";
import { chip, detailPage, facts, listPage, panel } from "/static/admin/parts.js";
import { named, t } from "/static/admin/store.js";
import {
  codes, configuration, loadConfiguration, number, path, pending, retire, slug, submit, typed,
} from "/static/admin/content/config.js";
import { amount, autoId, bothNames, checked, fromTomorrow, picks, trouble, words } from "/static/admin/content/fields.js";

const LIKE_DIGITS = /[BDGIOQS]/;
const USUAL = { target_wait_min: 15, typical_service_min: 8 };

let form = null;
let id = null;

const serving = (service) => configuration().counter.filter((one) => one.services.includes(service));
const minutes = (value) => t("content.minutes", { n: typed(value) });

function state(service) {
  const later = pending(`${path("service", configuration().service.indexOf(service))}.prefix`);
  if (later) return chip(t("content.later"), "care", "clock");
  if (!serving(service.id).length) return chip(t("content.services.unserved"), "care", "alert-triangle");
  return chip(t("content.in_use"), "good", "circle-check");
}

function list(todo) {
  const rows = configuration().service;
  return listPage(todo, {
    id: "services",
    title: t("content.services"),
    rows,
    columns: [
      { label: t("content.services.one"), cell: (one) => named(one.name) },
      { label: t("content.prefix"), cell: (one) => one.prefix },
      { label: t("content.target"), number: true, wide: true, cell: (one) => minutes(one.target_wait_min) },
      { label: t("content.typical"), number: true, wide: true, cell: (one) => minutes(one.typical_service_min) },
      { label: t("content.counters"), wide: true,
        cell: (one) => serving(one.id).map((counter) => counter.number).join(", ") || "–" },
      { label: t("admin.state"), cell: state },
    ],
    find: (one) => `${one.name.vi} ${one.name.en} ${one.prefix} ${one.id}`,
    add: { label: t("content.services.add") },
    count: t("content.services.count", { count: rows.length }),
    none: "",
  });
}

function start(service) {
  const one = service ?? { id: "", prefix: "", name: { vi: "", en: "" }, anywhere: true, ...USUAL };
  return makeForm({
    ...(service ? {} : { id: "" }),
    vi: one.name.vi, en: one.name.en, prefix: one.prefix,
    target_wait_min: typed(one.target_wait_min),
    typical_service_min: typed(one.typical_service_min),
    daily_limit: typed(one.daily_limit),
    anywhere: one.anywhere,
    counters: service ? serving(service.id).map((counter) => counter.id) : [],
  }, {
    check: checked({
      needed: ["vi", "en", "prefix"], numbers: ["target_wait_min", "typical_service_min"],
      optional: ["daily_limit"],
    }),
    codes,
  });
}

// The configuration with what the form holds; a new service comes last.
function put(wanted, value) {
  const at = wanted.service.findIndex((one) => one.id === id);
  const own = at < 0 ? value.id || slug(value.vi) : id;
  const service = {
    ...(at < 0 ? {} : wanted.service[at]),
    id: own,
    prefix: value.prefix.trim().toUpperCase(),
    name: { vi: value.vi, en: value.en },
    target_wait_min: number(value.target_wait_min),
    typical_service_min: number(value.typical_service_min),
    anywhere: value.anywhere,
    daily_limit: number(value.daily_limit),
  };
  if (at < 0) wanted.service.push(service);
  else wanted.service[at] = service;
  for (const counter of wanted.counter) {
    const has = counter.services.includes(own);
    if (has === value.counters.includes(counter.id)) continue;
    counter.services = has ? counter.services.filter((one) => one !== own) : [...counter.services, own];
  }
}

const fields = (todo) => html`${trouble(form, todo)}${bothNames(form, todo)}
  <div class="two">${words(form, todo, "prefix", t("content.prefix"), { maxlength: 2 })}
  ${amount(form, todo, "daily_limit", t("content.limit"), { inputmode: "numeric" })}</div>
  ${LIKE_DIGITS.test(form.value.prefix.toUpperCase()) ? html`<p class="con-later">${t("content.prefix.digit")}</p>`
    : nothing}
  <div class="two">${amount(form, todo, "target_wait_min", t("content.target.min"))}
  ${amount(form, todo, "typical_service_min", t("content.typical.min"))}</div>
  ${checkField(form, todo, { name: "anywhere", label: t("content.anywhere"), hint: t("content.anywhere.tip") })}
  ${picks(form, todo, { name: "counters", label: t("content.services.counters"),
    options: configuration().counter.map((one) => [one.id, named(one.name)]),
    none: t("content.counters.none") })}`;

function make(todo) {
  const done = () => {
    todo.later(t("content.services.made"));
    todo.go("services");
  };
  const send = submit(form, todo, { bases: [path("service", configuration().service.length)], change: put, done });
  return detailPage({
    back: ["#/services", t("content.services")],
    title: t("content.services.add"),
    main: html`<form class="panel" novalidate @submit=${send}>${fields(todo)}
      ${words(form, todo, "id", t("content.id"), {
        maxlength: 64, ...autoId(form) })}
      ${buttons(form, todo, { label: t("content.services.add"), fresh: true, cancel: "#/services" })}</form>`,
  });
}

function detail(todo) {
  if (id === "new") return make(todo);
  const at = configuration().service.findIndex((one) => one.id === id);
  const service = configuration().service[at];
  const leave = (wanted) => {
    wanted.service = wanted.service.filter((one) => one.id !== id);
    for (const one of wanted.counter) one.services = one.services.filter((other) => other !== id);
  };
  return detailPage({
    back: ["#/services", t("content.services")],
    title: named(service.name),
    state: state(service),
    main: html`<form class="panel" novalidate @submit=${submit(form, todo, {
      bases: [path("service", at)], change: put,
    })}>${fromTomorrow(pending(`${path("service", at)}.prefix`))}${fields(todo)}${buttons(form, todo, {})}</form>`,
    side: panel(t("content.about"), html`${facts([
      [t("content.id"), id],
      [t("content.counters"), serving(id).map((one) => one.number).join(", ") || "–"],
    ])}<p class="adm-tip">${t("content.prefix.tomorrow")}</p>
      <button class="btn btn-danger" type="button" data-retire @click=${() => retire(todo, {
        section: "services", name: named(service.name), change: leave, text: t("content.services.retire.tip"),
      })}>${t("content.services.retire")}</button>`),
  });
}

export const services = {
  id: "services",
  title: () => t("content.services"),
  async load(todo, wanted) {
    await loadConfiguration(todo);
    id = wanted;
    if (id === null) return;
    const service = configuration().service.find((one) => one.id === id);
    if (!service && id !== "new") todo.missing();
    form = start(service);
  },
  list,
  detail,
};
