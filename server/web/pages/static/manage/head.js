// The head of the page: which centre and who, the link, the other pages, the language, the time.

import { html, nothing } from "/look/vendor/lit.js";
import { icon } from "/look/js/icons.js";
import { now } from "/static/times.js";
import { clockOf, named, store, t } from "/static/manage/store.js";

const LINK = {
  up: ["chip-good", "circle-check", "manage.online"],
  down: ["chip-alert", "plug-connected-x", "manage.offline"],
  connecting: ["", "refresh", "manage.connecting"],
};
const PAGES = {
  manager: [["/desk", "manage.page.desk"], ["/greet", "manage.page.greet"],
    ["/admin", "manage.page.admin"]],
  admin: [["/admin", "manage.page.admin"]],
};

const pages = () => PAGES[store.session?.role] ?? [];

function linkChip() {
  const [look, symbol, word] = LINK[store.link];
  return html`<p class="chip chip-link ${look}">${icon(symbol)}${t(word)}</p>`;
}

function chooser(todo) {
  if (store.centres.length < 2) return nothing;
  return html`<p class="m-centre"><label class="sr" for="centre">${t("manage.centre")}</label>
    <select id="centre" data-centre @change=${(event) => todo.chooseCentre(event.target.value)}>
    ${store.centres.map((one) => html`<option value=${one.id} ?selected=${
      one.id === store.centre?.id}>${named(one.name)}</option>`)}</select></p>`;
}

function navigation() {
  return html`<nav class="d-nav" aria-label=${t("manage.pages")}><a
    href=${location.pathname} aria-current="page">${t("manage.page.live")}</a>${pages()
    .map(([path, word]) => html`<a href=${path}>${t(word)}</a>`)}</nav>`;
}

function languages(todo) {
  return html`<p class="d-lang" role="group" aria-label=${t("manage.language")}>
    ${["vi", "en"].map((code) => html`<button type="button" data-language=${code} lang=${code}
      aria-label=${code === "vi" ? "VI, Tiếng Việt" : "EN, English"}
      aria-pressed=${code === store.language ? "true" : "false"}
      @click=${() => todo.chooseLanguage(code)}>${code.toUpperCase()}</button>`)}</p>`;
}

function menu(todo) {
  return html`<details class="d-menu"><summary aria-label=${t("manage.menu")}
    >${icon("dots-vertical")}</summary><div class="d-menu-list"><p>${t("manage.signed_in", {
    name: store.session.name })}</p><button type="button" data-sign-out @click=${todo.signOut}
    >${t("manage.signout")}</button></div></details>`;
}

export function head(todo) {
  const speed = store.centre?.simulation;
  return html`<header class="d-head m-head"><svg class="mark" viewBox="0 0 48 48" aria-hidden="true"
    ><use href="/look/icons/sprite.svg#mark"></use></svg><p class="d-where"><b>${
    named(store.centre?.name) || "Lấy Số"}</b><span>${store.session?.name ?? ""}</span></p>
    ${chooser(todo)}${speed ? html`<p class="chip chip-care">${t("manage.simulation", { speed })}</p>`
      : nothing}${linkChip()}${store.session ? navigation() : nothing}${languages(todo)}
    ${store.centre ? html`<time datetime=${new Date(now()).toISOString()}>${clockOf(now())}</time>`
      : nothing}${store.session ? menu(todo) : nothing}</header>`;
}
