// The log: who changed what, in words, newest first.

import { html, nothing } from "/look/vendor/lit.js";
import { plain } from "/look/js/text.js";
import { known, moment, store, t } from "/static/admin/store.js";
import { icon } from "/static/admin/parts.js";

let entries = [];
let more = false;
let search = "";

// A word of a detail as people read it: roles by their names, the rest as it is.
function told(detail) {
  const words = Object.entries(detail).map(([name, value]) => {
    for (const key of [`admin.role.${value}`, `admin.device.${value}`]) {
      if (["role", "from", "to"].includes(name) && known(key)) return [name, t(key)];
    }
    return [name, value];
  });
  return Object.fromEntries(words);
}

function sentence(entry) {
  const key = [`admin.audit.${entry.action}`, `content.audit.${entry.action}`].find(known);
  const values = { from: "", to: "", role: "", place: "", was: "", ...told(entry.detail) };
  // A device that nobody named is called what it is.
  const named = !/^(device|token|code)_/.test(entry.action) || entry.subject !== entry.detail.role;
  values.subject = named ? entry.subject : "";
  values.device = named ? `${entry.subject} (${values.role})` : values.role;
  return key ? t(key, values).trim() : `${entry.action} ${entry.subject}`;
}

function actor(entry) {
  if (entry.by === "command") return t("admin.audit.by.command");
  if (entry.by === "nobody") return t("admin.audit.by.nobody");
  return entry.actor || t("admin.audit.by.gone");
}

async function older(todo) {
  const page = await todo.read(todo.here(`/audit?before=${entries.at(-1).id}`));
  entries = [...entries, ...page.entries];
  more = page.more;
}

function list(todo) {
  const wanted = plain(search);
  const found = entries.filter((entry) =>
    plain(`${actor(entry)} ${sentence(entry)}`).includes(wanted));
  return html`<div class="adm-h"><h1 tabindex="-1">${t("admin.audit")}</h1></div>
    <div class="adm-f"><p class="adm-find"><label class="sr" for="find-audit">${t("admin.find")}</label>
    <input class="inp" id="find-audit" type="search" autocomplete="off"
      placeholder=${t("admin.find.tip")} .value=${search}
      @input=${(event) => { search = event.target.value; todo.redraw(); }}></p>
    <p class="adm-n">${t("admin.audit.kept")}</p></div>
    ${found.length ? html`<table class="list list-log"><caption class="sr">${t("admin.audit")}</caption>
      <thead><tr><th scope="col" class="is-wide">${t("admin.audit.when")}</th><th scope="col">${t("admin.audit.who")}</th>
      <th scope="col">${t("admin.audit.what")}</th></tr></thead><tbody>${found.map((entry) => html`<tr
        data-audit=${entry.action}><td class="tab is-wide"><time datetime=${entry.at}>${moment(entry.at)}</time></td>
        <th scope="row">${actor(entry)}</th><td>${sentence(entry)}<time class="is-narrow"
        datetime=${entry.at}>${moment(entry.at)}</time></td></tr>`)}</tbody></table>`
      : html`<p class="adm-none">${t(entries.length ? "admin.find.none" : "admin.audit.none")}</p>`}
    ${more ? html`<p class="pager"><button class="btn btn-line" type="button" data-more
      ?disabled=${store.busy} @click=${() => todo.fetch(() => older(todo))}>${icon("chevron-down")}${t(
        "admin.audit.more")}</button></p>` : nothing}`;
}

async function load(todo) {
  const page = await todo.read(todo.here("/audit"));
  entries = page.entries;
  more = page.more;
}

export const audit = {
  id: "audit",
  title: () => t("admin.audit"),
  load,
  list,
  detail: list,
};
