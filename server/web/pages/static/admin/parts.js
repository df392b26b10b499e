// The list/detail pattern: what every section draws with.

import { html, live, nothing } from "/look/vendor/lit.js";
import { plain } from "/look/js/text.js";
import { store, t } from "/static/admin/store.js";

const PAGE = 20;

export const icon = (name) => html`<svg class="i" viewBox="0 0 24 24" aria-hidden="true"
  ><use href="/look/icons/sprite.svg#${name}"></use></svg>`;

// A state: always word, shape and colour. look: "" | "good" | "care" | "alert".
export const chip = (text, look = "", symbol = "") => html`<span
  class="chip ${look ? `chip-${look}` : ""}">${symbol ? icon(symbol) : nothing}${text}</span>`;

export const banner = (look, symbol, bold, text = "", more = nothing) => html`<div
  class="banner banner-${look}" role=${look === "alert" ? "alert" : nothing}>${icon(symbol)}<span
  ><b>${bold}</b> ${text}</span>${more}</div>`;

export const panel = (title, content) => html`<section class="panel"><h2>${title}</h2>
  ${content}</section>`;

// [[label, value], …]; what has no value is left out.
export const facts = (pairs) => html`<dl class="facts">${pairs
  .filter(([, value]) => value !== null && value !== undefined && value !== "")
  .map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>`;

function listState(id) {
  store.lists[id] ??= { search: "", page: 0, filter: "" };
  return store.lists[id];
}

function finder({ id, find, filter }, state, todo) {
  const change = (key) => (event) => {
    state[key] = event.target.value;
    state.page = 0;
    todo.redraw();
  };
  return html`${find ? html`<p class="adm-find"><label class="sr" for="find-${id}"
      >${t("admin.find")}</label><input class="inp" id="find-${id}" type="search"
      autocomplete="off" placeholder=${t("admin.find.tip")} .value=${live(state.search)}
      @input=${change("search")}></p>` : nothing}
    ${filter ? html`<p><label class="sr" for="filter-${id}">${filter.label}</label>
      <select class="inp" id="filter-${id}" @change=${change("filter")}>
      ${filter.options.map(([value, label]) => html`<option value=${value}
        ?selected=${value === state.filter}>${label}</option>`)}</select></p>` : nothing}`;
}

function table({ id, title, columns }, rows, href) {
  const look = (column) => `${column.number ? "n tab" : ""} ${column.wide ? "is-wide" : ""}`;
  return html`<table class="list"><caption class="sr">${title}</caption><thead><tr>${columns
    .map((column) => html`<th scope="col" class=${look(column)}>${column.label}</th>`)}</tr></thead>
    <tbody>${rows.map((row) => html`<tr data-row=${row.id ?? nothing}>${columns
      .map((column, at) => (at === 0
        ? html`<th scope="row">${href(row) ? html`<a href=${href(row)}>${column.cell(row)}</a>`
          : column.cell(row)}</th>`
        : html`<td class=${look(column)}>${column.cell(row)}</td>`))}</tr>`)}</tbody></table>`;
}

function pager(state, count, todo) {
  if (count <= PAGE) return nothing;
  const turn = (by) => () => {
    state.page += by;
    todo.redraw();
    document.querySelector("main h1")?.focus();
  };
  const from = state.page * PAGE;
  const to = Math.min(count, from + PAGE);
  return html`<nav class="pager" aria-label=${t("admin.pages")}><span>${t("admin.pages.of", {
    from: from + 1, to, all: count,
  })}</span><button class="btn btn-line" type="button" ?disabled=${from === 0} @click=${turn(-1)}
    >${icon("chevron-left")}${t("admin.pages.before")}</button><button class="btn btn-line"
    type="button" ?disabled=${to === count} @click=${turn(1)}>${t("admin.pages.next")}${icon(
      "chevron-right")}</button></nav>`;
}

// A list of everything there is of one kind.
//   id, title     the section's
//   rows          all of them, each with an `id`
//   columns       [{label, cell(row), number?, wide?}]; the first leads to the row's page, those
//                 that are `wide` are left out on narrow screens (the row's page has them)
//   find(row)     optional: the text that is searched
//   filter        optional: {label, options: [[value, label], …], keeps(row, value)}; "" is all
//   add           optional: {label, href?} of the button on top; href is #/ID/new if not said
//   count         a sentence about how many there are: "12 tài khoản, 11 đang dùng"
//   none          what to say where there are none at all
//   href(row)     optional: where a row leads; null: nowhere
//   note          optional: a template between title and list
export function listPage(todo, list) {
  const state = listState(list.id);
  const wanted = plain(state.search);
  const found = list.rows.filter((row) =>
    (!wanted || plain(list.find?.(row) ?? "").includes(wanted))
    && (!state.filter || list.filter?.keeps(row, state.filter)));
  state.page = Math.min(state.page, Math.max(0, Math.ceil(found.length / PAGE) - 1));
  const shown = found.slice(state.page * PAGE, state.page * PAGE + PAGE);
  const href = list.href ?? ((row) => `#/${list.id}/${row.id}`);
  return html`<div class="adm-h"><h1 tabindex="-1">${list.title}</h1>${list.add
    ? html`<a class="btn btn-main" data-add href=${list.add.href ?? `#/${list.id}/new`}>${icon(
      "plus")}${list.add.label}</a>` : nothing}</div>${list.note ?? nothing}
    ${list.rows.length ? html`<div class="adm-f">${finder(list, state, todo)}<p class="adm-n"
      >${list.count ?? ""}</p></div>` : nothing}
    ${shown.length ? html`${table(list, shown, href)}${pager(state, found.length, todo)}`
      : html`<p class="adm-none">${list.rows.length ? t("admin.find.none") : list.none}</p>`}`;
}

// One of a kind: the way back, what it is, a form or panels, and what is beside it.
//   back   [href, label] of the list
//   title  what it is called; `state` a chip beside it
//   main   a template, usually a form; `side` optional, a template
export function detailPage({ back, title, state = nothing, main, side = nothing }) {
  return html`<p class="crumbs"><a href=${back[0]}>${icon("chevron-left")}${back[1]}</a></p>
    <div class="adm-h"><h1 tabindex="-1">${title}</h1>${state}</div>
    <div class="adm-2 ${side === nothing ? "is-alone" : ""}"><div class="adm-main">${main}</div>
    ${side === nothing ? nothing : html`<aside class="adm-side">${side}</aside>`}</div>`;
}
