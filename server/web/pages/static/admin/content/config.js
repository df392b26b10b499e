// The centre's configuration: read whole, changed in one part, sent back whole. What somebody else
// saved meanwhile is never overwritten.

import { plain } from "/look/js/text.js";
import { Refused } from "/static/api.js";
import { known, store, t } from "/static/admin/store.js";

// view: GET …/configuration (version, configuration, pending, warnings, changed).
export const content = { view: null };

export const configuration = () => content.view.configuration;

export async function loadConfiguration(todo) {
  content.view = await todo.read(todo.here("/configuration"));
}

// "service[2]" of the second; how the server names it in a fault.
export const path = (kind, at) => `${kind}[${at + 1}]`;

// What of a field's value applies today still, if it is another.
export const pending = (field) => content.view.pending.find((one) => one.field === field) ?? null;

const last = (field) => /(\w+)(?:\[\d+\])?$/.exec(field)?.[1] ?? field;

// What is right for a field, as people read it.
export function right(field) {
  const key = `content.right.${last(field)}`;
  return known(key) ? t(key) : t("content.right.other");
}

function sentence({ field, message }) {
  if (store.language === "en") return `${message[0].toUpperCase()}${message.slice(1)}.`;
  const [, kind, id] = /^(service|counter) '([^']*)'/.exec(field) ?? [];
  if (!kind) return right(field);
  const name = configuration()[kind].find((one) => one.id === id)?.name.vi ?? id;
  return t(message.includes("open") ? "content.blocked.open" : "content.blocked.waiting", { name });
}

export const reasons = (error) => error.errors.map(sentence);

// A fault's place in a form: bases are the paths whose fields the form has. What is given twice is
// told of the later of the two; on this page it is what was just typed.
function placed(form, { field, message }, bases) {
  const [, kind, key] = /^(\w+)\[\d+\]\.(\w+)$/.exec(field) ?? [];
  const twice = key in form.value && message.includes("given twice")
    && bases.some((one) => one.startsWith(`${kind}[`));
  if (twice) return { name: key };
  const base = bases.find((one) => field.startsWith(`${one}.`));
  if (!base) return null;
  const rest = field.slice(base.length + 1);
  const [, name, row] = /^(\w+)(?:\[(\d+)\])?/.exec(rest);
  const own = ["name", "location"].includes(name) ? rest.split(".")[1] : name;
  return own in form.value ? { name: own, row } : null;
}

// Puts what the server refused at the fields; what belongs to no field is told above them.
export function showFaults(form, error, bases) {
  form.more = [];
  form.bad = {};
  for (const fault of error.errors) {
    const place = placed(form, fault, bases);
    const words = sentence(fault);
    if (!place) form.more.push(store.language === "en" ? `${fault.field}: ${words}` : words);
    else if (!form.faults[place.name]) {
      form.faults[place.name] = place.row ? t("content.row.wrong", { n: place.row, words }) : words;
      form.bad[place.name] = Number(place.row);
    }
  }
}

export const codes = {
  configuration_refused: [null, "content.refused"],
  version_conflict: [null, "content.conflict"],
  unknown_procedure: [null, "content.conflict"],
  body_too_large: [null, "content.large"],
};

// Sends the configuration with `change` made to a copy of it.
export async function replace(todo, change) {
  const wanted = structuredClone(configuration());
  change(wanted);
  const body = { version: content.view.version, configuration: wanted };
  await todo.command(todo.here("/configuration"), body);
  store.centre = await todo.read(todo.here("")); // what the other sections go by
}

// What a form's button does; see form.js.
export function submit(form, todo, { bases, change, done }) {
  const send = async (value) => {
    form.more = [];
    form.conflict = null;
    try {
      await replace(todo, (wanted) => change(wanted, value));
    } catch (error) {
      if (error instanceof Refused && error.code === "configuration_refused") {
        showFaults(form, error, bases);
        error.errors = [];
      }
      if (error instanceof Refused && error.code === "version_conflict") {
        form.conflict = (await todo.read(todo.here("/configuration"))).changed ?? {};
      }
      throw error;
    }
  };
  const saved = done ?? (async () => {
    await todo.reload();
    todo.say(t("content.saved"));
  });
  return todo.submit(form, send, saved);
}

// Takes something out of the configuration; what people depend on stays, and it is said why.
export async function retire(todo, { section, name, change, text }) {
  const sure = await todo.ask({
    title: t("content.retire.ask", { name }), text, action: t("content.retire"), danger: true,
  });
  if (!sure) return;
  await todo.fetch(async () => {
    try {
      await replace(todo, change);
    } catch (error) {
      if (!(error instanceof Refused && error.code === "configuration_refused")) throw error;
      await todo.ask({
        title: t("content.retire.blocked", { name }), text: reasons(error).join(" "),
        action: t("admin.understood"),
      });
      return;
    }
    todo.later(t("content.retired", { name }));
    todo.go(section);
  });
}

// "12,5" and "12.5" are the same; nothing is null; what is no number is undefined.
export function number(text) {
  const said = String(text).trim().replace(",", ".");
  if (said === "") return null;
  return /^-?\d+(\.\d+)?$/.test(said) ? Number(said) : undefined;
}

// "7:30" and "7h30" are meant as 07:30.
export const clock = (text) => text.trim().replace(/^(\d)(?=[:h.])/, "0$1").replace(/[h.]/, ":");

// A number as it is typed in this language.
export const typed = (value) => (value === null || value === undefined ? ""
  : String(value).replace(".", store.language === "vi" ? "," : "."));

// "Hộ tịch mới" is "ho-tich-moi".
export const slug = (text) => plain(text).replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 64).replace(/-+$/, "");
