// How long each service takes to clear: a table, whose bars say the same as its figures.

import { html, nothing, svg } from "/look/vendor/lit.js";
import { icon } from "/look/js/icons.js";
import { t } from "/static/manage/store.js";
import { known } from "/static/manage/strain.js";

const STEP_MIN = 10;
const LEAST_MIN = 30;
const FILL = { over: "b-over", unserved: "b-over", near: "b-near", ok: "b-wait", idle: "b-wait" };

// Where the bars end: the next ten minutes beyond the longest of all, the same for every row.
function scaleOf(rows) {
  const longest = Math.max(LEAST_MIN, ...rows.flatMap(({ drain, goal }) => [drain, goal]));
  return Math.ceil((longest * 1.05) / STEP_MIN) * STEP_MIN;
}

const share = (value, scale) => `${Math.round((1000 * value) / scale) / 10}%`;

function bar({ drain, goal, state }, scale) {
  const label = t("manage.bar", { drain, goal });
  return html`<svg role="img" aria-label=${label}><rect class="b-track" y="5" width="100%"
    height="14" rx="4"></rect>${drain ? svg`<rect class=${FILL[state]} y="5"
    width=${share(drain, scale)} height="14" rx="4"></rect>` : nothing}<rect class="b-goal"
    x=${share(goal, scale)} y="0" width="3" height="24"></rect></svg>`;
}

function status({ state, excess }) {
  if (state === "over") {
    return html`<span class="chip chip-alert">${icon("alert-triangle")}${t("manage.beyond", {
      minutes: excess })}</span>`;
  }
  if (state === "unserved") {
    return html`<span class="chip chip-alert">${icon("alert-triangle")}${t("manage.nobody")}</span>`;
  }
  if (state === "near") {
    return html`<span class="chip chip-care">${t("manage.beyond", { minutes: excess })}</span>`;
  }
  return html`<span class="okay">${t(`manage.state.${state}`)}</span>`;
}

function row(one, scale) {
  return html`<tr data-strain=${one.id} data-state=${one.state}
    class=${FILL[one.state] === "b-over" ? "is-over" : ""}>
    <th scope="row">${known(one)}</th>
    <td class="n tab" data-label=${t("manage.col.waiting")}>${one.waiting}</td>
    <td class="n tab" data-label=${t("manage.col.counters")}>${one.open_counters}</td>
    <td class="bar">${bar(one, scale)}</td>
    <td class="n tab" data-label=${t("manage.col.minutes")}><b>${one.drain}</b></td>
    <td class="m-say">${status(one)}</td></tr>`;
}

export function drainPanel(rows) {
  const scale = scaleOf(rows);
  return html`<section class="panel m-sv" aria-labelledby="m-sv"><div class="panel-h"><h2 id="m-sv"
    >${t("manage.drain")}</h2><p>${t("manage.drain.tip")}</p></div>
    <table class="drain" aria-labelledby="m-sv"><thead><tr><th scope="col">${t("manage.col.service")}</th>
    <th scope="col" class="n">${t("manage.col.waiting")}</th>
    <th scope="col" class="n">${t("manage.col.counters")}</th>
    <th scope="col"><span class="sr">${t("manage.col.bar")}</span></th>
    <th scope="col" class="n">${t("manage.col.minutes")}</th>
    <th scope="col">${t("manage.col.state")}</th></tr></thead>
    <tbody>${rows.map((one) => row(one, scale))}</tbody></table></section>`;
}
