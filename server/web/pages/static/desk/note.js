// A few words for the colleague who has this number next: typed where they are read.

import { html, live, nothing } from "/look/vendor/lit.js";
import { icon } from "/static/desk/parts.js";
import { store, t } from "/static/desk/store.js";

const MOST = 120;

export function startNote() {
  store.noting = { ticket: store.desk.current.id, text: store.desk.note ?? "", wrong: null };
}

export const isNoting = (ticket) => store.noting?.ticket === ticket.id;

function keys(event, todo) {
  if (event.key !== "Escape") return;
  event.preventDefault();
  event.stopPropagation();
  todo.stopNote();
}

export function noteForm(todo) {
  const { text, wrong } = store.noting;
  return html`<form class="note-form" @submit=${(event) => {
    event.preventDefault();
    todo.saveNote();
  }} @keydown=${(event) => keys(event, todo)}><label for="note">${t("desk.note.label")}</label>
    <input id="note" autocomplete="off" maxlength=${MOST} .value=${live(text)}
      aria-invalid=${wrong ? "true" : nothing} aria-describedby="note-hint"
      @input=${(event) => {
        Object.assign(store.noting, { text: event.target.value, wrong: null });
        todo.redraw();
      }}><button class="btn btn-main" type="submit">${t("desk.note.save")}</button>
    <button class="btn btn-line" type="button" @click=${todo.stopNote}>${t("desk.back")}</button>
    <p id="note-hint" class=${wrong ? "ask-wrong" : ""} role=${wrong ? "alert" : nothing}>${wrong
      ? t(`desk.error.${wrong}`) : t("desk.note.hint", { left: MOST - text.length })}</p></form>`;
}

export function noteLine() {
  return store.desk.note ? html`<p class="now-note" data-note>${icon("info-circle")}<span
    >${store.desk.note}</span></p>` : nothing;
}
