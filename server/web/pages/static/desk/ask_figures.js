// What this counter did today.

import { html } from "/look/vendor/lit.js";
import { read } from "/static/api.js";
import { named, OUTCOMES, store, t, words } from "/static/desk/store.js";
import { span } from "/static/desk/spans.js";

async function load(ask, todo) {
  ask.figures = undefined;
  const path = `/centres/${store.centre.id}/counters/${store.counter.id}/figures`;
  const figures = await read(path).catch(() => null);
  if (store.ask !== ask) return;
  ask.figures = figures;
  todo.redraw();
}

const time = (seconds) => (seconds === null ? t("desk.none") : span(words(), seconds));

function share(count, of) {
  const percent = of ? (count / of).toLocaleString(store.language === "vi" ? "vi-VN" : "en-GB",
    { style: "percent" }) : t("desk.none");
  return html`<td>${count}</td><td>${percent}</td>`;
}

const one = (label, value) => html`<tr><th scope="row">${t(`desk.figures.${label}`)}</th>
  <td colspan="2">${value}</td></tr>`;

function table(figures) {
  return html`<div class="ask-table"><table><caption class="sr">${t("desk.figures.title", {
    counter: named(store.counter.name) })}</caption><tbody>
    ${one("served", figures.served)}${one("no_show", figures.no_show)}${one("held", figures.held)}
    ${one("dossiers", figures.dossiers)}
    ${one("wait", time(figures.wait_median_s))}${one("walk", time(figures.walk_median_s))}
    ${one("service", time(figures.service_median_s))}</tbody><tbody>
    <tr><th scope="rowgroup" colspan="3">${t("desk.figures.outcomes")}</th></tr>
    ${[...OUTCOMES, "none"].map((outcome) => html`<tr><th scope="row">${t(`desk.end.${outcome}`)}</th>
      ${share(figures.outcomes[outcome] ?? 0, figures.served)}</tr>`)}</tbody></table></div>`;
}

export function view(ask, todo) {
  if (!("figures" in ask)) load(ask, todo);
  const title = t("desk.figures.title", { counter: named(store.counter.name) });
  if (ask.figures === undefined) return { title, body: html`<p>${t("desk.loading")}</p>` };
  if (ask.figures === null) return { title, body: html`<p role="alert">${t("desk.figures.lost")}</p>` };
  return {
    title, reads: true, body: html`${table(ask.figures)}<p>${t("desk.figures.tip")}</p>`,
  };
}
