// Who goes first and why: a group, then one reason out of the closed list.

import { html, nothing } from "/look/vendor/lit.js";
import { GROUPS } from "/look/js/groups.js";
import { icon } from "/static/greet/parts.js";
import { store, t } from "/static/greet/store.js";

const REASONS = [
  "elderly_or_frail", "disabled", "pregnant_or_infant", "merit", "urgent_deadline",
  "returned_after_no_show", "staff_mistake", "leader_order", "other",
];
const NATURAL = {
  elderly: "elderly_or_frail", disabled: "disabled", pregnant: "pregnant_or_infant",
  infant: "pregnant_or_infant", merit: "merit",
};
const NAME_MOST = 80;

// The reason that goes with a group comes first.
function reasonsFor(priority) {
  const first = NATURAL[priority];
  return first ? [first, ...REASONS.filter((reason) => reason !== first)] : REASONS;
}

// As the log keeps it: the closed reason, its words in Vietnamese whatever the page is read in,
// and the leader where one ordered it.
export function reasonOf({ reason, by }) {
  return { reason, why: store.both.vi[`greet.reason.${reason}`], ...(by ? { by } : {}) };
}

// The row above the services: for the next number alone.
export function groupChips(todo) {
  const chosen = store.group?.priority;
  return html`<div class="g-groups" role="group" aria-label=${t("greet.priority.next")}>
    ${GROUPS.map(([group, symbol]) => html`<button type="button" data-group=${group}
      aria-pressed=${group === chosen ? "true" : "false"} @click=${() => todo.chooseGroup(group)}
      >${icon(symbol)}<span>${t(`greet.group.${group}`)}</span></button>`)}</div>`;
}

export function chosenLine(todo) {
  if (!store.group) return nothing;
  return html`<p class="g-chosen" data-chosen><span>${icon("check")}${t("greet.priority.chosen", {
    group: t(`greet.group.${store.group.priority}`),
    reason: t(`greet.reason.${store.group.reason}`),
  })}</span><button class="btn btn-quiet" type="button" @click=${() => todo.chooseGroup(null)}
    >${t("greet.priority.drop")}</button></p>`;
}

function groups(todo) {
  const now = store.picking.ticket.priority;
  const all = [...GROUPS, ["none", "users"]];
  return html`<ul class="g-list">${all.map(([group, symbol]) => html`<li><button
    class="btn btn-line" type="button" data-pick-group=${group} ?disabled=${group === now}
    @click=${() => todo.pick({ priority: group })}>${icon(symbol)}${t(`greet.group.${group}`)}
    </button></li>`)}</ul>`;
}

function reasons(todo) {
  return html`<ul class="g-list">${reasonsFor(store.picking.priority).map((reason) => html`<li
    ><button class="btn btn-line" type="button" data-reason=${reason}
    @click=${() => todo.pick({ reason })}>${t(`greet.reason.${reason}`)}</button></li>`)}</ul>`;
}

function leader(todo) {
  const given = (event) => {
    event.preventDefault();
    const by = new FormData(event.target).get("by").normalize("NFC").trim();
    if (by) todo.pick({ by });
  };
  return html`<form @submit=${given}><p class="field"><label for="by">${t("greet.reason.by")}</label
    ><input id="by" name="by" required maxlength=${NAME_MOST} autocomplete="off"></p>
    <button class="btn btn-main" type="submit">${t("greet.agree")}</button></form>`;
}

function asked(todo) {
  const { priority, reason, ticket } = store.picking;
  if (!priority) return [t("greet.priority.ask", { number: ticket.number }), groups(todo)];
  const group = t(`greet.group.${priority}`);
  if (!reason) return [t("greet.reason.ask", { group }), reasons(todo)];
  return [t("greet.reason.leader_order"), leader(todo)];
}

export function priorityDialog(todo) {
  if (!store.picking) return nothing;
  const [title, body] = asked(todo);
  return html`<dialog class="g-ask" aria-labelledby="pick-h" @close=${todo.stopPicking}>
    <h2 id="pick-h">${title}</h2>${body}
    <p class="g-ask-act"><button class="btn btn-quiet" type="button" data-back
      @click=${todo.stopPicking}>${t("greet.back")}</button></p></dialog>`;
}
