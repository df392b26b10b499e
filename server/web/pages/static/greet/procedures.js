// Finding a procedure by words of its name: accents, order and case do not matter.

import { html, nothing } from "/look/vendor/lit.js";
import { plain } from "/look/js/text.js";
import { icon } from "/static/greet/parts.js";
import { named, ready, serviceOf, serviceName, store, t } from "/static/greet/store.js";

const SHOWN = 6;

// Every word begins a word of the name; the shorter the name, the likelier it is meant.
export function matching(procedures, wanted) {
  const words = plain(wanted).split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  return procedures
    .map((one) => [one, ` ${plain(`${one.name.vi} ${one.name.en} ${one.field}`)}`])
    .filter(([, text]) => words.every((word) => text.includes(` ${word}`)))
    .map(([one]) => one)
    .sort((a, b) => a.name.vi.length - b.name.vi.length);
}

const short = (name) => {
  const rest = name.replace(/^thủ tục (?:hành chính )?/i, "");
  return rest[0].toUpperCase() + rest.slice(1);
};

function row(one, todo) {
  return html`<li><button type="button" data-procedure=${one.code} ?disabled=${!ready()}
    @click=${() => todo.issue(one.service, one.code)}><b>${short(named(one.name))}</b
    ><span>${serviceName(one.service)}</span></button></li>`;
}

function results(todo) {
  if (!store.wanted.trim()) return nothing;
  if (!store.procedures) return html`<p class="g-quiet">${t("greet.loading")}</p>`;
  const found = matching(store.procedures, store.wanted).filter((one) => serviceOf(one.service));
  if (!found.length) return html`<p class="g-quiet" role="status">${t("greet.procedure.none")}</p>`;
  const more = found.length - SHOWN;
  return html`<ul class="g-found">${found.slice(0, SHOWN).map((one) => row(one, todo))}</ul>
    ${more > 0 ? html`<p class="g-quiet">${t("greet.procedure.more", { count: more })}</p>` : nothing}`;
}

export function procedureSearch(todo) {
  if (!store.centre.procedures_version) return nothing;
  return html`<div class="g-search"><label class="sr" for="want">${t("greet.procedure")}</label
    >${icon("search")}<input id="want" class="inp" type="search" autocomplete="off"
      placeholder=${t("greet.procedure")} .value=${store.wanted}
      @focus=${todo.loadProcedures} @input=${(event) => todo.want(event.target.value)}></div>
    ${results(todo)}`;
}
