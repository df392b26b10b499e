// Counters and what each can serve; zones, where they stand.

import { html } from "/look/vendor/lit.js";
import { buttons, choiceField, makeForm } from "/static/admin/form.js";
import { chip, detailPage, facts, listPage, panel } from "/static/admin/parts.js";
import { named, t } from "/static/admin/store.js";
import {
  codes, configuration, loadConfiguration, number, path, retire, slug, submit, typed,
} from "/static/admin/content/config.js";
import { amount, autoId, bothNames, checked, picks, trouble, words } from "/static/admin/content/fields.js";

let form = null;
let id = null;

const zoneName = (zone) => named(configuration().zone.find((one) => one.id === zone)?.name) || "–";
const serviceNames = (counter) => counter.services
  .map((service) => named(configuration().service.find((one) => one.id === service)?.name) || service);

function list(todo) {
  const rows = [...configuration().counter].sort((a, b) => a.number - b.number);
  return listPage(todo, {
    id: "counters",
    title: t("content.counters"),
    rows,
    columns: [
      { label: t("content.counters.one"), cell: (one) => named(one.name) },
      { label: t("content.number"), number: true, cell: (one) => one.number },
      { label: t("content.zone"), wide: true, cell: (one) => zoneName(one.zone) },
      { label: t("content.services"), cell: (one) => serviceNames(one).join(", ")
        || chip(t("content.counters.idle"), "care", "alert-triangle") },
    ],
    find: (one) => `${one.name.vi} ${one.name.en} ${one.number} ${serviceNames(one).join(" ")}`,
    filter: {
      label: t("content.services.one"),
      options: [["", t("content.services.all")],
        ...configuration().service.map((one) => [one.id, named(one.name)])],
      keeps: (one, service) => one.services.includes(service),
    },
    add: { label: t("content.counters.add") },
    count: t("content.counters.count", { count: rows.length }),
    none: t("content.counters.none"),
  });
}

const free = () => Math.max(0, ...configuration().counter.map((one) => one.number)) + 1;

function start(counter) {
  const n = free();
  const one = counter ?? {
    number: n, services: [], zone: null,
    name: { vi: t("content.counters.called.vi", { n }), en: t("content.counters.called.en", { n }) },
  };
  return makeForm({
    number: typed(one.number), vi: one.name.vi, en: one.name.en, zone: one.zone ?? "",
    services: one.services,
  }, {
    check: (value) => ({
      ...checked({ needed: ["vi", "en"], numbers: ["number"] })(value),
      // Nobody is ever called to a counter that serves nothing: not what is meant by adding one.
      services: counter || value.services.length ? null : t("content.counters.needs"),
    }),
    codes,
  });
}

function put(wanted, value) {
  const at = wanted.counter.findIndex((one) => one.id === id);
  const taken = new Set(wanted.counter.map((one) => one.id));
  let own = slug(`q${value.number}`);
  while (at < 0 && taken.has(own)) own += "-2";
  const counter = {
    id: at < 0 ? own : id,
    number: number(value.number),
    name: { vi: value.vi, en: value.en },
    services: value.services,
    zone: value.zone || null,
  };
  if (at < 0) wanted.counter.push(counter);
  else wanted.counter[at] = counter;
}

function fields(todo) {
  return html`${trouble(form, todo)}
    <div class="two">${amount(form, todo, "number", t("content.number"), { inputmode: "numeric" })}
    ${choiceField(form, todo, { name: "zone", label: t("content.zone"),
      options: [["", t("content.zone.none")], ...configuration().zone.map((one) => [one.id, named(one.name)])] })}</div>
    ${bothNames(form, todo)}
    ${picks(form, todo, { name: "services", label: t("content.counters.services"),
      options: configuration().service.map((one) => [one.id, named(one.name), one.prefix]), none: "" })}`;
}

function detail(todo) {
  const fresh = id === "new";
  const at = fresh ? configuration().counter.length : configuration().counter.findIndex((one) => one.id === id);
  const counter = configuration().counter[at];
  const done = fresh ? () => {
    todo.later(t("content.counters.made"));
    todo.go("counters");
  } : null;
  const send = submit(form, todo, { bases: [path("counter", at)], change: put, done });
  const leave = (wanted) => {
    wanted.counter = wanted.counter.filter((one) => one.id !== id);
  };
  return detailPage({
    back: ["#/counters", t("content.counters")],
    title: fresh ? t("content.counters.add") : named(counter.name),
    main: html`<form class="panel" novalidate @submit=${send}>${fields(todo)}${fresh
      ? buttons(form, todo, { label: t("content.counters.add"), fresh, cancel: "#/counters" })
      : buttons(form, todo, {})}</form>`,
    ...(fresh ? {} : { side: panel(t("content.about"), html`${facts([
      [t("content.id"), id], [t("content.zone"), zoneName(counter.zone)],
    ])}<p class="adm-tip">${t("content.counters.tip")}</p><button class="btn btn-danger" type="button"
      data-retire @click=${() => retire(todo, { section: "counters", name: named(counter.name), change: leave,
        text: t("content.counters.retire.tip") })}>${t("content.counters.retire")}</button>`) }),
  });
}

async function loadOne(todo, wanted, kind, begin) {
  await loadConfiguration(todo);
  id = wanted;
  if (id === null) return;
  const found = configuration()[kind].find((one) => one.id === id);
  if (!found && id !== "new") todo.missing();
  form = begin(found);
}

export const counters = {
  id: "counters",
  title: () => t("content.counters"),
  load: (todo, wanted) => loadOne(todo, wanted, "counter", start),
  list,
  detail,
};

// ---- zones

const standing = (zone) => configuration().counter.filter((one) => one.zone === zone)
  .map((one) => one.number).sort((a, b) => a - b);

function zoneList(todo) {
  const rows = configuration().zone;
  return listPage(todo, {
    id: "zones",
    title: t("content.zones"),
    rows,
    columns: [
      { label: t("content.zone"), cell: (one) => named(one.name) },
      { label: t("content.floor"), number: true, cell: (one) => one.floor },
      { label: t("content.side"), wide: true, cell: (one) => t(`content.side.${one.side}`) },
      { label: t("content.counters"), cell: (one) => standing(one.id).join(", ") || "–" },
    ],
    add: { label: t("content.zones.add") },
    count: t("content.zones.count", { count: rows.length }),
    none: t("content.zones.none"),
  });
}

function startZone(zone) {
  const one = zone ?? { name: { vi: "", en: "" }, floor: 1, side: "ahead" };
  return makeForm({
    ...(zone ? {} : { id: "" }), vi: one.name.vi, en: one.name.en, floor: typed(one.floor), side: one.side,
  }, { check: checked({ needed: ["vi", "en"], numbers: ["floor"] }), codes });
}

function putZone(wanted, value) {
  const at = wanted.zone.findIndex((one) => one.id === id);
  const zone = {
    id: at < 0 ? value.id || slug(value.vi) : id,
    name: { vi: value.vi, en: value.en },
    floor: number(value.floor),
    side: value.side,
  };
  if (at < 0) wanted.zone.push(zone);
  else wanted.zone[at] = zone;
}

function zoneDetail(todo) {
  const fresh = id === "new";
  const at = fresh ? configuration().zone.length : configuration().zone.findIndex((one) => one.id === id);
  const zone = configuration().zone[at];
  const done = fresh ? () => {
    todo.later(t("content.zones.made"));
    todo.go("zones");
  } : null;
  const leave = (wanted) => {
    wanted.zone = wanted.zone.filter((one) => one.id !== id);
  };
  const removable = !fresh && standing(id).length === 0;
  return detailPage({
    back: ["#/zones", t("content.zones")],
    title: fresh ? t("content.zones.add") : named(zone.name),
    main: html`<form class="panel" novalidate @submit=${submit(form, todo, {
      bases: [path("zone", at)], change: putZone, done,
    })}>${trouble(form, todo)}${bothNames(form, todo)}<div class="two">${amount(form, todo, "floor",
      t("content.floor"), { inputmode: "numeric" })}${choiceField(form, todo, { name: "side",
      label: t("content.side"), options: ["left", "right", "ahead"].map((one) => [one, t(`content.side.${one}`)]) })}</div>
      ${fresh ? words(form, todo, "id", t("content.id"), {
        maxlength: 64, ...autoId(form) }) : ""}
      ${buttons(form, todo, fresh ? { label: t("content.zones.add"), fresh, cancel: "#/zones" } : {})}</form>`,
    ...(fresh ? {} : { side: panel(t("content.about"), html`${facts([
      [t("content.id"), id], [t("content.counters"), standing(id).join(", ") || "–"],
    ])}<p class="adm-tip">${removable ? t("content.zones.tip") : t("content.zones.stands", {
      counters: standing(id).join(", ") })}</p><button class="btn btn-danger" type="button" data-retire
      ?disabled=${!removable} @click=${() => retire(todo, { section: "zones", name: named(zone.name),
        change: leave, text: t("content.zones.retire.tip") })}>${t("content.zones.retire")}</button>`) }),
  });
}

export const zones = {
  id: "zones",
  title: () => t("content.zones"),
  load: (todo, wanted) => loadOne(todo, wanted, "zone", startZone),
  list: zoneList,
  detail: zoneDetail,
};
