// Who waits, who is on hold, and the day in three figures.

import { html, nothing, repeat } from "/look/vendor/lit.js";
import { icon, link } from "/static/desk/parts.js";
import { can, lower, serviceName, store, t, words } from "/static/desk/store.js";
import { minutes } from "/static/desk/spans.js";
import { since } from "/static/times.js";

const SHOWN = 5;

function waited(item) {
  return minutes(words(), item.waited_s + since(store.desk.as_of));
}

function row(item) {
  return html`<li><b>${item.number}</b><span>${serviceName(item.service)}${
    item.priority === "none" ? nothing : html`<em>${t(`desk.priority.${item.priority}`)}</em>`
  }</span><span class="tab">${waited(item)}</span></li>`;
}

// What it waits for: one of the known reasons in the page's language, else as it was typed.
function waitsFor({ reason, why }) {
  return reason ? lower(t(`desk.hold.${reason}`)) : why;
}

function heldRow(item, todo) {
  const why = waitsFor(item);
  const text = why ? t("desk.held.why", { number: item.number, why })
    : t("desk.held", { number: item.number });
  const [before, after] = text.split(item.number);
  return html`<li class="queue-held">${icon("hourglass")}<span>${before}<b>${item.number}</b
    >${after}</span>${why ? nothing : html`<button class="now-link" type="button"
    data-why-held=${item.number} aria-label="${t("desk.held.ask", { number: item.number })}"
    @click=${() => todo.whyHeld(item)}>${t("desk.held.why.ask")}</button>`}<button
    class="btn btn-quiet" type="button" data-resume=${item.number}
    ?disabled=${!can("resume")} aria-label="${t("desk.resume")} ${item.number}"
    @click=${() => todo.press("resume", item)}>${t("desk.resume")}</button></li>`;
}

function figures() {
  const { waiting, longest_s: longest, served_today: today, as_of: asOf } = store.desk;
  const wait = waiting ? minutes(words(), longest + since(asOf)) : t("desk.none");
  return html`<dl class="queue-sum">
    <div><dt>${t("desk.waiting")}</dt><dd data-waiting>${waiting}</dd></div>
    <div><dt>${t("desk.longest")}</dt><dd>${wait}</dd></div>
    <div><dt>${t("desk.today")}</dt><dd>${today}</dd></div></dl>`;
}

export function queuePanel(todo) {
  const { next, held } = store.desk;
  return html`<section class="queue" aria-labelledby="q-h"><div class="queue-top"
    ><h2 id="q-h">${t("desk.queue")}</h2>${link("call", todo.press)}</div>
    ${next.length ? html`<ol>${repeat(next.slice(0, SHOWN), (item) => item.id, row)}</ol>`
      : html`<p class="queue-none">${icon("circle-check")}${t("desk.queue.none")}</p>`}
    ${held.length ? html`<ul class="queue-kept" aria-label=${t("desk.queue.held")}>
      ${repeat(held, (item) => item.id, (item) => heldRow(item, todo))}</ul>` : nothing}
    ${figures()}</section>`;
}
