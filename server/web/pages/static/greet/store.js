// All that the greeter's page knows, in one plain object, and the questions its views ask of it.

import { say } from "/static/words.js";

export const store = {
  language: "vi",
  both: {},
  session: null,
  centre: null,
  board: null, // how busy each service is
  link: "connecting", // connecting | up | down
  lostAt: 0,
  fresh: false, // what is shown is the newest there is
  heardAt: 0, // when it was, by this machine
  view: "issue", // issue | find | lobby
  group: null, // {priority, reason, by}: for the next number
  picking: null, // {ticket, priority, reason}: the dialog that asks for group and reason
  cancelling: null, // the ticket that is about to be cancelled
  card: null, // the ticket that is shown large
  text: "", // what is being looked for
  found: null, // the tickets that were found
  wanted: "", // the procedure that is being looked for
  procedures: null,
  pending: null, // the command that is not answered yet, with its key
  quietUntil: 0, // a second press of the same finger is not a second command
  fault: null, // {action, code, number}
  helping: false, // an answer to a call for help is under way
  help: null,
  devices: null,
  notices: null,
  prints: null,
  own: new Set(), // the papers that were asked for here
  seen: new Set(), // the failed ones among them that were read
};

export const t = (key, values) => say(store.both[store.language], key, values);
export const named = (name) => (name ? name[store.language] : "");

export const serviceOf = (id) => store.centre.services.find((service) => service.id === id);
export const serviceName = (id) => named(serviceOf(id)?.name) || id;
export const loadOf = (id) => store.board?.services.find((load) => load.id === id) ?? null;

// Nothing may be pressed while the server is away or has not answered the last press.
export const ready = () =>
  store.link === "up" && !store.pending && Date.now() >= store.quietUntil;

// On a tablet and wider the lobby stands beside the numbers.
const wide = matchMedia("(min-width: 48rem)");
export const isWide = () => wide.matches;
export const onWide = (then) => wide.addEventListener("change", then);
