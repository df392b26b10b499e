// The centre itself: what it is called and where it is. A province's admin makes new ones, the first
// one with its first service, the others as copies.

import { html } from "/look/vendor/lit.js";
import { buttons, choiceField, makeForm } from "/static/admin/form.js";
import { detailPage, icon } from "/static/admin/parts.js";
import { ofProvince, store, t } from "/static/admin/store.js";
import {
  codes, configuration, loadConfiguration, number, pending, showFaults, slug, submit, typed,
} from "/static/admin/content/config.js";
import { amount, autoId, bothNames, checked, fromTomorrow, trouble, words } from "/static/admin/content/fields.js";
import { Refused } from "/static/api.js";

const KINDS = ["provincial", "branch", "point"];
const BASES = ["centre", "service[1]"];
const USUAL = { target_wait_min: 15, typical_service_min: 8 };
const FIRST = ["service_vi", "service_en", "prefix"];

const first = () => !store.centreId; // there is no centre yet

let form = null;

function start(centre) {
  return makeForm({
    ...(centre ? {} : { id: "" }),
    vi: centre?.name.vi ?? "", en: centre?.name.en ?? "",
    kind: centre?.kind ?? "point", address: centre?.address ?? "",
    lat: typed(centre?.location?.lat), lon: typed(centre?.location?.lon),
    ...(centre ? { timezone: centre.timezone } : {}),
    ...(first() ? Object.fromEntries(FIRST.map((name) => [name, ""])) : {}),
  }, {
    check: checked({ needed: ["vi", "en", ...(first() ? FIRST : [])], optional: ["lat", "lon"] }), codes,
  });
}

function put({ centre }, value) {
  const [lat, lon] = [number(value.lat), number(value.lon)];
  Object.assign(centre, {
    name: { vi: value.vi, en: value.en }, kind: value.kind, address: value.address,
    location: lat === null && lon === null ? null : { lat: lat ?? 0, lon: lon ?? 0 },
  });
  if (value.timezone) centre.timezone = value.timezone.trim();
}

const fields = (todo) => html`${trouble(form, todo)}<div class="con-long">${bothNames(form, todo)}</div>
  ${words(form, todo, "address", t("content.address"), { maxlength: 300 })}
  <div class="two">${choiceField(form, todo, { name: "kind", label: t("content.kind"),
    options: KINDS.map((one) => [one, t(`content.kind.${one}`)]) })}</div>
  <div class="two">${amount(form, todo, "lat", t("content.lat"))}${amount(form, todo, "lon", t("content.lon"))}</div>`;

function list(todo) {
  if (first()) return make(todo);
  return html`<div class="adm-h"><h1 tabindex="-1">${t("content.centre")}</h1>${ofProvince()
    ? html`<a class="btn btn-line" data-add href="#/centre/new">${icon("plus")}${t("content.centre.add")}</a>` : ""}</div>
    <div class="adm-2 is-alone"><form class="panel" novalidate @submit=${submit(form, todo, {
      bases: ["centre"], change: put,
    })}>${fields(todo)}${words(form, todo, "timezone", t("content.timezone"))}
    ${fromTomorrow(pending("centre.timezone"))}${buttons(form, todo, {})}</form></div>`;
}

// A new centre begins as a copy of the one that is looked at, without its counters.
function begun(value) {
  const id = value.id.trim() || slug(value.vi);
  const wanted = first() ? { centre: {}, service: [{
    id: slug(value.service_vi), prefix: value.prefix.trim().toUpperCase(), ...USUAL,
    name: { vi: value.service_vi, en: value.service_en },
  }] } : { ...structuredClone(configuration()), counter: [], zone: [] };
  put(wanted, value);
  Object.assign(wanted.centre, { id, simulation: null });
  return wanted;
}

const firstService = (todo) => html`<h2>${t("content.centre.first_service")}</h2><div class="two">${words(form,
  todo, "service_vi", t("content.name.vi"), { lang: "vi", hint: undefined })}${words(form, todo, "service_en",
  t("content.name.en"), { lang: "en", hint: undefined })}</div><div class="two">${words(form, todo, "prefix",
  t("content.prefix"), { maxlength: 2 })}</div>`;

function make(todo) {
  const send = async (value) => {
    const wanted = begun(value);
    const { id } = wanted.centre;
    try {
      return await todo.command(`/centres/${encodeURIComponent(id)}/configuration`, {
        version: 0, configuration: wanted,
      });
    } catch (error) {
      if (error instanceof Refused && error.code === "version_conflict") {
        form.faults.id = t("content.centre.taken");
        error.code = "configuration_refused";
      } else if (error instanceof Refused && error.code === "configuration_refused") {
        showFaults(form, error, BASES);
        error.errors = [];
      } else if (error instanceof Refused && error.code === "unknown_centre") {
        form.faults.id = t("content.right.id");
        error.code = "configuration_refused";
      }
      throw error;
    }
  };
  const done = async (answer) => {
    if (first()) return location.reload();
    store.centres = await todo.read("/centres");
    todo.later(t("content.centre.made", { name: answer.configuration.centre.name[store.language] }));
    return todo.go("centre");
  };
  return detailPage({
    back: first() ? ["#/users", t("admin.users")] : ["#/centre", t("content.centre")],
    title: t("content.centre.add"),
    main: html`<form class="panel" novalidate @submit=${todo.submit(form, send, done)}>
      <p class="adm-tip">${first() ? t("content.centre.first") : t("content.centre.copy")}</p>${fields(todo)}
      ${words(form, todo, "id", t("content.id"), { maxlength: 64, ...autoId(form) })}
      ${first() ? firstService(todo) : ""}
      ${buttons(form, todo, { label: t("content.centre.add"), fresh: true, cancel: "#/centre" })}</form>`,
  });
}

export const centre = {
  id: "centre",
  title: () => t("content.centre"),
  shown: () => Boolean(store.centreId) || ofProvince(),
  everywhere: true,
  async load(todo, wanted) {
    if (first()) {
      form = start(null);
      return;
    }
    await loadConfiguration(todo);
    if (wanted !== null && !(wanted === "new" && ofProvince())) todo.missing();
    form = start(wanted === "new" ? null : configuration().centre);
  },
  list,
  detail: make,
};
