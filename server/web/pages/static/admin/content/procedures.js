// Procedures: what people come for, one by one. The table as a whole: table.js.

import { html, nothing } from "/look/vendor/lit.js";
import { Refused } from "/static/api.js";
import { areaField, buttons, checkField, choiceField, makeForm } from "/static/admin/form.js";
import { chip, detailPage, facts, icon, listPage, panel } from "/static/admin/parts.js";
import { named, t } from "/static/admin/store.js";
import { codes, configuration, loadConfiguration, showFaults } from "/static/admin/content/config.js";
import { checked, trouble, words } from "/static/admin/content/fields.js";
import { forget, importPage } from "/static/admin/content/table.js";

const CODE = /^[0-9A-Za-z.-]{1,32}$/;
const IMPORT = "import";

let rows = [];
let form = null;
let id = null;

const serviceName = (service) => named(configuration().service.find((one) => one.id === service)?.name) || service;
const offered = (row) => configuration().service.some((one) => one.id === row.service);
const called = (row) => named(row.name) || row.name.vi;

function state(row) {
  if (!row.accepting) return chip(t("content.procedures.paused"), "", "player-pause");
  if (!offered(row)) return chip(t("content.procedures.orphan"), "care", "alert-triangle");
  return chip(t("content.in_use"), "good", "circle-check");
}

function list(todo) {
  const active = rows.filter((row) => row.accepting && offered(row)).length;
  return listPage(todo, {
    id: "procedures",
    title: t("content.procedures"),
    rows,
    columns: [
      { label: t("content.procedures.one"), cell: called },
      { label: t("content.code"), wide: true, cell: (row) => row.code },
      { label: t("content.services.one"), wide: true, cell: (row) => serviceName(row.service) },
      { label: t("content.papers"), number: true, wide: true, cell: (row) => row.papers.length },
      { label: t("admin.state"), cell: state },
    ],
    find: (row) => `${row.name.vi} ${row.name.en} ${row.code} ${row.field}`,
    filter: {
      label: t("content.services.one"),
      options: [["", t("content.services.all")],
        ...configuration().service.map((one) => [one.id, named(one.name)])],
      keeps: (row, service) => row.service === service,
    },
    href: (row) => `#/procedures/${row.id}`,
    add: { label: t("content.procedures.add") },
    count: t("content.procedures.count", { count: rows.length, active }),
    none: t("content.procedures.none"),
    note: html`<p class="con-table"><a class="btn btn-line" data-import href="#/procedures/import">${icon(
      "arrow-up")}${t("content.table.import")}</a>${rows.length ? html`<a class="btn btn-line" data-export
      href="/api/v1${todo.here("/procedures.csv")}" download="thu-tuc.csv">${icon("arrow-down")}${t(
      "content.table.export")}</a>` : nothing}</p>`,
  });
}

const SPOT = { true: true, false: false };

function start(row) {
  return makeForm({
    ...(row ? {} : { code: "" }),
    vi: row?.name.vi ?? "", en: row?.name.en ?? "",
    service: row?.service ?? configuration().service[0]?.id ?? "",
    field: row?.field ?? "", level: row?.level ?? "",
    on_the_spot: String(row?.on_the_spot ?? ""),
    papers: (row?.papers ?? []).join("\n"),
    accepting: row?.accepting ?? true,
  }, {
    check: (value) => ({
      ...checked({ needed: ["vi"] })(value),
      code: row || CODE.test(value.code.trim()) ? null : t("content.right.code"),
    }),
    codes: { ...codes, unknown_service: ["service", "content.right.service"] },
  });
}

const papersOf = (text) => text.split(/[\n;]/).map((one) => one.trim()).filter(Boolean);

const body = (value, version) => ({
  version,
  name: { vi: value.vi, en: value.en },
  service: value.service,
  field: value.field,
  level: value.level,
  on_the_spot: SPOT[value.on_the_spot] ?? null,
  papers: papersOf(value.papers),
  accepting: value.accepting,
});

async function put(todo, code, what) {
  try {
    return await todo.command(todo.here(`/procedures/${encodeURIComponent(code)}`), what);
  } catch (error) {
    if (error instanceof Refused && error.code === "configuration_refused") {
      const named_ = error.errors.map((one) => ({ ...one, field: `row.${one.field}` }));
      error.errors = named_;
      showFaults(form, error, ["row"]);
      error.errors = [];
    }
    if (error instanceof Refused && error.code === "version_conflict" && !what.version) {
      form.faults.code = t("content.code.taken");
    }
    throw error;
  }
}

const levels = () => [["", t("content.level.none")], ...["commune", "province", "both"]
  .map((one) => [one, t(`content.level.${one}`)])];
const spots = () => ["true", "false", ""].map((one) => [one, t(`content.spot.${one || "unknown"}`)]);

// A service that is gone still stands here, so that nobody moves its procedures unseen.
const places = () => {
  const known = configuration().service.map((one) => [one.id, named(one.name)]);
  const { service } = form.value;
  return known.some(([one]) => one === service) ? known : [[service, service], ...known];
};

const fields = (todo) => html`${trouble(form, todo)}
  ${areaField(form, todo, { name: "vi", label: t("content.name.vi"), rows: 2, maxlength: 2000, lang: "vi" })}
  ${areaField(form, todo, { name: "en", label: t("content.name.en"), rows: 2, maxlength: 2000, lang: "en",
    hint: t("content.procedures.en.tip") })}
  <div class="two">${choiceField(form, todo, { name: "service", label: t("content.services.one"), options: places() })}
  ${words(form, todo, "field", t("content.field"), { maxlength: 300 })}</div>
  <div class="two">${choiceField(form, todo, { name: "level", label: t("content.level"), options: levels() })}
  ${choiceField(form, todo, { name: "on_the_spot", label: t("content.spot"), options: spots() })}</div>
  ${areaField(form, todo, { name: "papers", label: t("content.papers.printed"), rows: 4, maxlength: 4000,
    hint: t("content.papers.tip") })}
  ${checkField(form, todo, { name: "accepting", label: t("content.accepting"), hint: t("content.accepting.tip") })}`;

function make(todo) {
  const done = () => {
    todo.later(t("content.procedures.made"));
    todo.go("procedures");
  };
  const send = todo.submit(form, (value) => put(todo, value.code.trim(), body(value, "")), done);
  return detailPage({
    back: ["#/procedures", t("content.procedures")],
    title: t("content.procedures.add"),
    main: html`<form class="panel" novalidate @submit=${send}>${words(form, todo, "code", t("content.code"),
      { maxlength: 32 })}${fields(todo)}${buttons(form, todo, {
      label: t("content.procedures.add"), fresh: true, cancel: "#/procedures" })}</form>`,
  });
}

async function remove(todo, row) {
  const sure = await todo.ask({
    title: t("content.retire.ask", { name: called(row) }), text: t("content.procedures.remove.tip"),
    action: t("content.procedures.remove"), danger: true,
  });
  if (!sure) return;
  await todo.press(async () => {
    await todo.command(todo.here(`/procedures/${encodeURIComponent(row.code)}/remove`), { version: row.version });
    todo.later(t("content.retired", { name: called(row) }));
    todo.go("procedures");
  });
}

function detail(todo) {
  if (id === IMPORT) return importPage(todo);
  if (id === "new") return make(todo);
  const row = rows.find((one) => one.code === id);
  const done = async () => {
    await todo.reload();
    todo.say(t("content.saved"));
  };
  return detailPage({
    back: ["#/procedures", t("content.procedures")],
    title: called(row),
    state: state(row),
    main: html`<form class="panel" novalidate @submit=${todo.submit(form, (value) => put(todo, row.code,
      body(value, row.version)), done)}>${fields(todo)}${buttons(form, todo, {})}</form>`,
    side: panel(t("content.about"), html`${facts([
      [t("content.code"), row.code], [t("content.services.one"), serviceName(row.service)],
    ])}<button class="btn btn-danger" type="button" data-retire @click=${() => remove(todo, row)}>${t(
      "content.procedures.remove")}</button>`),
  });
}

export const procedures = {
  id: "procedures",
  title: () => t("content.procedures"),
  async load(todo, wanted) {
    const [table] = await Promise.all([todo.read(todo.here("/catalogue")), loadConfiguration(todo)]);
    rows = table.procedures.map((row) => ({ ...row, id: row.code }));
    id = wanted;
    if (id !== IMPORT) forget();
    if (id === null || id === IMPORT) return;
    const row = rows.find((one) => one.code === id);
    if (!row && id !== "new") todo.missing();
    form = start(row);
  },
  list,
  detail,
};
