// Giving out a number: one tap on a service; a group before it, for who goes first.

import { html, nothing } from "/look/vendor/lit.js";
import { clock, minutes, shortName } from "/look/js/text.js";
import { banner, serviceIcon } from "/static/greet/parts.js";
import { chosenLine, groupChips } from "/static/greet/priority.js";
import { procedureSearch } from "/static/greet/procedures.js";
import { loadOf, named, ready, store, t } from "/static/greet/store.js";

function waitOf(service) {
  const load = store.fresh ? loadOf(service) : null;
  if (!load) return t("greet.tile.unknown");
  const people = load.waiting ? t("greet.people", { count: load.waiting }) : "";
  if (!load.open_counters) return [t("greet.tile.closed"), people].filter(Boolean).join(" · ");
  if (!load.waiting && !load.likely_s) return t("greet.tile.free");
  const about = load.likely_s === null ? "" : t("greet.minutes", { count: minutes(load.likely_s) });
  return [about, people].filter(Boolean).join(" · ");
}

function tile(service, todo) {
  const name = named(service.name);
  const short = shortName(name);
  const rest = name.slice(short.length).replace(/^[\s:,]+/, "");
  return html`<li><button class="g-tile" type="button" data-service=${service.id}
    ?disabled=${!ready()} @click=${() => todo.issue(service.id, null)}>${serviceIcon(service.id)}
    <b>${short}</b>${rest ? html`<small>${rest}</small>` : nothing}
    <span>${waitOf(service.id)}</span></button></li>`;
}

function hours() {
  const { centre } = store;
  if (centre.tickets) return nothing;
  const at = centre.resumes_at ?? centre.opens_at;
  const time = at ? clock(new Date(at), store.language, centre.timezone) : null;
  const title = time ? t("greet.closed.until", { time }) : t("greet.closed");
  return banner("care", "clock", title, t("greet.closed.tip"));
}

export function issueView(todo) {
  return html`<section class="g-issue"><h1>${t("greet.issue")}</h1>${hours()}
    ${groupChips(todo)}${chosenLine(todo)}${procedureSearch(todo)}
    <ul class="g-tiles">${store.centre.services.map((service) => tile(service, todo))}</ul>
    </section>`;
}
