// How calls sound, and the rules of the lobby: each in a sentence with its unit.

import { html } from "/look/vendor/lit.js";
import { buttons, checkField, choiceField, makeForm } from "/static/admin/form.js";
import { t } from "/static/admin/store.js";
import {
  clock, codes, configuration, loadConfiguration, number, right, submit, typed,
} from "/static/admin/content/config.js";
import { amount, cell, checked, rows, trouble } from "/static/admin/content/fields.js";

const RULES = [
  "recall_after_s", "recalls", "no_show_after_s", "return_within_min", "return_behind_calls", "undo_s",
  "redirect_saves_min",
];
const WEIGHTS = ["beta", "gamma"];
const GROUPS = ["none", "elderly", "disabled", "pregnant", "infant", "merit", "appointment"];

let form = null;

function start() {
  const { policy, voice } = configuration();
  const numbers = Object.fromEntries([...RULES, ...WEIGHTS].map((name) => [name, typed(policy[name])]));
  return makeForm({
    chime: voice.chime,
    volume: voice.volume.map((one) => ({ at: one.at, percent: typed(one.percent) })),
    preset: policy.preset,
    redirect: policy.redirect,
    ...numbers,
    priority: policy.priority.map((one) => ({
      group: one.group, tau_min: typed(one.tau_min), head_start_min: typed(one.head_start_min),
    })),
  }, {
    check: (value) => ({
      ...checked({ numbers: RULES, optional: WEIGHTS })(value),
      volume: value.volume.every((one) => typeof number(one.percent) === "number") ? null : right("volume"),
      priority: value.priority.every((one) => typeof number(one.tau_min) === "number"
        && typeof number(one.head_start_min) === "number") ? null : right("priority"),
    }),
    codes,
  });
}

function put(wanted, value) {
  wanted.voice = {
    chime: value.chime,
    volume: value.volume.map((one) => ({ at: clock(one.at), percent: number(one.percent) })),
  };
  Object.assign(wanted.policy, {
    preset: value.preset,
    redirect: value.redirect,
    ...Object.fromEntries([...RULES, ...WEIGHTS].map((name) => [name, number(value[name])])),
    priority: value.priority.map((one) => ({
      group: one.group, tau_min: number(one.tau_min), head_start_min: number(one.head_start_min),
    })),
  });
}

const step = (row, change, n, bad) => html`${cell(t("content.calls.from"), row.at, (at) => change({ at }), {
  maxlength: 5, bad })}
  ${cell(t("content.calls.percent"), row.percent, (percent) => change({ percent }), {
    inputmode: "numeric", maxlength: 3, bad })}`;

const group = (row, change, n, bad) => html`<label class="con-cell"><span>${t("content.group")}</span><select
  class="inp" @change=${(event) => change({ group: event.target.value })}>${GROUPS.map((one) => html`<option
  value=${one} ?selected=${one === row.group}>${t(`content.group.${one}`)}</option>`)}</select></label>
  ${cell(t("content.group.tau"), row.tau_min, (tau) => change({ tau_min: tau }), { inputmode: "decimal", bad })}
  ${cell(t("content.group.head"), row.head_start_min, (head) => change({ head_start_min: head }),
    { inputmode: "decimal", bad })}`;

const rule = (todo, name) => amount(form, todo, name, t(`content.rule.${name}`));

function list(todo) {
  return html`<div class="adm-h"><h1 tabindex="-1">${t("content.calls")}</h1></div>
    <div class="adm-2 is-alone"><form novalidate @submit=${submit(form, todo, {
      bases: ["policy", "voice"], change: put,
    })}>${trouble(form, todo)}
    <section class="panel"><h2>${t("content.calls.voice")}</h2>
    ${checkField(form, todo, { name: "chime", label: t("content.calls.chime") })}
    ${rows(form, todo, { name: "volume", label: t("content.calls.volume"), tip: t("content.calls.volume.tip"),
      cells: step, fresh: { at: "07:00", percent: "100" }, add: t("content.calls.volume.add"),
      removed: (n) => t("content.calls.volume.remove", { n }) })}</section>
    <section class="panel"><h2>${t("content.calls.rules")}</h2>
    <div class="two">${RULES.slice(0, 6).map((name) => rule(todo, name))}</div>
    ${checkField(form, todo, { name: "redirect", label: t("content.rule.redirect"), hint: t("content.rule.redirect.tip") })}
    ${form.value.redirect ? rule(todo, "redirect_saves_min") : ""}</section>
    <section class="panel"><h2>${t("content.calls.order")}</h2><p class="adm-tip">${t("content.calls.order.tip")}</p>
    ${choiceField(form, todo, { name: "preset", label: t("content.preset"), hint: t(`content.preset.${form.value
      .preset}.tip`), options: ["balanced", "strict-by-law"].map((one) => [one, t(`content.preset.${one}`)]) })}
    ${rows(form, todo, { name: "priority", label: t("content.groups"), tip: t("content.groups.tip"), cells: group,
      fresh: { group: "elderly", tau_min: "3", head_start_min: "5" }, add: t("content.groups.add"),
      removed: (n) => t("content.groups.remove", { n }) })}
    <details class="con-more"><summary>${t("content.weights")}</summary><div class="two">${WEIGHTS
      .map((name) => rule(todo, name))}</div></details>
    ${buttons(form, todo, {})}</section></form></div>`;
}

export const calls = {
  id: "calls",
  title: () => t("content.calls"),
  async load(todo) {
    await loadConfiguration(todo);
    form = start();
  },
  list,
  detail: list,
};
