// Administration: joins the sections, the hash, the session and the server.

import { render } from "/look/vendor/lit.js";
import { newKey } from "/look/js/key.js";
import { command, read, Refused, Unreachable } from "/static/api.js";
import { ownPassword, question } from "/static/admin/dialogs.js";
import { passes, refuse } from "/static/admin/form.js";
import { page, visible } from "/static/admin/shell.js";
import { ofProvince, store, t } from "/static/admin/store.js";
import { closeMenus, keepLanguage, signInAgain, signOut } from "/static/person.js";
import { readJson } from "/static/words.js";

const RETRY_MS = 2000;
const TICK_MS = 10_000;
const GIVE_UP_MS = 15_000; // a slow machine hashes a password, or reads a long table

const root = document.getElementById("admin");
const said = document.getElementById("said");
let shownHash = "";
let visit = 0;
let unanswered = null; // the last command without an answer: the same again has the same key
let leaving = false;
let next = null; // what is said once the page that is on its way is there

function redraw() {
  render(page(todo), root);
  document.documentElement.lang = store.language;
  const dialog = root.querySelector("dialog");
  if (dialog && !dialog.open) dialog.showModal();
}

function leave() {
  leaving = true;
  signInAgain(store.language);
}

// Both lead to sign-in when the session is over; the promise then never comes back.
async function asked(promise) {
  try {
    return await promise;
  } catch (error) {
    if (!(error instanceof Refused && error.status === 401 && error.code === "unauthenticated")) throw error;
    leave();
    return new Promise(() => {});
  }
}

const ask = (path) => asked(read(path, { giveUpMs: GIVE_UP_MS }));

async function send(path, body, key) {
  const intent = JSON.stringify([path, body]);
  if (unanswered?.intent !== intent) unanswered = { intent, key: key ?? newKey() };
  try {
    const answer = await asked(command(path, body, {
      key: unanswered.key, csrf: store.session.csrf, giveUpMs: GIVE_UP_MS,
    }));
    unanswered = null;
    return answer;
  } catch (error) {
    if (error instanceof Refused) unanswered = null;
    throw error;
  }
}

// What is open: from "#/users/ab12" the section and which of it.
function route() {
  const [, section = "", id = null] = /^#\/([a-z-]+)(?:\/([^/]+))?$/.exec(location.hash) ?? [];
  store.section = section || visible()[0]?.id || null;
  store.id = id === null ? null : decodeURIComponent(id);
  shownHash = location.hash;
}

async function open({ quiet = false } = {}) {
  const mine = ++visit;
  const section = visible().find(({ id }) => id === store.section);
  if (!quiet) {
    store.form = null;
    store.state = "loading";
    redraw();
  }
  let state = "ready";
  try {
    if (section) await section.load?.(todo, store.id);
  } catch (error) {
    if (error instanceof Unreachable) state = "unreachable";
    else if (error instanceof Refused) state = error.status === 403 ? "forbidden" : "missing";
    else throw error;
  }
  if (mine !== visit) return;
  store.state = state;
  redraw();
  title();
}

function title() {
  const heading = root.querySelector("main h1")?.textContent.trim();
  document.title = heading ? `${heading} – Lấy Số` : t("admin.title");
}

function focusHeading() {
  root.querySelector("main h1")?.focus({ preventScroll: true });
  scrollTo(0, 0);
}

const mayLeave = async () => !store.form?.dirty() || todo.ask({
  title: t("admin.leave"), text: t("admin.leave.tip"), action: t("admin.leave.yes"),
  stay: t("admin.leave.no"), danger: true,
});

async function onHash() {
  const wanted = location.hash;
  if (wanted === shownHash) return;
  if (store.form?.dirty()) {
    history.replaceState(null, "", shownHash || location.pathname);
    if (!await mayLeave()) return;
    store.form = null;
    location.hash = wanted;
    return;
  }
  store.said = null;
  route();
  await open();
  focusHeading();
  if (next) todo.say(next);
  next = null;
}

async function lookAt(centre) {
  store.centreId = centre;
  store.centre = centre ? await ask(`/centres/${centre}`) : null;
  if (centre) localStorage.setItem("layso.admin.centre", centre);
}

const todo = {
  redraw,
  read: ask,
  command: send,
  here: (path) => `/centres/${store.centreId}${path}`,
  reload: () => open({ quiet: store.state === "ready" }),
  go(section, id = null) {
    const hash = id === null ? `#/${section}` : `#/${section}/${encodeURIComponent(id)}`;
    if (hash === location.hash) return open();
    location.hash = hash;
    return null;
  },
  // What is asked for is not there: the shell says so.
  missing() {
    throw new Refused(404, { code: "not_found" });
  },
  // The line of success of the page that is opened next.
  later(text) {
    next = text;
  },
  say(text) {
    store.said = text;
    said.textContent = text;
    redraw();
  },
  show(dialog) {
    const closed = store.dialog?.closed;
    store.dialog = dialog;
    redraw();
    if (!dialog) closed?.();
  },
  ask: (what) => new Promise((answer) => todo.show(question(todo, what, answer))),
  submit: (form, sending, done) => async (event) => {
    event.preventDefault();
    if (store.busy) return;
    if (passes(form)) {
      store.busy = true;
      redraw();
      try {
        const answer = await sending(form.value);
        form.saved();
        store.busy = false;
        await done?.(answer);
      } catch (error) {
        if (error instanceof Unreachable) form.fault = t("admin.error.unreachable");
        else if (error instanceof Refused) refuse(form, error);
        else throw error;
      } finally {
        store.busy = false;
      }
    }
    redraw();
    const fault = root.querySelector("[aria-invalid=true]");
    if (fault) fault.focus();
    else if (document.activeElement === document.body) focusHeading();
  },
  // A button's command: `what` sends it, and `words` say that it is done.
  press: (what, words) => todo.fetch(async () => {
    await what();
    store.busy = false;
    if (!words) return; // It opens another page, which says so.
    await todo.reload();
    todo.say(words);
  }),
  // Anything that asks the server while the page stands; a dialog says where it failed.
  async fetch(what) {
    if (store.busy) return;
    store.busy = true;
    redraw();
    try {
      await what();
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
      const failed = { faults: {}, value: {}, codes: {}, fault: t("admin.error.unreachable") };
      if (error instanceof Refused) refuse(failed, error);
      await todo.ask({ title: t("admin.failed"), text: failed.fault, action: t("admin.understood") });
    } finally {
      store.busy = false;
      redraw();
    }
  },
  async chooseCentre(select) {
    const wanted = select.value;
    if (!await mayLeave()) {
      select.value = store.centreId;
      return;
    }
    store.form = null;
    store.lists = {};
    await lookAt(wanted);
    if (store.id !== null) return todo.go(store.section);
    await open();
  },
  chooseLanguage(language) {
    store.language = language;
    keepLanguage(language);
    store.said = null; // It was said in the other one.
    if (store.form) Object.assign(store.form, { faults: {}, fault: null });
    redraw();
    title();
  },
  toggleMenu() {
    store.menu = !store.menu;
    redraw();
  },
  closeMenu() {
    store.menu = false;
    redraw();
  },
  skip(event) {
    event.preventDefault();
    focusHeading();
  },
  ownPassword: () => todo.show(ownPassword(todo, store.form)),
  async signOut() {
    if (!await mayLeave()) return;
    leaving = true;
    await signOut(store);
  },
};

async function begin() {
  try {
    store.session = await ask("/session");
    if (!store.session.centre) store.centres = await ask("/centres");
    const last = localStorage.getItem("layso.admin.centre");
    const choice = store.centres.find(({ id }) => id === last) ?? store.centres[0];
    await lookAt(store.session.centre ?? choice?.id ?? null);
  } catch (error) {
    if (!(error instanceof Unreachable || error instanceof Refused)) throw error;
    store.state = "unreachable";
    redraw();
    setTimeout(begin, RETRY_MS);
    return;
  }
  // A machine without any centre needs one before anything else.
  if (!store.centre && ofProvince() && !location.hash) history.replaceState(null, "", "#/centre");
  route();
  await open();
}

store.both = readJson("words");
store.language = document.documentElement.lang;
addEventListener("hashchange", onHash);
addEventListener("beforeunload", (event) => {
  if (!leaving && store.form?.dirty()) event.preventDefault();
});
closeMenus(root);
setInterval(redraw, TICK_MS);
shownHash = location.hash;
redraw();
begin();
