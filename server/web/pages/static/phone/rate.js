// The rating's form: a score, reasons that go with it, a comment; sent once.

import { parts } from "/static/phone/show.js";

const SATISFIED_FROM = 4;

const [form] = parts("[data-rate]");
const [send] = parts("[data-send]");

const scoreOf = () => Number(new FormData(form).get("score") ?? 0);
const groupOf = (score) => (score >= SATISFIED_FROM ? "high" : "low");

function showReasons() {
  const score = scoreOf();
  send.disabled = score === 0;
  for (const group of parts("[data-why]")) {
    group.hidden = score === 0 || group.dataset.why !== groupOf(score);
  }
}

// The rating as the server wants it.
function rating() {
  const score = scoreOf();
  const comment = form.querySelector("textarea").value.replace(/\s+/g, " ").trim();
  const reasons = new FormData(form).getAll(groupOf(score));
  return { score, ...(reasons.length ? { reasons } : {}), ...(comment ? { comment } : {}) };
}

export function listenToRating(onRating) {
  showReasons();
  form.addEventListener("change", showReasons);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (scoreOf() > 0) onRating(rating());
  });
}
