// Somebody goes before others: called out of turn, into a priority group, straight to the desk.
// The reason is out of a closed list, and the cost for the others is said before it is done.

import { html, nothing } from "/look/vendor/lit.js";
import { read } from "/static/api.js";
import { choices, openAsk, words } from "/static/desk/asks.js";
import { GROUPS, JUMP_WHYS, named, serviceName, store, t } from "/static/desk/store.js";
import { say } from "/static/words.js";

const MOST = { other: 120, leader_order: 80 };

function path(ask) {
  const centre = `/centres/${store.centre.id}`;
  if (ask.action === "receive") return `${centre}/services/${ask.service}/jump`;
  const group = ask.action === "priority" ? `?priority=${ask.group}` : "";
  return `${centre}/tickets/${ask.ticket.id}/jump${group}`;
}

async function askCost(ask, todo) {
  ask.cost = undefined;
  const cost = await read(path(ask)).catch(() => null);
  if (store.ask !== ask) return;
  ask.cost = cost;
  if (ask.reason && document.activeElement?.matches("[data-choice]")) pass(ask);
  todo.redraw();
}

// The keyboard goes on to what comes next: the words, or the button once the cost is said.
function pass(ask) {
  ask.turned = (ask.turned ?? 0) + 1;
}

function costText({ cost }) {
  if (cost === undefined) return t("desk.cost.asking");
  if (cost === null) return t("desk.cost.unknown");
  if (cost.people === 0) return t("desk.cost.none");
  const minutes = Math.max(1, Math.round(cost.each_s / 60));
  return t("desk.cost", { count: cost.people, minutes });
}

function turn(ask, todo, stage) {
  ask.stage = stage;
  if (stage === "reason") askCost(ask, todo);
  todo.redraw();
}

const needsWords = ({ reason }) => reason in MOST;

function complete(ask) {
  return ask.reason && ask.cost !== undefined && (!needsWords(ask) || ask.text.trim() !== "");
}

function done(ask, todo) {
  if (!complete(ask)) return;
  const typed = ask.text.trim();
  // The log is read by the centre's own people: the closed reasons are kept in Vietnamese.
  const why = ask.reason === "other" ? typed : say(store.both.vi, `desk.jump.${ask.reason}`);
  const by = ask.reason === "leader_order" ? { by: typed } : {};
  todo.press(ask.action, {
    id: ask.ticket?.id, number: ask.ticket?.number ?? "", keepAsk: true,
    body: { why, reason: ask.reason, ...by, ...where(ask) },
  });
}

function where({ action, service, group }) {
  if (action === "call") return { counter: store.counter.id };
  if (action === "priority") return { priority: group };
  return { service, priority: group };
}

function reasons(ask, todo) {
  const list = JUMP_WHYS.map((id) => ({ id, label: t(`desk.jump.${id}`) }));
  function pick({ id }) {
    if (ask.reason !== id) ask.text = "";
    ask.reason = id;
    ask.wrong = null;
    pass(ask);
    todo.redraw();
  }
  const label = ask.reason === "leader_order" ? "desk.jump.by" : "desk.jump.words";
  return html`<p class="ask-cost" role="status" data-cost=${ask.cost?.people ?? nothing}
    >${costText(ask)}</p><h3>${t("desk.jump.reason")}</h3>${choices(list, pick, ask.reason ?? "")}
    ${needsWords(ask) ? words(ask, todo, t(label), MOST[ask.reason], () => done(ask, todo))
      : nothing}`;
}

const TITLES = {
  call: (ask) => t("desk.call.ask", { number: ask.ticket.number }),
  priority: (ask) => t("desk.priority.ask", { number: ask.ticket.number }),
  receive: (ask) => (ask.service
    ? t("desk.receive.ask.for", { service: serviceName(ask.service) }) : t("desk.receive.ask")),
};

const STAGES = {
  service(ask, todo) {
    const own = new Set(store.counter.services);
    const all = store.centre.services.filter(({ id }) => own.has(id))
      .concat(store.centre.services.filter(({ id }) => !own.has(id)));
    return html`<p>${t("desk.receive.tip")}</p>${choices(
      all.map((one) => ({ id: one.id, label: named(one.name) })),
      ({ id }) => { ask.service = id; turn(ask, todo, "group"); })}`;
  },
  group(ask, todo) {
    const now = ask.ticket?.priority;
    return html`<h3>${t("desk.group")}</h3>${choices(GROUPS.map((id) => ({
      id, label: t(`desk.group.${id}`), off: id === now,
      note: id === now ? t("desk.group.now") : "",
    })), ({ id }) => { ask.group = id; turn(ask, todo, "reason"); })}
      ${ask.action === "priority" ? html`<p><button class="btn btn-quiet" type="button" data-other
        @click=${() => openAsk("pick", { action: "priority" }, todo)}>${t("desk.pick.other")}</button
        ></p>` : nothing}`;
  },
  reason: reasons,
};

export function view(ask, todo) {
  if (ask.stage === "reason" && !("cost" in ask)) askCost(ask, todo);
  const act = ask.stage === "reason" ? html`<button class="btn btn-main" type="button" data-sure
    ?data-first=${ask.reason && !needsWords(ask)} ?disabled=${!complete(ask)}
    @click=${() => done(ask, todo)}>${t(`desk.${ask.action}.do`, {
      number: ask.ticket?.number ?? "" })}</button>` : null;
  return { title: TITLES[ask.action](ask), body: STAGES[ask.stage](ask, todo), act };
}
