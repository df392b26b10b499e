// The search: what do you come for, in your own words? Results stand there as one types.

import { html, nothing } from "/look/vendor/lit.js";
import { shortName } from "/look/js/text.js";
import { icon } from "/look/js/icons.js";
import { keyboard } from "./keyboard.js";
import { title } from "./search.js";
import { waitLine } from "./waits.js";

const landscape = matchMedia("(orientation: landscape)");

// So many rows fit above, or beside, the keyboard.
function rowsThatFit(s) {
  if (landscape.matches) return s.large ? 3 : 4;
  if (s.low) return s.large || s.accents ? 2 : 3;
  return s.large ? 3 : 4;
}

function marked(text, marks) {
  let at = 0;
  const parts = marks.map(([from, to]) => {
    const before = text.slice(at, from);
    at = to;
    return html`${before}<mark>${text.slice(from, to)}</mark>`;
  });
  return html`${parts}${text.slice(at)}`;
}

export const serviceOf = (s, procedure) => s.view.centre.services.find((one) => one.id === procedure.service);

function result(s, { procedure, marks }) {
  const service = serviceOf(s, procedure);
  const name = service ? shortName(service.name[s.language]) : procedure.field;
  const more = [name, waitLine(s, s.view.board[procedure.service]), procedure.on_the_spot ? s.say("kiosk.spot.short") : ""];
  return html`<li><button type="button" data-procedure=${procedure.code} @click=${() => s.act.open(procedure.code)}>
    <span><b>${marked(title(procedure, s.language), marks)}</b><span class="results-more">${more.filter(Boolean).join(" · ")}</span></span>
    ${icon("chevron-right")}</button></li>`;
}

function count(s, found) {
  const key = found.length === 1 ? "kiosk.find.one" : "kiosk.find.some";
  const [before, after] = s.say(key, { query: s.query.trim() }).split("{n}");
  return html`${before}<b>${found.length} ${s.say(found.length === 1 ? "kiosk.find.procedure" : "kiosk.find.procedures")}</b>${after}`;
}

function turn(s, page, pages) {
  if (pages < 2) return nothing;
  const one = (to, picture, key) => html`<button type="button" class="btn btn-line k-turn" aria-label=${s.say(key)}
    ?disabled=${to < 0 || to >= pages} @click=${() => s.act.results(to)}>${icon(picture)}</button>`;
  return html`<span class="k-turns">${one(page - 1, "chevron-left", "kiosk.find.earlier")}
    <span>${s.say("kiosk.find.page", { n: page + 1, of: pages })}</span>${one(page + 1, "chevron-right", "kiosk.find.later")}</span>`;
}

function results(s, found) {
  const fit = rowsThatFit(s);
  const pages = Math.ceil(found.length / fit);
  const page = Math.min(s.results, pages - 1);
  return html`<div class="k-count"><p role="status">${count(s, found)}</p>${turn(s, page, pages)}</div>
    <ul class="results fit-${fit}">${found.slice(page * fit, (page + 1) * fit).map((hit) => result(s, hit))}</ul>`;
}

// What people ask for most, in their words; only what this centre does.
function examples(s) {
  const words = s.say("kiosk.find.examples").split(", ").filter((word) => s.procedures.find(word, s.language).length > 0);
  return html`<div class="k-count"><p role="status">${s.say("kiosk.find.how")}</p></div>
    <ul class="k-chips">${words.map((word) => html`<li><button type="button" class="btn btn-line" @click=${() => s.act.type(word)}>${word}</button></li>`)}</ul>`;
}

function nothingFound(s) {
  return html`<div class="k-none"><p role="status"><b>${s.say("kiosk.find.none", { query: s.query.trim() })}</b></p>
    <p>${s.say("kiosk.find.none_more")}</p>
    <button type="button" class="btn btn-line" @click=${() => s.act.back()}>${icon("arrow-left")}${s.say("kiosk.find.services")}</button></div>`;
}

function below(s) {
  if (s.query.replace(/\s/g, "").length < 2) return examples(s);
  const found = s.procedures.find(s.query, s.language);
  return found.length > 0 ? results(s, found) : nothingFound(s);
}

// Enter on a real keyboard goes to the results; the same stroke must not open one.
function toResults(event) {
  if (event.key !== "Enter") return;
  event.preventDefault();
  document.querySelector(".results button")?.focus();
}

export function find(s) {
  return html`<main class="k-main k-find"><div class="k-find-l">
    <h1 tabindex="-1">${s.say("kiosk.find.title")}</h1>
    <p class="k-input"><label class="sr" for="query">${s.say("kiosk.find.label")}</label>${icon("search")}
      <input id="query" type="text" inputmode="none" autocomplete="off" autocapitalize="off" spellcheck="false"
        placeholder=${s.say("kiosk.find.placeholder")} .value=${s.query} @input=${(event) => s.act.type(event.target.value)} @keydown=${toResults}>
      <button type="button" class="btn btn-quiet" id="done" @click=${() => s.act.back()}>${icon("x")}${s.say("kiosk.find.close")}</button></p>
    ${below(s)}</div>${keyboard(s)}</main>`;
}
