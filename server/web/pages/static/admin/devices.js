// Devices: what there is, how it is, how another is brought in, and how one is locked out.

import { html, nothing } from "/look/vendor/lit.js";
import { buttons, choiceField, formFault, makeForm, textField } from "/static/admin/form.js";
import { banner, chip, detailPage, facts, icon, listPage, panel } from "/static/admin/parts.js";
import { is, moment, named, store, t } from "/static/admin/store.js";

const OF_DEVICES = ["kiosk", "display", "hall", "pad"];
const LOOK = {
  ok: ["good", "circle-check"],
  warn: ["care", "alert-triangle"],
  error: ["alert", "circle-x"],
  silent: ["alert", "plug-connected-x"],
  unknown: ["", "hourglass"],
};

let rows = [];
let form = null;
let made = null; // the code that was just made: on this page, once

const role = (one) => t(`admin.device.${one}`);

function title(device) {
  const name = device.name === device.role ? role(device.role) : device.name;
  return device.kiosk ? `${name} · ${t("admin.device.number", { number: device.kiosk })}` : name;
}

function state(device) {
  if (!device.state) return chip(t("admin.device.token"), "", "lock");
  const [look, symbol] = LOOK[device.state];
  const never = device.state === "unknown" && !device.seen_at;
  return chip(t(never ? "admin.device.state.never" : `admin.device.state.${device.state}`), look, symbol);
}

const troubles = (device) => device.trouble.filter((one) => one !== "silent")
  .map((one) => t(`admin.device.trouble.${one}`));

const place = (device) => (device.counter
  ? t("admin.device.counter", { number: device.counter.number }) : "");

function list(todo) {
  const well = rows.filter((device) => device.state === "ok").length;
  return listPage(todo, {
    id: "devices",
    title: t("admin.devices"),
    rows,
    columns: [
      { label: t("admin.device.name"), cell: title },
      { label: t("admin.device.kind"), wide: true, cell: (device) => role(device.role) },
      { label: t("admin.device.place"), wide: true, cell: (device) => place(device) || "–" },
      { label: t("admin.device.seen"), wide: true, cell: (device) => moment(device.seen_at) || "–" },
      { label: t("admin.state"), cell: (device) => html`${state(device)}${troubles(device).map(
        (text) => html`<span class="adm-trouble">${text}</span>`)}` },
    ],
    find: (device) => `${title(device)} ${role(device.role)} ${place(device)}`,
    filter: {
      label: t("admin.device.kind"),
      options: [["", t("admin.device.all")],
        ...[...new Set(rows.map((device) => device.role))].map((one) => [one, role(one)])],
      keeps: (device, wanted) => device.role === wanted,
    },
    add: { label: t("admin.device.add") },
    count: t("admin.device.count", { count: rows.length, well }),
    none: t("admin.device.none"),
  });
}

const counters = () => [["", t("admin.device.counter.none")],
  ...store.centre.counters.map((counter) => [counter.id, named(counter.name)])];

function newForm() {
  return makeForm({ role: "kiosk", counter: "", name: "" }, {
    check: ({ role: as, counter }) => ({
      counter: as === "pad" && !counter ? t("admin.device.counter.needed") : null,
    }),
    codes: { unknown_counter: ["counter", "admin.fault.field"] },
  });
}

// What is typed or opened where the device stands. A fragment is sent to no server.
function whatToDo({ role: as, code, counter }) {
  const server = location.origin;
  if (as === "kiosk" || as === "display") {
    return html`<p>${t("admin.code.type")}</p><p class="typed" data-typed>layso-${as} enrol
      --server ${server} --code ${code} --config ${as}.toml</p><p>${t("admin.code.config")}</p>`;
  }
  if (as === "hall" && counter) {
    return html`<p>${t("admin.code.tablet")}</p><p class="typed" data-typed>${server}/rate/${
      counter}#code=${code}</p>`;
  }
  if (as === "hall") {
    return html`<p>${t("admin.code.hall")}</p><p class="typed" data-typed>${server}/hall/${
      store.centreId}#code=${code}</p>`;
  }
  return html`<p>${t(as === "pad" ? "admin.code.pad" : "admin.code.integration")}</p>
    <p class="typed" data-typed>curl -s ${server}/api/v1/enrol -H 'Content-Type: application/json'
    -d '{"code": "${code}"}'</p>`;
}

function showCode(todo) {
  return detailPage({
    back: ["#/devices", t("admin.devices")],
    title: t("admin.code.title", { device: role(made.role) }),
    main: html`<section class="panel"><h2>${t("admin.code")}</h2>
      <p class="once" data-code>${made.code}</p>
      <p>${t("admin.code.until", { time: moment(made.expires_at) })}</p>${whatToDo(made)}
      <p class="form-act"><button class="btn btn-line" type="button" data-another
        @click=${() => { made = null; form = newForm(); todo.redraw(); }}
        >${t("admin.code.another")}</button>
      <a class="btn btn-line" href="#/devices">${t("admin.code.back")}</a></p></section>`,
  });
}

function make(todo) {
  if (made) return showCode(todo);
  const send = ({ role: as, counter, name }) => todo.command(todo.here("/enrol-codes"), {
    role: as, ...(counter ? { counter } : {}), ...(name.trim() ? { name: name.trim() } : {}),
  });
  const done = (answer) => {
    made = { ...answer, counter: form.value.counter };
    todo.say(t("admin.code.made"));
  };
  const kinds = [...OF_DEVICES, ...(is("admin") ? ["integration"] : [])];
  return detailPage({
    back: ["#/devices", t("admin.devices")],
    title: t("admin.device.add"),
    main: html`<form class="panel" novalidate @submit=${todo.submit(form, send, done)}>
      ${formFault(form)}
      ${choiceField(form, todo, { name: "role", label: t("admin.device.kind"),
        options: kinds.map((one) => [one, role(one)]) })}
      <p class="adm-tip">${t(`admin.device.${form.value.role}.about`)}</p>
      <div class="two">${textField(form, todo, { name: "name", label: t("admin.device.name"),
        maxlength: 64, hint: t("admin.device.name.tip") })}
      ${choiceField(form, todo, { name: "counter", label: t("admin.device.place"),
        options: counters() })}</div>
      ${buttons(form, todo, { label: t("admin.code.make"), fresh: true, cancel: "#/devices" })}
    </form>`,
  });
}

const of = (device, action = "") => `/devices/${device.id}${action}`;

function rename(device, todo) {
  const send = ({ name }) => todo.command(todo.here(of(device)), { name: name.trim() });
  const done = async () => {
    await todo.reload();
    todo.say(t("admin.device.renamed"));
  };
  return html`<form class="panel" novalidate @submit=${todo.submit(form, send, done)}>
    ${formFault(form)}${textField(form, todo, { name: "name", label: t("admin.device.name"),
      maxlength: 64, hint: t("admin.device.name.tip") })}${buttons(form, todo, {})}</form>`;
}

function health(device) {
  const { report } = device;
  const yes = (value) => (value === null || value === undefined ? "" : t(value ? "admin.yes" : "admin.no"));
  const several = troubles(device);
  return panel(t("admin.device.health"), html`${several.length ? html`<ul class="adm-troubles">${several
    .map((text) => html`<li>${icon("alert-triangle")}${text}</li>`)}</ul>` : nothing}${report ? facts([
    [t("admin.device.version"), report.version],
    [t("admin.device.uptime"), report.uptime_s === undefined || report.uptime_s === null ? ""
      : t("admin.device.hours", { hours: Math.floor(report.uptime_s / 3600),
        minutes: Math.floor(report.uptime_s / 60) % 60 })],
    [t("admin.device.printer"), report.printer ? t(`admin.device.printer.${report.printer.state}`) : ""],
    [t("admin.device.paper"), report.printer ? t(`admin.device.paper.${report.printer.paper ?? "unknown"}`) : ""],
    [t("admin.device.detail"), report.printer?.detail],
    [t("admin.device.outbox"), report.outbox],
    [t("admin.device.refused"), report.refused],
    [t("admin.device.clock"), yes(report.clock_trusted)],
    [t("admin.device.heat"), report.temperature_c === undefined || report.temperature_c === null ? ""
      : `${Math.round(report.temperature_c)} °C`],
    [t("admin.device.panels"), report.panels?.length ? t("admin.device.panels.of", {
      well: report.panels.filter((one) => one.state === "ok").length, all: report.panels.length }) : ""],
  ]) : html`<p class="adm-tip">${t(OF_DEVICES.includes(device.role)
    ? "admin.device.unheard" : "admin.device.noreport")}</p>`}`);
}

function revoke(device, todo) {
  return async () => {
    const name = { name: title(device) };
    const sure = await todo.ask({ title: t("admin.device.revoke.ask", name),
      text: t(`admin.device.revoke.tip${device.role === "kiosk" ? ".kiosk" : ""}`),
      action: t("admin.device.revoke"), danger: true });
    if (!sure) return;
    await todo.press(async () => {
      await todo.command(todo.here(of(device, "/revoke")), {});
      todo.later(t("admin.device.revoked", name));
      store.form = null;
      location.hash = "#/devices";
    }, "");
  };
}

function side(device, todo) {
  return html`${panel(t("admin.device"), html`${facts([
    [t("admin.device.kind"), role(device.role)],
    [t("admin.device.place"), place(device)],
    [t("admin.device.band"), device.band ? `${device.band.first}–${device.band.last}` : ""],
    [t("admin.created"), moment(device.created_at)],
    [t("admin.device.seen"), moment(device.seen_at)],
    [t("admin.device.id"), device.id],
  ])}${device.changeable ? html`<button class="btn btn-danger" type="button" data-action="revoke"
    ?disabled=${store.busy} @click=${revoke(device, todo)}>${t("admin.device.revoke")}</button>`
    : nothing}`)}`;
}

function detail(todo, id) {
  if (id === "new") return make(todo);
  const device = rows.find((one) => one.id === id);
  return detailPage({
    back: ["#/devices", t("admin.devices")],
    title: title(device),
    state: state(device),
    main: html`${health(device)}${device.changeable ? rename(device, todo)
      : banner("care", "lock", t("admin.device.fixed"), t("admin.device.fixed.tip"))}`,
    side: side(device, todo),
  });
}

async function load(todo, id) {
  rows = await todo.read(todo.here("/tokens"));
  form = null;
  if (id !== "new") made = null;
  else if (!made) form = newForm();
  if (id === null || id === "new") return;
  const device = rows.find((one) => one.id === id);
  if (!device) todo.missing();
  if (device.changeable) {
    form = makeForm({ name: device.name === device.role ? "" : device.name }, {
      check: ({ name }) => ({ name: name.trim() ? null : t("admin.device.name.needed") }),
    });
  }
}

export const devices = {
  id: "devices",
  title: () => t("admin.devices"),
  load,
  list,
  detail,
};
