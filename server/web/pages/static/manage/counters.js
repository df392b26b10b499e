// Every counter as a tile: its number, what it does, for how long, who sits there.

import { html, nothing } from "/look/vendor/lit.js";
import { since, stopwatch } from "/static/times.js";
import { clockOf, live, seatOf, serviceOf, store, t } from "/static/manage/store.js";

const LONG = 2; // so many times what is usual: the manager may want to look

function ticketOf(counter) {
  const known = store.tickets[counter.id];
  return known?.number === counter.ticket?.number ? known : null;
}

function isLong(ticket, seconds) {
  const usual = serviceOf(ticket.service)?.typical_service_min;
  return ticket.state === "serving" && usual > 0 && seconds > LONG * 60 * usual;
}

// What is not live does not run on: the time at which it was so is told on top.
function busy(counter) {
  const ticket = ticketOf(counter);
  const { number, state } = counter.ticket;
  const at = (state === "called" ? ticket?.called_at : ticket?.started_at) ?? ticket?.called_at;
  if (!at || !live()) return { look: "ok", what: number, word: t(`manage.ticket.${state}`) };
  const seconds = since(at);
  const coming = state === "called" && store.coming?.tickets.includes(ticket.id);
  const long = isLong({ ...ticket, state }, seconds);
  return {
    look: long ? "over" : "ok", what: number, time: stopwatch(seconds),
    word: t(`manage.ticket.${long ? "long" : coming ? "coming" : state}`),
  };
}

function idle(counter) {
  const [look, word] = {
    open: ["free", "manage.counter.free"],
    paused: ["rest", "manage.counter.rest"],
    closed: ["shut", "manage.counter.shut"],
  }[counter.state];
  const at = store.since[counter.id];
  return { look, what: t(word), time: at ? t("manage.since", { time: clockOf(at) }) : "" };
}

const stateOf = (counter) => (counter.ticket ? busy(counter) : idle(counter));

function tile(counter) {
  const { look, what, time, word } = stateOf(counter);
  const name = seatOf(counter.id);
  return html`<li class="ct-${look}" data-counter=${counter.id} data-look=${look}>
    <b><span class="sr">${t("manage.counter")} </span>${counter.number}</b>
    <span class="ct-what">${what}</span>${time ? html`<span class="tab">${time}</span>` : nothing}
    ${word ? html`<span class="ct-word">${word}</span>` : nothing}
    ${name ? html`<span class="ct-who">${name}</span>` : nothing}</li>`;
}

function summary(counters) {
  const count = (test) => counters.filter(test).length;
  return [
    ["busy", count(({ ticket }) => ticket)],
    ["free", count(({ ticket, state }) => !ticket && state === "open")],
    ["rest", count(({ ticket, state }) => !ticket && state === "paused")],
    ["shut", count(({ ticket, state }) => !ticket && state === "closed")],
  ].filter(([, number]) => number)
    .map(([name, number]) => t(`manage.count.${name}`, { count: number })).join(" · ");
}

export function countersPanel() {
  const counters = [...store.board.counters].sort((one, other) => one.number - other.number);
  return html`<section class="panel m-ct" aria-labelledby="m-ct"><div class="panel-h"><h2 id="m-ct"
    >${t("manage.counters")}</h2><p>${summary(counters)}</p></div>
    <ul class="counters">${counters.map(tile)}</ul></section>`;
}
