// Before a number is taken: another centre that is quicker, or a day that is too short for it.

import { html, nothing, svg } from "/look/vendor/lit.js";
import { kilometres, nameParts, shortName } from "/look/js/text.js";
import { icon, serviceIcon } from "/look/js/icons.js";
import { notice } from "./notices.js";
import { figures, lateWords, offerWords } from "./offered.js";

const ADDRESS_CHARS = 36;
const GAP = 0.5; // percent of the bar between the way and the wait

function bar(label, ride, wait, scale) {
  const share = (n) => (n / scale) * 100;
  const from = ride > 0 ? share(ride) + GAP : 0;
  const rect = (kind, x, width) =>
    width > 0 ? svg`<rect class=${kind} x="${x}%" width="${width}%" height="100%" rx="8"/>` : nothing;
  return html`<svg class="opt-bar" role="img" aria-label=${label}>
    ${rect("b-track", 0, 100)}${rect("b-ride", 0, share(ride))}${rect("b-wait", from, Math.max(0, share(ride + wait) - from))}</svg>`;
}

function option(s, { id, kind, title, picture, where, total, drawn, keys, button, note }) {
  return html`<section class="opt ${kind}" aria-labelledby=${id}>
    <h2 id=${id}>${title}</h2>
    <p class="opt-where">${icon(picture)}<span>${where}</span></p>
    ${total === null ? nothing : html`<p class="opt-sum">${s.say("kiosk.offer.total")} <b>${s.say("kiosk.n_minutes", { n: total })}</b></p>`}
    ${drawn}<p class="opt-key">${keys}</p>${button}<p class="opt-note">${note}</p></section>`;
}

const key = (picture, text) => html`<span>${icon(picture)}${text}</span>`;

function waitKey(s, n) {
  return key("hourglass", n === 0 ? s.say("kiosk.no_wait") : s.say("kiosk.offer.wait", { n }));
}

function choice(s, { kind, text, act, asked }) {
  return html`<button type="button" class="btn ${kind} btn-big" id=${`choose-${act}`} aria-busy=${asked}
    aria-disabled=${Boolean(s.pressing)} @click=${() => s.act[act]()}>${asked ? s.say("kiosk.asking") : text}</button>`;
}

// The beginning of an address, as much of it as a line holds; the ticket has all of it.
function shortAddress(address) {
  const [first, ...rest] = address.split(",");
  const room = rest.findIndex((_, at) => [first, ...rest.slice(0, at + 1)].join(",").length > ADDRESS_CHARS);
  return [first, ...(room < 0 ? rest : rest.slice(0, room))].join(",");
}

function goThere(s, there, scale) {
  const km = kilometres(there.km, s.language);
  const address = shortAddress(there.address);
  const { ride, wait, total } = there;
  return option(s, {
    id: "there-h",
    kind: "opt-go",
    title: there.names.full,
    picture: "map-pin",
    where: address ? s.say("kiosk.offer.where", { km, address }) : s.say("kiosk.offer.away", { km }),
    total,
    drawn: bar(s.say("kiosk.offer.bar_go", { ride, wait, scale }), ride, wait, scale),
    keys: [key("car", s.say("kiosk.offer.ride", { n: ride })), waitKey(s, wait)],
    button: choice(s, {
      kind: "btn-main", act: "go_there", asked: s.pressing !== null && s.going !== null,
      text: s.say("kiosk.offer.go", { centre: there.names.near }),
    }),
    note: s.say("kiosk.offer.go_note"),
  });
}

function stayHere(s, here, scale) {
  const centre = nameParts(s.view.centre.name[s.language], s.language).place;
  const late = !s.offer.fits;
  const people = here.waiting === 1 ? "kiosk.offer.one_waiting" : "kiosk.offer.waiting";
  return option(s, {
    id: "here-h",
    kind: late ? "opt-late" : "",
    title: s.say("kiosk.offer.here"),
    picture: "building-bank",
    where: s.say(people, { centre, n: here.waiting }),
    total: here.wait,
    drawn: here.wait === null ? nothing : bar(s.say("kiosk.offer.bar_stay", { wait: here.wait, scale }), 0, here.wait, scale),
    keys: here.wait === null ? nothing : waitKey(s, here.wait),
    button: choice(s, {
      kind: "btn-line", act: "stay", asked: s.pressing !== null && s.going === null,
      text: s.say(late ? "kiosk.late.take" : "kiosk.offer.stay"),
    }),
    note: s.say(late ? "kiosk.late.take_note" : "kiosk.offer.stay_note"),
  });
}

function tooLate(s, here) {
  return notice(s, {
    picture: "clock",
    title: s.say("kiosk.late.title"),
    lines: lateWords(s, here),
    action: html`<div class="dialog-act">
      ${choice(s, { kind: "btn-line", act: "stay", asked: s.pressing !== null, text: s.say("kiosk.late.take") })}
      <button type="button" class="btn btn-main btn-big" id="done" @click=${() => s.act.back()}>${s.say("kiosk.back")}</button></div>`,
  });
}

export function offer(s) {
  const { here, there, scale } = figures(s);
  if (!there) return tooLate(s, here);
  const service = s.view.centre.services.find((one) => one.id === s.offer.service);
  const { title, lines } = offerWords(s, here, there);
  return html`<main class="k-main k-redirect">
    <div class="k-ask"><p class="crumb">${serviceIcon(s.offer.service)}${shortName(service?.name[s.language] ?? "")}</p>
      <h1 tabindex="-1">${title[0]} <br>${title[1]}</h1><p>${lines}</p></div>
    <div class="versus">${goThere(s, there, scale)}${stayHere(s, here, scale)}</div>
    <p class="k-back"><button type="button" class="btn btn-quiet" id="done" @click=${() => s.act.back()}>${icon("arrow-left")}${s.say("kiosk.back")}</button></p>
  </main>`;
}
