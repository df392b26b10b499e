// What goes on in the lobby: who calls for help, which machines ail, what the manager tells.

import { html, nothing } from "/look/vendor/lit.js";
import { isMute } from "/static/chime.js";
import { banner, icon } from "/static/greet/parts.js";
import { named, store, t } from "/static/greet/store.js";
import { callsOf, LOUD, unread } from "/static/lobby.js";

function kioskName(kiosk, name) {
  return name && name !== "kiosk" ? t("greet.kiosk.named", { kiosk, name })
    : t("greet.kiosk", { kiosk });
}

export function whoCalls({ caller }) {
  return caller.kind === "counter" ? t("greet.counter", { counter: caller.counter.number })
    : kioskName(caller.kiosk, caller.name);
}

function helpBanner(call, todo) {
  const [action, words] = call.state === "called"
    ? ["coming", "greet.help.come"] : ["clear", "greet.help.over"];
  const look = call.state === "called" ? "btn-main" : "btn-line";
  return html`<div class="banner banner-care" data-help=${call.state}>${icon("headset")}
    <span><b>${whoCalls(call)}</b> ${t(`greet.help.${call.state}`)}</span>
    <button class="btn ${look}" type="button" data-help-answer=${action}
      aria-label=${`${t(words)}: ${whoCalls(call)}`}
      ?disabled=${store.link !== "up" || store.helping}
      @click=${() => todo.answerHelp(call, action)}>${t(words)}</button></div>`;
}

function deviceName(device) {
  if (device.role === "kiosk") return kioskName(device.kiosk, device.name);
  if (device.counter) return t("greet.counter", { counter: device.counter.number });
  const own = device.name === device.role ? "" : `, ${device.name}`;
  return `${t(`greet.device.${device.role}`)}${own}`;
}

// Only what somebody in the lobby can see to, and what stops a machine.
const ailing = () => (store.devices?.devices ?? []).filter((device) => device.trouble.length);

function deviceRow(device) {
  const [trouble] = device.trouble;
  const look = LOUD.has(trouble) ? "alert" : "care";
  return html`<li class="banner banner-${look}" data-trouble=${trouble}>${icon(
    look === "alert" ? "alert-triangle" : "info-circle")}<span><b>${deviceName(device)}</b>
    ${t(`greet.trouble.${trouble}`)}</span></li>`;
}

function noticeBanner(notice, todo) {
  const [look, symbol, key] = notice.urgent
    ? ["alert", "alert-triangle", "greet.notice.urgent"] : ["quiet", "info-circle", "greet.notice"];
  const button = html`<button class="btn btn-quiet" type="button" data-notice=${notice.id}
    @click=${() => todo.readNotice(notice.id)}>${t("greet.read")}</button>`;
  return banner(look, symbol, t(key), named(notice.text), button);
}

// How many wait for somebody; nobody knows while the server is away.
export const needs = () => (store.link === "up"
  ? callsOf(store.help).filter((call) => call.state === "called").length : 0);

function body(todo, alone) {
  const parts = [...callsOf(store.help).map((call) => helpBanner(call, todo)),
    ...unread(store.notices).map((notice) => noticeBanner(notice, todo))];
  const machines = ailing();
  if (!parts.length && !machines.length) {
    return html`<p class="g-calm">${icon("circle-check")}${t("greet.lobby.calm")}</p>`;
  }
  const title = t("greet.devices");
  return html`${parts}${machines.length ? html`${alone ? html`<h2>${title}</h2>`
    : html`<h3>${title}</h3>`}<ul class="g-devices">${machines.map(deviceRow)}</ul>` : nothing}`;
}

// As a view of its own on a phone it has the page's heading; beside the numbers it is a part.
export function lobbyPanel(todo, alone) {
  const known = store.link === "up" && store.help !== null;
  return html`<section class="g-lobby" aria-labelledby="lobby-h">
    ${alone ? html`<h1 id="lobby-h">${t("greet.lobby")}</h1>`
      : html`<h2 id="lobby-h">${t("greet.lobby")}</h2>`}
    ${known ? body(todo, alone) : html`<p class="g-quiet">${t("greet.lobby.unknown")}</p>`}
    ${known && isMute() ? html`<p class="g-quiet">${icon("bell")}${t("greet.mute")}</p>` : nothing}
    </section>`;
}
