// What is asked over the page: a question, one's own password, or what a section brings.

import { html, nothing } from "/look/vendor/lit.js";
import { buttons, formFault, makeForm, textField } from "/static/admin/form.js";
import { store, t } from "/static/admin/store.js";

export const PASSWORD_LEAST = 8;
export const PASSWORD_MOST = 256;

// One dialog at a time; the page beneath is inert while it is open, Escape is "no".
export function dialogFrame(todo) {
  if (!store.dialog) return nothing;
  return html`<dialog class="ask" aria-labelledby="ask-h" @close=${() => todo.show(null)}>
    ${store.dialog.body(todo)}</dialog>`;
}

export function question(todo, { title, text, action, stay, danger = false }, answer) {
  const choose = (yes) => () => {
    answer(yes);
    todo.show(null);
  };
  return {
    closed: () => answer(false),
    body: () => html`<div class="ask-body"><h2 id="ask-h">${title}</h2>
      ${text ? html`<p>${text}</p>` : nothing}</div>
      <p class="ask-act"><button class="btn btn-line" type="button" autofocus data-answer="no"
        @click=${choose(false)}>${stay ?? t("admin.cancel")}</button>
      <button class="btn ${danger ? "btn-danger" : "btn-main"}" type="button" data-answer="yes"
        @click=${choose(true)}>${action}</button></p>`,
  };
}

// What is wrong with a new password and its repeat, by field.
export function passwordFaults(password, again) {
  const length = [...password].length;
  return {
    password: length < PASSWORD_LEAST || length > PASSWORD_MOST
      ? t("admin.password.length", { least: PASSWORD_LEAST, most: PASSWORD_MOST }) : null,
    again: password === again ? null : t("admin.password.differs"),
  };
}

// Two fields that must be alike.
export const newPasswordFields = (form, todo) => html`${textField(form, todo, {
  name: "password", label: t("admin.password.new"), type: "password", maxlength: PASSWORD_MOST,
  autocomplete: "new-password", hint: t("admin.password.tip", { least: PASSWORD_LEAST }),
})}${textField(form, todo, {
  name: "again", label: t("admin.password.again"), type: "password", maxlength: PASSWORD_MOST,
  autocomplete: "new-password",
})}`;

export function ownPassword(todo, page) {
  const form = makeForm({ current: "", password: "", again: "" }, {
    check: ({ current, password, again }) => ({
      current: current ? null : t("admin.password.current.missing"),
      ...passwordFaults(password, again),
    }),
    codes: { password_wrong: ["current", "admin.password.current.wrong"] },
    prefix: "own",
  });
  store.form = page; // a half-written password is nothing to be asked about
  const send = ({ current, password }) => todo.command("/session/password", {
    current, new: password,
  });
  const done = () => {
    todo.show(null);
    todo.say(t("admin.password.done"));
  };
  return {
    body: () => html`<form class="ask-form" novalidate @submit=${todo.submit(form, send, done)}>
      <div class="ask-body"><h2 id="ask-h">${t("admin.password.own")}</h2>
      <p>${t("admin.password.own.tip")}</p>${formFault(form)}
      <input class="sr" autocomplete="username" value=${store.session.name} tabindex="-1"
        aria-hidden="true" readonly>
      ${textField(form, todo, { name: "current", label: t("admin.password.current"),
        type: "password", autocomplete: "current-password", maxlength: PASSWORD_MOST,
        autofocus: true })}
      ${newPasswordFields(form, todo)}</div>
      <div class="ask-act">${buttons(form, todo, { label: t("admin.password.change"), fresh: true })}
      <button class="btn btn-line" type="button" @click=${() => todo.show(null)}
        >${t("admin.cancel")}</button></div></form>`,
  };
}
