// What the pages of content are filled in with, beside the fields of form.js.

import { html, live, nothing } from "/look/vendor/lit.js";
import { formFault, textField } from "/static/admin/form.js";
import { banner, icon } from "/static/admin/parts.js";
import { moment, t } from "/static/admin/store.js";
import { number, right, slug } from "/static/admin/content/config.js";

// A field whose hint is what is right; where it is wrong, that is said in its place.
export const hint = (form, name, key = name) => (form.faults[name] ? undefined : right(key));

export const words = (form, todo, name, label, more = {}) => textField(form, todo, {
  name, label, hint: hint(form, name), maxlength: 500, ...more,
});

export const amount = (form, todo, name, label, more = {}) => words(form, todo, name, label, {
  inputmode: "decimal", maxlength: 12, ...more,
});

// An id that nobody need think of: it is made from the name, unless one is typed.
export function autoId(form) {
  const id = slug(form.value.vi);
  return form.faults.id || !id ? {} : { hint: t("content.id.auto", { id }) };
}

export const bothNames = (form, todo) => html`<div class="two">${words(form, todo, "vi",
  t("content.name.vi"), { lang: "vi", maxlength: 200, hint: undefined })}${words(form, todo, "en",
  t("content.name.en"), { lang: "en", maxlength: 200, hint: undefined })}</div>`;

// Faults that are seen before anything is sent: names that are missing, numbers that are none.
export function checked({ needed = [], numbers = [], optional = [] }) {
  return (value) => Object.fromEntries([
    ...needed.map((name) => [name, value[name].trim() ? null : t("content.needed")]),
    ...numbers.map((name) => [name, typeof number(value[name]) === "number" ? null : right(name)]),
    ...optional.map((name) => [name, number(value[name]) === undefined ? right(name) : null]),
  ]);
}

// What is wrong with the whole; and if somebody else was quicker, who, when, and the way on.
export function trouble(form, todo) {
  if (form.conflict) {
    const { by, at } = form.conflict;
    const who = by || t("content.conflict.command");
    return banner("alert", "alert-triangle", t("content.conflict.who", { who, at: moment(at) }),
      t("content.conflict.tip"), html`<button class="btn btn-line" type="button" data-reload
        @click=${() => again(form, todo)}>${icon("refresh")}${t("content.conflict.reload")}</button>`);
  }
  return html`${formFault(form)}${form.fault && form.more?.length ? html`<ul class="con-why">${form.more
    .map((one) => html`<li>${one}</li>`)}</ul>` : nothing}`;
}

async function again(form, todo) {
  form.saved(); // what was typed is given up on purpose
  await todo.reload();
  todo.say(t("content.conflict.reloaded"));
}

// What applies from the next day only.
export const fromTomorrow = (one) => (one ? html`<p class="con-later">${icon("clock")}<span>${t(
  "content.pending", { today: one.today, next: one.next })}</span></p>` : nothing);

const wrongOf = (form, name) => {
  const id = `${form.prefix}-${name}-wrong`;
  const wrong = form.faults[name];
  return { id: wrong ? id : nothing, note: wrong ? html`<span class="wrong" id=${id}>${icon(
    "alert-triangle")}${wrong}</span>` : nothing };
};

// Any number of choices: options are [[value, label, more?], …].
export function picks(form, todo, { name, label, options, none }) {
  const chosen = new Set(form.value[name]);
  const { id, note } = wrongOf(form, name);
  const turn = (value) => (event) => {
    if (event.target.checked) chosen.add(value);
    else chosen.delete(value);
    form.set(name, options.map(([one]) => one).filter((one) => chosen.has(one)));
    todo.redraw();
  };
  return html`<fieldset class="field con-set ${form.faults[name] ? "is-wrong" : ""}" data-picks=${name}
    aria-describedby=${id}><legend class="lab">${label}</legend>
    ${options.length ? html`<ul class="picks">${options.map(([value, text, more]) => html`<li><label
      ><input type="checkbox" value=${value} .checked=${live(chosen.has(value))}
      @change=${turn(value)}><b>${text}</b>${more ? html`<span>${more}</span>` : nothing}</label></li>`)}</ul>`
      : html`<p class="adm-tip">${none}</p>`}${note}</fieldset>`;
}

// Rows of small fields. `cells(row, change, number, bad)` draws one; `fresh` is a new one.
export function rows(form, todo, { name, label, tip, cells, fresh, add, removed }) {
  const list = form.value[name];
  const { id, note } = wrongOf(form, name);
  const put = (next) => {
    form.set(name, next);
    todo.redraw();
  };
  const change = (at) => (part) => put(list.map((row, n) => (n === at ? { ...row, ...part } : row)));
  const bad = form.faults[name] ? form.bad?.[name] : null;
  return html`<fieldset class="field con-set" data-rows=${name}
    aria-describedby=${id}><legend class="lab">${label}</legend>
    ${tip ? html`<p class="adm-tip">${tip}</p>` : nothing}
    <ol class="con-rows">${list.map((row, at) => html`<li>${cells(row, change(at), at + 1,
      bad === at + 1)}<button
      class="btn btn-line con-x" type="button" aria-label=${removed(at + 1)}
      @click=${() => put(list.filter((_, n) => n !== at))}>${icon("x")}</button></li>`)}</ol>${note}
    <button class="btn btn-line" type="button" data-add-row=${name}
      @click=${() => put([...list, structuredClone(fresh)])}>${icon("plus")}${add}</button></fieldset>`;
}

// One small field of a row.
export const cell = (label, value, change, more = {}) => html`<label class="con-cell ${more.wide
  ? "is-all" : ""}"><span class=${more.hidden ? "sr" : ""}>${label}</span><input class="inp"
  type=${more.type ?? "text"} inputmode=${more.inputmode ?? nothing} maxlength=${more.maxlength ?? 12}
  aria-invalid=${more.bad ? "true" : nothing} autocomplete="off" .value=${live(value)} @input=${(event) => change(event.target.value)}></label>`;
