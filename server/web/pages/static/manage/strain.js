// How each service drains, compared with its target: over, near, unserved or within it.

import { shortName } from "/look/js/text.js";
import { list, named, store, t } from "/static/manage/store.js";

const minutes = (seconds) => Math.round(seconds / 60);
const ORDER = ["over", "unserved", "near", "ok", "idle"];

// The server says which are so slow that something should be done (`over`).
function stateOf(service, excess) {
  if (service.waiting && !service.open_counters) return "unserved";
  if (excess > 0) return service.over ? "over" : "near";
  return service.open_counters ? "ok" : "idle";
}

export function strains() {
  return store.advice.services.map((service) => {
    const drain = service.waiting ? Math.max(1, minutes(service.drain_s)) : 0;
    const goal = minutes(service.target_wait_s);
    const state = stateOf(service, drain - goal);
    return { ...service, drain, goal, excess: drain - goal, state };
  }).sort((one, other) => ORDER.indexOf(one.state) - ORDER.indexOf(other.state)
    || other.drain - one.drain || other.waiting - one.waiting);
}

// What a service is known by, where its name is a list: "Công an: căn cước, cư trú".
export const known = ({ name }) => shortName(named(name));

// Few are named, many are counted.
function who(rows) {
  if (rows.length > 2) return t("manage.services", { count: rows.length });
  return list(rows.map(known));
}

const sentence = (text) => (text ? `${text[0].toUpperCase()}${text.slice(1)}.` : "");

// What overloads the centre, and the rest: the one sentence of the page, in two parts.
export function headline(rows) {
  const of = (state) => rows.filter((row) => row.state === state);
  const [over, unserved, near] = ["over", "unserved", "near"].map(of);
  const good = rows.length - over.length - unserved.length - near.length;
  if (!store.centre.open && !rows.some((row) => row.waiting)) return [t("manage.shut"), ""];
  if (good === rows.length) return [t("manage.calm"), ""];
  const parts = [
    over.length && t("manage.over", { who: who(over), count: over.length }),
    unserved.length && t("manage.unserved", { who: who(unserved), count: unserved.length }),
    near.length && t("manage.near", { who: who(near), count: near.length }),
    good && t("manage.good", { who: t("manage.services", { count: good }), count: good }),
  ].filter(Boolean);
  return [sentence(parts[0]), sentence(parts.slice(1).join(", "))];
}
