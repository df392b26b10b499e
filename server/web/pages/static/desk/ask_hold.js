// What a number in the list of held ones waits for, where nobody has said so yet.

import { html, nothing } from "/look/vendor/lit.js";
import { choices, words } from "/static/desk/asks.js";
import { HOLD_WHYS, t } from "/static/desk/store.js";

export function view(ask, todo) {
  const { id, number } = ask.ticket;
  const say = (body) => todo.press("hold-reason", { id, number, body, keepAsk: true });
  const list = HOLD_WHYS.map((why) => ({ id: why, label: t(`desk.hold.${why}`) }));
  function pick(one) {
    if (one.id !== "other") return say({ reason: one.id });
    ask.stage = "other";
    todo.redraw();
  }
  const other = ask.stage === "other";
  const typed = () => say({ reason: "other", why: ask.text.trim() });
  return {
    title: t("desk.hold.ask", { number }),
    body: html`<p>${t("desk.hold.tip")}</p>${choices(list, pick, other ? "other" : "")}
      ${other ? words(ask, todo, t("desk.hold.words"), 60, typed) : nothing}`,
    act: other ? html`<button class="btn btn-main" type="button" ?disabled=${!ask.text.trim()}
      @click=${typed}>${t("desk.note.save")}</button>` : null,
  };
}
