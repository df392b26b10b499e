// The whole page as a function of what is known.

import { html, nothing } from "/look/vendor/lit.js";
import { icon } from "/look/js/icons.js";
import { adviceColumn } from "/static/manage/advice.js";
import { countersPanel } from "/static/manage/counters.js";
import { drainPanel } from "/static/manage/drain.js";
import { head } from "/static/manage/head.js";
import { devicesStrip, helpList } from "/static/manage/lobby.js";
import { noticeDialog, noticeList } from "/static/manage/notices.js";
import { clockOf, live, percent, ready, store, t, words } from "/static/manage/store.js";
import { headline, strains } from "/static/manage/strain.js";

const loaded = () => store.advice && store.board;

function banner(look, symbol, bold, text, more = nothing) {
  return html`<div class="banner banner-${look}" role=${look === "alert" ? "alert" : nothing}
    >${icon(symbol)}<span><b>${bold}</b> ${text}</span>${more}</div>`;
}

// There from the start, for its picture could not be fetched once the server is away.
function staleBanner() {
  const time = clockOf(store.heardAt);
  return html`<div data-lost ?hidden=${live()}>${banner("alert", "plug-connected-x", t("manage.lost", { time }),
    t("manage.lost.tip"))}</div>`;
}

function faultBanner(todo) {
  if (!store.fault) return nothing;
  const { id, code } = store.fault;
  const key = `manage.error.${code}`;
  return html`<div data-fault=${code}>${banner("alert", "alert-triangle",
    t("manage.failed", { what: t(`manage.did.${id.split(".")[0]}`) }),
    t(key in words() ? key : "manage.error.other"),
    html`<button class="btn btn-line" type="button" @click=${todo.dismiss}
      >${t("manage.read")}</button>`)}</div>`;
}

function pendingBanners(todo) {
  return Object.entries(store.pending).filter(([, { lost }]) => lost).map(([id, { asking }]) =>
    html`<div data-pending=${id}>${banner("care", "hourglass",
      t("manage.pending", { what: t(`manage.did.${id.split(".")[0]}`) }), t("manage.pending.tip"),
      html`<button class="btn btn-main" type="button" ?disabled=${asking}
        @click=${() => todo.again(id)}>${t("manage.again")}</button><button class="btn btn-line"
        type="button" @click=${() => todo.drop(id)}>${t("manage.drop")}</button>`)}</div>`);
}

function figure(name, value, unit, note = "") {
  return html`<div data-figure=${name}><dt>${t(`manage.figure.${name}`)}</dt><dd class="tab"
    >${value}<small> ${unit}${note ? html` <span>${note}</span>` : nothing}</small></dd></div>`;
}

// What no answer has is left out.
function figures(rows) {
  const waiting = rows.reduce((sum, row) => sum + row.waiting, 0);
  const found = [figure("waiting", waiting, t("manage.people", { count: waiting }))];
  const { ratings, accuracy } = store;
  if (ratings) found.push(figure("served", ratings.served, t("manage.visits", { count: ratings.served })));
  if (accuracy?.today?.tickets) {
    found.push(figure("covered", percent(accuracy.today.covered),
      t("manage.of", { count: accuracy.today.tickets })));
  }
  if (ratings && ratings.satisfied !== null) {
    found.push(figure("satisfied", percent(ratings.satisfied),
      t("manage.response", { share: percent(ratings.response) })));
  }
  return html`<dl>${found}</dl>`;
}

function summary(rows) {
  const [first, rest] = headline(rows);
  return html`<section class="m-sum" aria-labelledby="m-sum"><h1 id="m-sum" tabindex="-1" data-headline>${live()
    ? nothing : html`<span>${t("manage.at", { time: clockOf(store.heardAt) })} </span>`}${first}${
    rest ? html` <span>${rest}</span>` : nothing}</h1>${figures(rows)}</section>`;
}

function lobbyPanel(todo) {
  return html`<section class="panel m-lob" aria-labelledby="m-help"><div class="panel-h"><h2
    id="m-help">${t("manage.help")}</h2></div>${helpList(todo)}<div class="panel-h m-more"><h2
    id="m-note">${t("manage.notices")}</h2><button class="btn btn-text" type="button" data-write
    ?disabled=${!ready("notice")} @click=${todo.openForm}>${icon("plus")}${t("manage.notice.new")}
    </button></div>${noticeList(todo)}</section>`;
}

function body(todo) {
  if (!loaded()) {
    return html`<main class="m-wait" aria-busy="true"><h1>${t(store.link === "down"
      ? "manage.unreachable" : "manage.loading")}</h1></main>`;
  }
  const rows = strains();
  return html`<main class="mgr ${live() ? "" : "is-stale"}" data-live=${live() ? "true" : "false"}>
    <div class="m-ban">${staleBanner()}${faultBanner(todo)}${pendingBanners(todo)}</div>
    ${summary(rows)}<div class="m-side">${adviceColumn(todo)}${lobbyPanel(todo)}</div>
    ${drainPanel(rows)}${countersPanel()}${devicesStrip()}</main>`;
}

export function page(todo) {
  return html`${head(todo)}${body(todo)}${store.centre ? noticeDialog(todo) : nothing}`;
}
