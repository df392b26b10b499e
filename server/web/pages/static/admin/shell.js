// What is around every section: head, navigation, the line of success, and the states in which
// there is no section to show.

import { html, nothing } from "/look/vendor/lit.js";
import { dialogFrame } from "/static/admin/dialogs.js";
import { banner, icon } from "/static/admin/parts.js";
import { sections } from "/static/admin/sections.js";
import { named, ofProvince, store, t } from "/static/admin/store.js";
import { clock } from "/look/js/text.js";
import { otherPages } from "/static/pages.js";

export const visible = () => sections.filter((section) =>
  (section.shown?.() ?? true) && (store.centre || section.everywhere));

function languages(todo) {
  return html`<p class="d-lang" role="group" aria-label=${t("admin.language")}>
    ${["vi", "en"].map((code) => html`<button type="button" data-language=${code} lang=${code}
      aria-label=${code === "vi" ? "VI, Tiếng Việt" : "EN, English"}
      aria-pressed=${code === store.language ? "true" : "false"}
      @click=${() => todo.chooseLanguage(code)}>${code.toUpperCase()}</button>`)}</p>`;
}

function chooser(todo) {
  if (!ofProvince() || store.centres.length < 2) return nothing;
  return html`<p class="adm-centre"><label class="sr" for="centre">${t("admin.centre")}</label>
    <select id="centre" data-centre @change=${(event) => todo.chooseCentre(event.target)}>
    ${store.centres.map((centre) => html`<option value=${centre.id}
      ?selected=${centre.id === store.centreId}>${named(centre.name)}</option>`)}</select></p>`;
}

function menu(todo) {
  const then = (what) => (event) => {
    const details = event.target.closest("details");
    details.open = false;
    details.querySelector("summary").focus();
    what();
  };
  return html`<details class="d-menu"><summary aria-label=${t("admin.menu")}
    >${icon("dots-vertical")}</summary>
    <div class="d-menu-list"><p>${t("admin.signed_in", { name: store.session.name })}</p>
    ${otherPages(store.session, "admin").map(([page, address]) => html`<a href=${address}
      >${t(`admin.to.${page}`)}</a>`)}
    <button type="button" data-own-password @click=${then(todo.ownPassword)}
      >${t("admin.password.own")}</button>
    <button type="button" data-sign-out @click=${then(todo.signOut)}>${t("admin.signout")}</button>
    </div></details>`;
}

function head(todo) {
  const now = new Date();
  return html`<header class="d-head adm-head">
    <svg class="mark" viewBox="0 0 48 48" aria-hidden="true"><use
      href="/look/icons/sprite.svg#mark"></use></svg>
    <p class="d-where"><b>${named(store.centre?.name) || "Lấy Số"}</b><span>${t("admin.name")}</span></p>
    ${store.session ? chooser(todo) : nothing}${languages(todo)}
    ${store.centre ? html`<time datetime=${now.toISOString()}>${clock(now, store.language,
      store.centre.timezone)}</time>` : nothing}
    ${store.session ? menu(todo) : nothing}</header>`;
}

function navigation(todo) {
  const open = visible().find((section) => section.id === store.section);
  return html`<nav class="adm-nav ${store.menu ? "is-open" : ""}" aria-label=${t("admin.sections")}>
    <button class="adm-fold" type="button" aria-expanded=${store.menu ? "true" : "false"}
      aria-controls="sections" @click=${todo.toggleMenu}>${open?.title() ?? t("admin.sections")}${icon(
      "chevron-down")}</button>
    <ul id="sections">${visible().map((section) => html`<li><a href="#/${section.id}"
      aria-current=${section.id === store.section ? "page" : nothing}
      @click=${todo.closeMenu}>${section.title()}</a></li>`)}</ul></nav>`;
}

function message(title, text, busy, more = nothing) {
  return html`<div class="adm-state" aria-busy=${busy ? "true" : "false"}><h1 tabindex="-1"
    >${title}</h1>${text ? html`<p>${text}</p>` : nothing}${more}</div>`;
}

function content(todo) {
  const section = visible().find(({ id }) => id === store.section);
  const again = html`<button class="btn btn-main" type="button" data-again @click=${todo.reload}
    >${icon("refresh")}${t("admin.again")}</button>`;
  if (store.state === "unreachable") {
    return message(t("admin.unreachable"), t("admin.unreachable.tip"), false, again);
  }
  if (store.state === "loading" || !store.session) return message(t("admin.loading"), "", true);
  if (store.state === "forbidden") return message(t("admin.forbidden"), t("admin.forbidden.tip"));
  if (!section) return message(t("admin.missing"), t("admin.missing.tip"));
  if (store.state === "missing") {
    return message(t("admin.missing"), t("admin.missing.tip"), false, html`<a class="btn btn-line"
      href="#/${section.id}">${icon("chevron-left")}${section.title()}</a>`);
  }
  return store.id === null ? section.list(todo) : section.detail(todo, store.id);
}

export function page(todo) {
  return html`<a class="adm-skip" href="#main" @click=${todo.skip}>${t("admin.skip")}</a>
    ${head(todo)}<div class="adm">${store.session ? navigation(todo) : html`<div class="adm-nav"></div>`}
    <main id="main">${store.said ? html`<div class="adm-said">${banner("good", "circle-check",
      store.said)}</div>` : nothing}${content(todo)}</main></div>${dialogFrame(todo)}`;
}
