// Staff: who may sign in, as what, and what is done when somebody leaves or forgets a password.

import { html, nothing } from "/look/vendor/lit.js";
import { newPasswordFields, passwordFaults } from "/static/admin/dialogs.js";
import { buttons, choiceField, formFault, makeForm, textField } from "/static/admin/form.js";
import { banner, chip, detailPage, facts, listPage, panel } from "/static/admin/parts.js";
import { is, moment, named, ofProvince, store, t } from "/static/admin/store.js";

const NAME = /^[0-9A-Za-z][0-9A-Za-z._@-]{0,63}$/;
const PROVINCE = "";

let rows = [];
let form = null;

// A province's admin sees everybody; who belongs to a centre, that centre's.
const path = () => (ofProvince() ? "/users" : `/centres/${store.session.centre}/users`);

const role = (one) => t(`admin.role.${one}`);
const centreName = (id) => (id === null ? t("admin.users.province")
  : named(store.centres.find((centre) => centre.id === id)?.name ?? store.centre?.name) || id);

function state(user) {
  if (user.disabled_at) return chip(t("admin.users.disabled"), "", "lock");
  if (user.signed_in) return chip(t("admin.users.signed_in"), "good", "circle-check");
  return chip(t("admin.users.active"), "", "check");
}

const roles = () => (is("admin") ? ["clerk", "greeter", "manager", "admin"] : ["clerk", "greeter"])
  .map((one) => [one, role(one)]);

const places = () => [
  ...store.centres.map((centre) => [centre.id, named(centre.name)]),
  [PROVINCE, t("admin.users.province")],
];

function list(todo) {
  const active = rows.filter((user) => !user.disabled_at).length;
  return listPage(todo, {
    id: "users",
    title: t("admin.users"),
    rows,
    columns: [
      { label: t("admin.users.name"), cell: (user) => html`${user.name}${user.yours
        ? html`<span class="adm-you">(${t("admin.users.you")})</span>` : nothing}` },
      { label: t("admin.users.role"), wide: true, cell: (user) => role(user.role) },
      ...(ofProvince() ? [{ label: t("admin.users.centre"), wide: true,
        cell: (user) => centreName(user.centre) }] : []),
      { label: t("admin.users.seen"), wide: true, cell: (user) => moment(user.seen_at) || "–" },
      { label: t("admin.state"), cell: state },
    ],
    find: (user) => `${user.name} ${role(user.role)} ${centreName(user.centre)}`,
    filter: {
      label: t("admin.users.role"),
      options: [["", t("admin.users.role.all")], ...["clerk", "greeter", "manager", "admin"]
        .map((one) => [one, role(one)])],
      keeps: (user, wanted) => user.role === wanted,
    },
    add: { label: t("admin.users.add") },
    count: t("admin.users.count", { count: rows.length, active }),
    none: t("admin.users.none"),
  });
}

function newForm() {
  return makeForm(
    { name: "", role: "clerk", centre: store.centreId ?? PROVINCE, password: "", again: "" },
    {
      check: (value) => ({
        name: NAME.test(value.name.trim()) ? null : t("admin.users.name.wrong"),
        centre: value.centre === PROVINCE && value.role !== "admin"
          ? t("admin.users.centre.needed") : null,
        ...passwordFaults(value.password, value.again),
      }),
      codes: { id_taken: ["name", "admin.users.taken"], unknown_centre: ["centre", "admin.fault.field"] },
    },
  );
}

function create(todo) {
  return ({ name, role: as, centre, password }) => {
    const account = name.trim();
    if (centre === PROVINCE) return todo.command("/users", { name: account, password });
    const place = ofProvince() ? centre : store.session.centre;
    return todo.command(`/centres/${place}/users`, { name: account, role: as, password });
  };
}

function make(todo) {
  const done = (user) => {
    todo.go("users", user.id);
    todo.later(t("admin.users.made", { name: user.name }));
  };
  return detailPage({
    back: ["#/users", t("admin.users")],
    title: t("admin.users.add"),
    main: html`<form class="panel" novalidate @submit=${todo.submit(form, create(todo), done)}>
      ${formFault(form)}
      ${textField(form, todo, { name: "name", label: t("admin.users.name"), maxlength: 64,
        hint: t("admin.users.name.tip") })}
      <div class="two">${choiceField(form, todo, { name: "role", label: t("admin.users.role"),
        options: roles() })}
      ${ofProvince() ? choiceField(form, todo, { name: "centre", label: t("admin.users.centre"),
        options: places() }) : nothing}</div>
      <p class="adm-tip">${t(`admin.role.${form.value.role}.about`)}</p>
      ${newPasswordFields(form, todo)}
      ${buttons(form, todo, { label: t("admin.users.make"), fresh: true, cancel: "#/users" })}
    </form>`,
  });
}

const of = (user, action = "") => `/users/${user.id}${action}`;

function giveRole(user, todo) {
  const send = ({ role: as, centre }) => todo.command(of(user), {
    role: as, centre: centre === PROVINCE ? null : centre,
  });
  const done = async () => {
    await todo.reload();
    todo.say(t("admin.users.saved", { name: user.name }));
  };
  return html`<form class="panel" novalidate @submit=${todo.submit(form, send, done)}>
    <h2>${t("admin.users.rights")}</h2>${formFault(form)}
    <div class="two">${choiceField(form, todo, { name: "role", label: t("admin.users.role"),
      options: roles() })}
    ${ofProvince() ? choiceField(form, todo, { name: "centre", label: t("admin.users.centre"),
      options: places() }) : nothing}</div>
    <p class="adm-tip">${t(`admin.role.${form.value.role}.about`)}</p>
    ${form.dirty() ? html`<p class="adm-tip">${t("admin.users.rights.tip")}</p>` : nothing}
    ${buttons(form, todo, {})}</form>`;
}

// A new password is given in a dialog: nobody leaves half a password on the page.
function passwordDialog(user, todo) {
  const page = store.form;
  const given = makeForm({ password: "", again: "" }, {
    check: ({ password, again }) => passwordFaults(password, again),
    prefix: "given",
  });
  store.form = page;
  const send = ({ password }) => todo.command(of(user, "/password"), { password });
  const done = async () => {
    todo.show(null);
    await todo.reload();
    todo.say(t("admin.users.password.done", { name: user.name }));
  };
  todo.show({
    body: () => html`<form class="ask-form" novalidate @submit=${todo.submit(given, send, done)}>
      <div class="ask-body"><h2 id="ask-h">${t("admin.users.password", { name: user.name })}</h2>
      <p>${t("admin.users.password.tip")}</p>${formFault(given)}
      ${newPasswordFields(given, todo)}</div>
      <div class="ask-act">${buttons(given, todo, { label: t("admin.users.password.give"),
        fresh: true })}<button class="btn btn-line" type="button" @click=${() => todo.show(null)}
        >${t("admin.cancel")}</button></div></form>`,
  });
}

function press(user, todo, action, question) {
  return async () => {
    const name = { name: user.name };
    const sure = !question || await todo.ask({
      title: t(`admin.users.${action}.ask`, name), text: t(`admin.users.${action}.tip`),
      action: t(`admin.users.${action}`), danger: action === "disable",
    });
    if (!sure) return;
    await todo.press(() => todo.command(of(user, `/${action}`), {}),
      t(`admin.users.${action}.done`, name));
  };
}

function side(user, todo) {
  const button = (action, look, question) => html`<button class="btn ${look}" type="button"
    data-action=${action} ?disabled=${store.busy} @click=${press(user, todo, action, question)}
    >${t(`admin.users.${action}`)}</button>`;
  return panel(t("admin.users.account"), html`${facts([
    [t("admin.users.role"), role(user.role)],
    [t("admin.users.centre"), centreName(user.centre)],
    [t("admin.created"), moment(user.created_at)],
    [t("admin.users.seen"), moment(user.seen_at)],
    [t("admin.users.since"), moment(user.disabled_at)],
  ])}${user.changeable ? html`<button class="btn btn-line" type="button" data-action="password"
      ?disabled=${store.busy} @click=${() => passwordDialog(user, todo)}
      >${t("admin.users.password.give")}</button>
    ${user.signed_in ? button("sign-out", "btn-line", true) : nothing}
    ${user.disabled_at ? button("enable", "btn-line", false) : button("disable", "btn-danger", true)}`
    : nothing}`);
}

function notice(user) {
  return user.yours
    ? banner("care", "info-circle", t("admin.users.yours"), t("admin.users.yours.tip"))
    : banner("care", "lock", t("admin.users.fixed"), t("admin.users.fixed.tip"));
}

function detail(todo, id) {
  if (id === "new") return make(todo);
  const user = rows.find((one) => one.id === id);
  return detailPage({
    back: ["#/users", t("admin.users")],
    title: user.name,
    state: state(user),
    main: user.changeable && is("admin", "manager") ? giveRole(user, todo) : notice(user),
    side: side(user, todo),
  });
}

async function load(todo, id) {
  rows = await todo.read(path());
  form = null;
  if (id === "new") form = newForm();
  else if (id !== null) {
    const user = rows.find((one) => one.id === id);
    if (!user) todo.missing();
    if (user.changeable) {
      form = makeForm({ role: user.role, centre: user.centre ?? PROVINCE }, {
        check: (value) => ({
          centre: value.centre === PROVINCE && value.role !== "admin"
            ? t("admin.users.centre.needed") : null,
        }),
        codes: {
          last_admin: ["role", "admin.users.last_admin"],
          centre_needed: ["centre", "admin.users.centre.needed"],
          unknown_centre: ["centre", "admin.fault.field"],
        },
      });
    }
  }
}

export const users = {
  id: "users",
  title: () => t("admin.users"),
  everywhere: true,
  load,
  list,
  detail,
};
