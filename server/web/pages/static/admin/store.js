// All that the shell knows, in one plain object, and the questions that sections ask of it.

import { say } from "/static/words.js";

export const store = {
  language: "vi",
  both: {},
  session: null, // GET /session: name, role, centre, csrf
  centres: [], // GET /centres: what the chooser offers a province's admin
  centre: null, // GET /centres/{id} of the centre that is looked at; null where there is none
  centreId: null,
  section: null, // what is open
  id: null, // which of it; "new" while one is made
  state: "loading", // loading | ready | missing | forbidden | unreachable
  busy: false, // a command is under way
  said: null, // the line of success
  form: null, // the form on the page, if any (form.js)
  dialog: null, // what is asked over the page (dialogs.js)
  menu: false, // the sections, on narrow screens
  lists: {}, // by section: what is searched, which page (parts.js)
};

export const words = () => store.both[store.language];
export const t = (key, values) => say(words(), key, values);
export const known = (key) => key in words();
export const named = (name) => (name ? name[store.language] : "");
export const is = (...roles) => roles.includes(store.session?.role);

// The whole province's admin belongs to no centre.
export const ofProvince = () => is("admin") && !store.session.centre;

const LOCALE = { vi: "vi-VN", en: "en-GB" };

// "18/11/2026, 15:20" at the centre's own time.
export function moment(text) {
  if (!text) return "";
  const timeZone = store.centre?.timezone ?? "Asia/Ho_Chi_Minh";
  const at = new Date(text);
  const day = at.toLocaleDateString(LOCALE[store.language], {
    timeZone, day: "2-digit", month: "2-digit", year: "numeric",
  });
  const time = at.toLocaleTimeString(LOCALE[store.language], {
    timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  return `${day}, ${time}`;
}
