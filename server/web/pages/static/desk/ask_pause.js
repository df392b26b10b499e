// Before a counter rests or closes: why, and whether it is the last one for somebody who waits.

import { html, nothing } from "/look/vendor/lit.js";
import { choices } from "/static/desk/asks.js";
import { icon } from "/static/desk/parts.js";
import { named, PAUSES, serviceName, store, t } from "/static/desk/store.js";

function lastOne() {
  const rows = store.desk.last_for.filter((one) => one.waiting > 0);
  return rows.length ? html`<div class="banner banner-care" data-last>${icon("users")}<span>${
    rows.map(({ service, waiting }) => html`<b>${t("desk.last", {
      service: serviceName(service), count: waiting })}</b>`)}${t("desk.last.tip")}</span></div>`
    : nothing;
}

export function view(ask, todo) {
  const counter = named(store.counter.name);
  if (ask.name === "close") {
    return {
      title: t("desk.close.ask", { counter }),
      body: html`${lastOne()}<p>${t("desk.close.tip")}</p>`,
      act: html`<button class="btn btn-main" type="button" data-first data-sure
        @click=${() => todo.press("close", {})}>${t("desk.menu.close")}</button>`,
    };
  }
  const list = PAUSES.map((id) => ({ id, label: t(`desk.pause.${id}`) }));
  return {
    title: t("desk.pause.ask", { counter }),
    body: html`${lastOne()}${choices(list, ({ id }) => todo.press("pause", { body: { code: id } }))}`,
  };
}
