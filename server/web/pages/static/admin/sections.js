// The sections of /admin, in the order of the navigation. Nothing else knows which there are.
//
// A section is a module that exports one object:
//   id            the first part of its hash: "users" is #/users and #/users/ID; made anew: #/users/new
//   title()       its name in the navigation
//   shown()       optional: whether the signed-in person sees it (store.js: is("admin"), ofProvince())
//   everywhere    optional: true where it needs no centre (store.centre may be null then)
//   load(todo, id)  optional, async: asks the server for what is drawn next, and keeps it in the
//                   module. Runs whenever the hash or the centre changes and on todo.reload().
//                   A Refused of status 404 or 403 and an Unreachable are shown by the shell.
//   list(todo)    the page of #/SECTION as a lit template (parts.js: listPage)
//   detail(todo, id)  the page of #/SECTION/ID (parts.js: detailPage; form.js: makeForm, fields)
// list and detail are drawn again and again; they only look at what load has kept.
//
// `todo` is what a section may do:
//   redraw()                     draw again
//   reload()                     load again, then draw (keeps the line of success)
//   go(section, id?)             open another page; asks first where something is unsaved
//   read(path), command(path, body, key?)  the API by path below /api/v1; both lead to sign-in when
//                                the session is over, and throw Refused or Unreachable otherwise.
//                                command keeps one key until it was answered: a repeat is the same
//   here(path)                   "/centres/ID" + path, of the centre that is looked at
//   missing()                    in load: what #/SECTION/ID names is not there
//   later(text)                  before go: the line of success of the page that opens
//   say(text)                    the line of success on top of the page, also read aloud
//   ask({title, text, action, danger}) -> Promise<boolean>, a dialog that must be answered
//   show(template)               a dialog of one's own over the page; show(null) closes it
//   submit(form, send, done)     what a form's button does: see form.js
//   press(send, words)           what a lone button does: send, reload, say the words; or say why not
//   fetch(what)                  the same without reload and words: to ask for more of what is shown
// Words are of the catalogue's areas of the page (people_pages.SCRIPT_PAGES), CSS is admin.css.

import { audit } from "/static/admin/audit.js";
import { calls } from "/static/admin/content/calls.js";
import { centre } from "/static/admin/content/centre.js";
import { counters, zones } from "/static/admin/content/counters.js";
import { hours } from "/static/admin/content/hours.js";
import { procedures } from "/static/admin/content/procedures.js";
import { services } from "/static/admin/content/services.js";
import { devices } from "/static/admin/devices.js";
import { users } from "/static/admin/users.js";

export const sections = [
  services, procedures, counters, zones, users, devices, hours, calls, centre, audit,
];
