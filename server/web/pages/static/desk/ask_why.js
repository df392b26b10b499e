// Why this number, as it was reckoned when it was called; and what its procedure asks to bring.

import { html, nothing } from "/look/vendor/lit.js";
import { named, serviceName, store, t, words } from "/static/desk/store.js";

const minutes = (value) => t("desk.min", { minutes: Math.round(value) });

// Asked for by somebody: who, and why. `by` is a leader's name.
function asked({ rule, why, reason, by }) {
  const code = `desk.jump.${reason}`;
  const text = reason && reason !== "other" && code in words() ? t(code) : why;
  return html`<p class="ask-say">${t(`desk.why.${rule}`)}</p><dl class="ask-facts">
    <div><dt>${t("desk.jump.reason")}</dt><dd>${text ?? t("desk.none")}</dd></div>
    ${by ? html`<div><dt>${t("desk.why.by")}</dt><dd>${by}</dd></div>` : nothing}</dl>`;
}

function compared({ candidates }) {
  const heads = ["number", "service", "group", "waited", "work", "score"];
  return html`<div class="ask-table" role="region" tabindex="0" aria-label=${t("desk.why.compared")}
    ><table><caption>${t("desk.why.compared")}</caption><thead><tr>${heads.map((head) =>
      html`<th scope="col">${t(`desk.why.${head}`)}</th>`)}</tr></thead><tbody>
    ${candidates.map((one) => html`<tr><th scope="row">${one.number}</th>
      <td>${serviceName(one.service)}</td><td>${t(`desk.group.${one.priority}`)}</td>
      <td>${minutes(one.wait_min)}</td><td>${minutes(one.drain_min)}</td>
      <td>${one.score.toLocaleString(store.language === "vi" ? "vi-VN" : "en-GB",
        { maximumFractionDigits: 1 })}</td></tr>`)}</tbody></table></div>`;
}

function why(reason) {
  if (!reason) return html`<p>${t("desk.why.none")}</p>`;
  if (reason.rule === "chosen" || reason.rule === "received") return asked(reason);
  return html`<p class="ask-say">${reason.words?.[store.language] ?? t("desk.why.none")}</p>
    ${reason.candidates?.length ? compared(reason) : nothing}`;
}

function papers(procedure) {
  return html`<p class="ask-say">${named(procedure.name)}</p>
    <p>${procedure.field} · ${procedure.code}</p><h3>${t("desk.papers.bring")}</h3>
    ${procedure.papers.length ? html`<ul class="ask-papers">${procedure.papers.map((one) =>
      html`<li>${one}</li>`)}</ul>` : html`<p>${t("desk.papers.none")}</p>`}`;
}

export function view(ask) {
  const { current, reason, procedures } = store.desk;
  const number = current?.number ?? "";
  if (ask.name === "papers") {
    const procedure = procedures[current?.procedure];
    return {
      title: t("desk.papers.title", { number }),
      reads: true,
      body: procedure ? papers(procedure) : html`<p>${t("desk.papers.none")}</p>`,
    };
  }
  return { title: t("desk.why.title", { number }), body: why(current ? reason : null), wide: true,
    reads: true };
}
