// Who calls for help, and how the machines are: trouble first, in words.

import { html, nothing } from "/look/vendor/lit.js";
import { icon } from "/look/js/icons.js";
import { callsOf, LOUD } from "/static/lobby.js";
import { clockOf, ready, store, t } from "/static/manage/store.js";

const PICTURES = { kiosk: "device-desktop", display: "cpu", hall: "device-tv", pad: "speakerphone" };

function kioskName(kiosk, name) {
  return name && name !== "kiosk" ? t("manage.kiosk.named", { kiosk, name })
    : t("manage.kiosk", { kiosk });
}

export const whoCalls = ({ caller }) => (caller.kind === "counter"
  ? t("manage.device.counter", { counter: caller.counter.number })
  : kioskName(caller.kiosk, caller.name));

// An admin of the province is not in the building: they see it, and answer nothing.
const answers = () => store.session.role === "manager";

function answer(call, todo) {
  if (!answers()) return nothing;
  const [action, word, look] = call.state === "called"
    ? ["coming", "manage.help.come", "btn-main"] : ["clear", "manage.help.over", "btn-line"];
  return html`<button class="btn ${look}" type="button" data-help-answer=${action}
    aria-label=${`${t(word)}: ${whoCalls(call)}`} ?disabled=${!ready(`help.${call.id}.${action}`)}
    @click=${() => todo.answerHelp(call, action)}>${t(word)}</button>`;
}

const callRow = (call, todo) => html`<li class="m-call" data-help=${call.state}>${icon("headset")}
  <span><b>${whoCalls(call)}</b> ${t(`manage.help.${call.state}`, {
    time: clockOf(call.coming_at ?? call.called_at) })}</span>${answer(call, todo)}</li>`;

export function helpList(todo) {
  if (!store.help) return html`<p class="m-quiet">${t("manage.unknown")}</p>`;
  const now = callsOf(store.help);
  if (!now.length) return html`<p class="m-quiet">${icon("circle-check")}${t("manage.help.none")}</p>`;
  return html`<ul>${now.map((call) => callRow(call, todo))}</ul>`;
}

function deviceName(device) {
  if (device.role === "kiosk") return kioskName(device.kiosk, device.name);
  if (device.counter) {
    return t(`manage.device.${device.role}.at`, { counter: device.counter.number });
  }
  const own = device.name && device.name !== device.role ? `, ${device.name}` : "";
  return `${t(`manage.device.${device.role}`)}${own}`;
}

// Which signs are dark says more than that some are.
function deadPanels({ report }) {
  const ids = (report?.panels ?? []).filter(({ state }) => state === "dead")
    .map(({ counter }) => store.centre.counters.find(({ id }) => id === counter)?.number ?? counter);
  return ids.length ? t("manage.trouble.panels", { counters: ids.join(", ") }) : "";
}

function troubleWords(device) {
  const [first] = device.trouble;
  if (first === "silent" && device.seen_at) {
    return t("manage.trouble.silent.since", { time: clockOf(device.seen_at) });
  }
  return (first === "panel_dead" && deadPanels(device)) || t(`manage.trouble.${first}`);
}

function troubled(device) {
  const look = LOUD.has(device.trouble[0]) ? "alert" : "care";
  return html`<li class="dv-${look}" data-trouble=${device.trouble[0]}>${icon(look === "alert"
    ? "alert-triangle" : "info-circle")}<span><b>${deviceName(device)}</b>${
    troubleWords(device)}</span></li>`;
}

// Machines without trouble are counted by their kind.
function calm(devices) {
  const groups = new Map();
  for (const { role, state } of devices) {
    const key = `${role} ${state === "unknown" ? "unknown" : "ok"}`;
    groups.set(key, (groups.get(key) ?? 0) + 1);
  }
  return [...groups].map(([key, count]) => {
    const [role, state] = key.split(" ");
    return html`<li data-calm=${role}>${icon(PICTURES[role] ?? "cpu")}<span><b>${
      t(`manage.devices.${role}`, { count })}</b>${t(`manage.device.${state}`)}</span></li>`;
  });
}

const rank = ({ trouble }) => (LOUD.has(trouble[0]) ? 0 : 1);

export function devicesStrip() {
  const all = (store.devices?.devices ?? []).filter(({ role }) => role in PICTURES);
  const ailing = all.filter(({ trouble }) => trouble.length)
    .sort((one, other) => rank(one) - rank(other));
  const rest = all.filter(({ trouble }) => !trouble.length);
  return html`<section class="m-dev" aria-labelledby="m-dev"><h2 id="m-dev"
    >${t("manage.devices")}</h2>${store.devices === null ? html`<p>${t("manage.unknown")}</p>`
    : all.length ? html`<ul>${ailing.map(troubled)}${calm(rest)}</ul>`
      : html`<p>${t("manage.devices.none")}</p>`}</section>`;
}
