// Which number: of the next five, of those on hold, or found by what is on the paper.

import { html, nothing } from "/look/vendor/lit.js";
import { plain } from "/look/js/text.js";
import { read, Refused, Unreachable } from "/static/api.js";
import { closeAsk, openAsk } from "/static/desk/asks.js";
import { serviceName, store, t } from "/static/desk/store.js";

const FROM = {
  call: ["waiting", "on_hold"],
  priority: ["waiting", "called", "serving", "on_hold"],
  return: ["called", "no_show", "on_hold"],
  cancel: ["waiting", "called", "on_hold"],
  transfer: ["waiting", "called", "serving", "on_hold"],
};
const WAIT_MS = 200;
let timer = 0;

// What the desk knows by itself, without asking anybody.
function known(action) {
  const { current, next, held } = store.desk;
  const all = action === "call" ? [...next, ...held] : [current, ...held, ...next];
  return all.filter(Boolean).filter((one) => FROM[action].includes(one.state));
}

// Any number of today, whatever its state. Enter that comes before the answer waits for it.
function search(ask, todo) {
  clearTimeout(timer);
  const asked = ask.text.trim();
  Object.assign(ask, { found: [], wrong: null, enter: null, searching: asked !== "" });
  if (asked) timer = setTimeout(() => find(ask, asked, todo), WAIT_MS);
}

async function find(ask, asked, todo) {
  const still = () => store.ask === ask && ask.text.trim() === asked;
  try {
    const path = `/centres/${store.centre.id}/tickets?find=${encodeURIComponent(asked)}`;
    const found = await read(path);
    if (!still()) return;
    Object.assign(ask, { found, searching: false });
    ask.enter?.();
  } catch (error) {
    if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
    if (error.status === 401) return todo.leave();
    if (still()) Object.assign(ask, { searching: false, wrong: "unreachable" });
  }
  todo.redraw();
}

const fits = (ask, one) => FROM[ask.action].includes(one.state);

// What was found is newer than what the desk lists; what may be chosen comes first.
function shown(ask) {
  const wanted = plain(ask.text.trim());
  const listed = new Map(known(ask.action).map((one) => [one.id, one]));
  for (const one of ask.found ?? []) listed.set(one.id, one);
  return [...listed.values()].filter((one) => plain(one.number).includes(wanted))
    .sort((one, other) => fits(ask, other) - fits(ask, one));
}

function none(ask) {
  if (ask.wrong) return nothing;
  return html`<p role="status">${t(ask.searching ? "desk.pick.searching" : "desk.pick.none")}</p>`;
}

function row(one, ask, pick) {
  const off = !fits(ask, one);
  return html`<li><button class="btn btn-line ask-one" type="button" data-choice=${one.number}
    ?disabled=${off} @click=${() => pick(one)}><span><b>${one.number}</b>
    <small>${serviceName(one.service)} · ${t(`desk.state.${one.state}`)}</small></span></button></li>`;
}

export function view(ask, todo) {
  const list = shown(ask);
  function pick(ticket) {
    if (ask.action === "return") return todo.press("return", ticket);
    if (ask.action === "cancel") {
      Object.assign(ask, { stage: "sure", ticket });
      return todo.redraw();
    }
    closeAsk();
    const name = ask.action === "transfer" ? "transfer" : "jump";
    const stage = ask.action === "priority" ? "group" : "reason";
    return openAsk(name, { action: ask.action, ticket, stage }, todo);
  }
  if (ask.stage === "sure") {
    const { number } = ask.ticket;
    return {
      title: t("desk.cancel.ask", { number }),
      body: html`<p>${t("desk.cancel.tip")}</p>`,
      act: html`<button class="btn btn-danger" type="button" data-first data-sure
        @click=${() => todo.press("cancel", ask.ticket)}>${t("desk.cancel.do", { number })}</button>`,
    };
  }
  function enter() {
    const [first] = shown(ask);
    if (ask.searching) ask.enter = enter;
    else if (first && fits(ask, first) && (ask.text.trim() || list.length === 1)) pick(first);
  }
  return {
    title: t(`desk.pick.${ask.action}`),
    body: html`<form class="field" @submit=${(event) => {
      event.preventDefault();
      enter();
    }}><label for="find-number">${t("desk.pick.find")}</label><input id="find-number" enterkeyhint="search"
      autofocus data-first autocomplete="off" maxlength="12" .value=${ask.text}
      @input=${(event) => {
        ask.text = event.target.value;
        search(ask, todo);
        todo.redraw();
      }}></form>${list.length ? html`<ul class="ask-list">${list.map((one) => row(one, ask, pick))}</ul>`
      : none(ask)}${ask.action === "return"
      ? html`<p>${t("desk.return.tip")}</p>` : nothing}`,
  };
}
