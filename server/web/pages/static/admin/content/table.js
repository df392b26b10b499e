// A table of procedures: chosen, looked through, and only then taken.

import { html, nothing } from "/look/vendor/lit.js";
import { banner, detailPage, icon } from "/static/admin/parts.js";
import { known, store, t } from "/static/admin/store.js";

const MOST = 5_000_000;

let table = null; // the text of the file
let name = "";
let preview = null;
let fault = null; // why the file was not looked through

export function forget() {
  table = null;
  preview = null;
  fault = null;
  name = "";
}

// Spreadsheets save UTF-8 with and without a mark, and UTF-16 as "Unicode text".
function decoded(bytes) {
  const [first, second] = bytes;
  const wide = first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : null;
  try {
    return new TextDecoder(wide ?? "utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

async function look(todo, file) {
  forget();
  name = file.name;
  if (file.size > MOST) fault = t("content.large");
  else if (/\.xlsx?$|\.ods$/i.test(file.name)) fault = t("content.table.workbook");
  else {
    table = decoded(new Uint8Array(await file.arrayBuffer()));
    if (table === null) fault = t("content.table.letters");
  }
  if (fault) return todo.redraw();
  return todo.fetch(async () => {
    preview = await todo.command(todo.here("/procedures/preview"), { table });
    todo.redraw();
    document.getElementById("found")?.focus();
  });
}

function words(one) {
  if (store.language === "en") return `${one.message[0].toUpperCase()}${one.message.slice(1)}.`;
  const key = `content.table.fault.${one.code}`;
  return t(known(key) ? key : "content.table.fault.other", { value: one.value, right: one.right, column: one.column });
}

const faults = () => html`${banner("alert", "alert-triangle", t("content.table.faulty", { count: preview.faulty }),
  t("content.table.faulty.tip"))}
  <div class="con-scroll" tabindex="0" role="region" aria-label=${t("content.table.faults")}><table class="list"
    data-faults><caption class="sr">${t("content.table.faults")}</caption><thead><tr>
  <th scope="col" class="n">${t("content.table.row")}</th><th scope="col">${t("content.table.column")}</th>
  <th scope="col" class="is-wide">${t("content.table.value")}</th><th scope="col">${t("content.table.wrong")}</th></tr></thead>
  <tbody>${preview.faults.map((one) => html`<tr><th scope="row" class="n tab">${one.row}</th><td>${one.column || "–"}</td>
    <td class="is-wide">${one.value || "–"}</td><td>${words(one)}</td></tr>`)}</tbody></table></div>
  ${preview.faulty > preview.faults.length ? html`<p class="adm-tip">${t("content.table.more", {
    count: preview.faulty - preview.faults.length })}</p>` : nothing}`;

function lines(title, all, shown) {
  if (!all) return nothing;
  return html`<details class="con-more"><summary>${title}</summary><ul class="con-lines">${shown.map((one) => html`<li
    ><b>${one.code}</b> ${one.name}${one.columns.length ? html` <span>(${one.columns.join(", ")})</span>` : nothing}</li>`)}
    ${all > shown.length ? html`<li>${t("content.table.more", { count: all - shown.length })}</li>` : nothing}</ul></details>`;
}

function found() {
  const { new: added, changed, unchanged, removed, elsewhere } = preview;
  const left = elsewhere.reduce((sum, one) => sum + one.rows, 0);
  return html`<dl class="con-sums">${[
    ["new", added], ["changed", changed], ["unchanged", unchanged], ["removed", removed],
  ].map(([key, count]) => html`<div data-sum=${key}><dt>${t(`content.table.${key}`)}</dt><dd>${count}</dd></div>`)}</dl>
  ${left ? banner("care", "info-circle", t("content.table.elsewhere", { count: left }), elsewhere.map((one) =>
    `${one.service} (${one.rows})`).join(", ")) : nothing}
  ${lines(t("content.table.new.list", { count: added }), added, preview.added)}
  ${lines(t("content.table.changed.list", { count: changed }), changed, preview.changes)}
  ${lines(t("content.table.removed.list", { count: removed }), removed, preview.removals)}`;
}

function take(todo) {
  return todo.fetch(async () => {
    const done = await todo.command(todo.here("/procedures/import"), { table, digest: preview.digest });
    forget();
    todo.later(t("content.table.done", { count: done.count }));
    todo.go("procedures");
  });
}

function result(todo) {
  if (!preview) return nothing;
  const differs = preview.new + preview.changed + preview.removed;
  return html`<section class="panel" aria-labelledby="found"><h2 id="found" tabindex="-1">${t("content.table.found", {
    name })}</h2>${preview.faulty ? faults() : found()}
  ${preview.faulty ? nothing : html`<p class="form-act"><button class="btn btn-main" type="button" data-take
    ?disabled=${store.busy || !differs} @click=${() => take(todo)}>${t("content.table.take")}</button><a
    class="btn btn-line" href="#/procedures">${t("admin.cancel")}</a>${differs ? nothing : html`<span>${t(
    "content.table.same")}</span>`}</p>`}</section>`;
}

export function importPage(todo) {
  const choose = (event) => {
    const [file] = event.target.files;
    event.target.value = ""; // the same file again, corrected, is a new choice
    if (file) look(todo, file);
  };
  return detailPage({
    back: ["#/procedures", t("content.procedures")],
    title: t("content.table.import"),
    main: html`<section class="panel"><ol class="con-how"><li>${t("content.table.how.export")}</li><li>${t(
      "content.table.how.save")}</li><li>${t("content.table.how.look")}</li></ol>
      <p class="con-table"><label class="btn btn-main con-file">${icon("arrow-up")}${t("content.table.choose")}<input
        type="file" accept=".csv,.txt,text/csv" @change=${choose}></label><a class="btn btn-line"
        href="/api/v1${todo.here("/procedures.csv")}" download="thu-tuc.csv">${icon("arrow-down")}${t(
        "content.table.export")}</a></p>
      ${fault ? banner("alert", "alert-triangle", name, fault) : nothing}</section>${result(todo)}`,
  });
}
