// Forms: what is in them, what is wrong with it, whether it is unsaved, how it is sent.
//
//   const form = makeForm({ name: "", role: "clerk" }, {
//     check: (value) => ({ name: value.name ? null : t("…") }), // faults by field, before sending
//     codes: { id_taken: ["name", "admin.users.taken"] },       // a refusal that is a field's fault
//   });
//   html`<form @submit=${todo.submit(form, (value) => todo.command(path, value), done)}>
//     ${textField(form, todo, { name: "name", label, hint? })} ${buttons(form, todo, { label })}`
//
// A form is made once, by a section's `load`, and lives while its page is open: the shell asks
// before an unsaved one (`form.dirty()`) is left. `form.saved()` makes what it holds the new start.

import { html, live, nothing } from "/look/vendor/lit.js";
import { icon } from "/static/admin/parts.js";
import { known, store, t } from "/static/admin/store.js";

export function makeForm(start, { check = () => ({}), codes = {}, prefix = "f" } = {}) {
  let first = structuredClone(start);
  const form = {
    value: structuredClone(start),
    faults: {}, // field -> sentence
    fault: null, // a sentence about the whole
    check,
    codes,
    prefix, // of its fields' ids; a form in a dialog needs its own
    set(name, value) {
      form.value[name] = value;
      delete form.faults[name];
    },
    changed: () => Object.keys(form.value).filter((name) =>
      JSON.stringify(form.value[name]) !== JSON.stringify(first[name])).length,
    dirty: () => form.changed() > 0,
    saved() {
      first = structuredClone(form.value);
      form.faults = {};
      form.fault = null;
    },
    reset() {
      form.value = structuredClone(first);
      form.faults = {};
      form.fault = null;
    },
  };
  store.form = form;
  return form;
}

// Whether it may be sent; where not, what is wrong is on the page and the first fault has the focus.
export function passes(form) {
  form.fault = null;
  form.faults = Object.fromEntries(Object.entries(form.check(form.value)).filter(([, why]) => why));
  return Object.keys(form.faults).length === 0;
}

// Puts a refusal where it belongs: at its field, or over the whole form.
export function refuse(form, error) {
  const own = form.codes[error.code];
  if (own) {
    const [field, key] = own;
    if (field) form.faults[field] = t(key);
    else form.fault = t(key);
    return;
  }
  const errors = error.errors ?? [];
  for (const { field, message } of errors) {
    const top = field.split(/[.[]/, 1)[0];
    const words = store.language === "en" ? `${message}.` : t("admin.fault.field");
    if (top in form.value) form.faults[top] = words;
    else form.fault = words;
  }
  if (errors.length) return;
  const key = `admin.error.${error.code}`;
  form.fault = t(known(key) ? key : "admin.error.other");
}

function ids(form, name) {
  const field = `${form.prefix}-${name}`;
  return { field, hint: `${field}-hint`, wrong: `${field}-wrong` };
}

// One field with its label, hint and fault; `control(attributes)` draws what is filled in.
export function field(form, { name, label, hint }, control) {
  const id = ids(form, name);
  const wrong = form.faults[name];
  const describedBy = [hint && id.hint, wrong && id.wrong].filter(Boolean).join(" ");
  return html`<p class="field ${wrong ? "is-wrong" : ""}"><label for=${id.field}>${label}</label>
    ${control({ id: id.field, invalid: wrong ? "true" : nothing, describedBy: describedBy || nothing })}
    ${hint ? html`<span class="hint" id=${id.hint}>${hint}</span>` : nothing}
    ${wrong ? html`<span class="wrong" id=${id.wrong}>${icon("alert-triangle")}${wrong}</span>`
      : nothing}</p>`;
}

// more: type, inputmode, autocomplete, maxlength, lang, disabled, pattern of <input>.
export function textField(form, todo, { name, label, hint, ...more }) {
  return field(form, { name, label, hint }, ({ id, invalid, describedBy }) => html`<input id=${id}
    name=${name} type=${more.type ?? "text"} inputmode=${more.inputmode ?? nothing}
    autocomplete=${more.autocomplete ?? "off"} maxlength=${more.maxlength ?? nothing}
    ?autofocus=${more.autofocus ?? false} autocapitalize="none" spellcheck="false" lang=${more.lang ?? nothing}
    ?disabled=${more.disabled ?? false} aria-invalid=${invalid} aria-describedby=${describedBy}
    .value=${live(form.value[name])}
    @input=${(event) => { form.set(name, event.target.value); todo.redraw(); }}>`);
}

export function areaField(form, todo, { name, label, hint, rows = 4, ...more }) {
  return field(form, { name, label, hint }, ({ id, invalid, describedBy }) => html`<textarea id=${id}
    name=${name} rows=${rows} maxlength=${more.maxlength ?? nothing} lang=${more.lang ?? nothing}
    aria-invalid=${invalid} aria-describedby=${describedBy} .value=${live(form.value[name])}
    @input=${(event) => { form.set(name, event.target.value); todo.redraw(); }}></textarea>`);
}

// options: [[value, label], …]; values are texts, "" stands for none.
export function choiceField(form, todo, { name, label, hint, options, disabled = false }) {
  return field(form, { name, label, hint }, ({ id, invalid, describedBy }) => html`<select id=${id}
    name=${name} ?disabled=${disabled} aria-invalid=${invalid} aria-describedby=${describedBy}
    @change=${(event) => { form.set(name, event.target.value); todo.redraw(); }}>${options
      .map(([value, text]) => html`<option value=${value}
        ?selected=${value === form.value[name]}>${text}</option>`)}</select>`);
}

export function checkField(form, todo, { name, label, hint }) {
  const id = ids(form, name);
  return html`<p class="field is-check"><label><input type="checkbox" name=${name}
    aria-describedby=${hint ? id.hint : nothing} .checked=${live(form.value[name])}
    @change=${(event) => { form.set(name, event.target.checked); todo.redraw(); }}
    ><span>${label}</span></label>${hint ? html`<span class="hint" id=${id.hint}>${hint}</span>`
      : nothing}</p>`;
}

// What is wrong with the whole, above the fields.
export const formFault = (form) => (form.fault ? html`<p class="banner banner-alert" role="alert"
  >${icon("alert-triangle")}<span><b>${t("admin.unsaved.failed")}</b> ${form.fault}</span></p>`
  : nothing);

// The row of buttons below the fields. `fresh`: something is made, not changed; `cancel`: its href.
export function buttons(form, todo, { label, fresh = false, cancel }) {
  const count = form.changed();
  return html`<p class="form-act"><button class="btn btn-main" type="submit" data-save
    ?disabled=${store.busy || (!fresh && count === 0)}>${label ?? t("admin.save")}</button>
    ${cancel ? html`<a class="btn btn-line" href=${cancel}>${t("admin.cancel")}</a>`
      : html`<button class="btn btn-line" type="button" data-reset
        ?disabled=${store.busy || count === 0}
        @click=${() => { form.reset(); todo.redraw(); }}>${t("admin.reset")}</button>`}
    ${!fresh && count ? html`<span>${t("admin.unsaved", { count })}</span>` : nothing}</p>`;
}
