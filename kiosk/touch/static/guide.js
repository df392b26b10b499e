// Spoken guidance: the pad's keys move the focus and press, and what has the focus is said.

import { callStaff } from "./agent.js";
import {
  askingSaid, closedSaid, controlSaid, howTo, newsSaid, overSaid, roundSaid, rowLeftSaid, screenSaid, staffSaid,
  typedSaid, volumeSaid, welcome,
} from "./spoken.js";
import { createVoice } from "./voice.js";
import { describe, lookAt, nextStop, readRow, stops } from "./walk.js";

const HOLD_MS = 1000; // repeat, held so long, calls staff
const LONG_PRESS_MS = 900; // a number that takes longer is said to be on its way
const SCANNER_MS = 300; // an Enter so soon after a letter is a barcode reader's

// Where one is: while it stays, the screen is not summed up again.
const placeOf = (s) => JSON.stringify([s.name, s.page, s.language, s.issued?.ticket.id, s.problem?.code]);

export function createGuide(go) {
  const voice = createVoice(() => go({ type: "heard" }));
  let s = null; // what is shown
  let was = { guided: false, dialog: null };
  let row = null; // the row of the screen's keyboard that was entered
  let again = () => []; // makes what is said again, as it stands by then
  let asked = 0; // how often in a row it was asked for
  let typedAt = -Infinity;
  let hold = null;

  function speak(said, after = false) {
    if (s.view?.guide?.speech) voice.say(said, after);
  }

  const focused = () => {
    const at = document.activeElement;
    return at && at !== document.body && at.tagName !== "H1" ? at : null;
  };

  const controlWords = (control) => controlSaid(s, readRow(control) ?? describe(control, s.language));

  // One control that has the focus; what is said again from now on.
  function sayControl(control, before = []) {
    again = () => (control.isConnected ? controlWords(control) : screenWords());
    speak([...before, ...again()]);
  }

  const screenWords = () => screenSaid(s, lookAt(s.language));

  // A screen, once the page has put the focus where it begins: in a dialog, on its first answer.
  function sayScreen(before = []) {
    again = () => [...screenWords(), ...(s.dialog && focused() ? controlWords(focused()) : [])];
    queueMicrotask(() => speak([...before, ...again()]));
  }

  function start() {
    go({ type: "guide", on: true });
    if (!s.dialog) document.querySelector("h1")?.focus();
  }

  function step(forward) {
    const { to, round, left } = nextStop(stops(row), document.activeElement, row, forward);
    if (!to) return;
    if (left) row = null;
    to.focus({ focusVisible: true });
    sayControl(to, left ? rowLeftSaid(s) : round ? roundSaid(s, forward) : []);
  }

  function choose() {
    const at = focused();
    if (!at) return sayAgain();
    const letters = readRow(at);
    if (letters) {
      row = at;
      const first = stops(row)[0];
      first?.focus({ focusVisible: true });
      return first && sayControl(first);
    }
    const place = placeOf(s) + s.dialog;
    voice.stop();
    at.click();
    queueMicrotask(() => s.guided && placeOf(s) + s.dialog === place && !s.pressing && chosen(at));
  }

  // A control that was pressed and left the screen where it was says how it stands now.
  function chosen(control) {
    if (row) {
      const field = document.querySelector("main input");
      return field && speak(typedSaid(s, field.value));
    }
    if (control.isConnected && document.activeElement === control) {
      if (control.hasAttribute("aria-pressed")) sayControl(control);
    } else if (!focused()) {
      document.querySelector("h1")?.focus();
      sayScreen();
    }
  }

  function sayAgain() {
    asked += 1;
    speak(asked > 1 ? [...again(), ...howTo(s)] : again());
  }

  async function staff() {
    hold = null;
    voice.stop();
    const called = await callStaff();
    if (s.guided) speak(staffSaid(s, called));
  }

  function volume() {
    speak(volumeSaid(s, voice.louder()));
  }

  const act = { previous: () => step(false), next: () => step(true), choose, volume };

  function doesOf(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return null;
    const keys = s?.view?.guide?.keys ?? {};
    return Object.keys(keys).find((does) => keys[does] === event.key) ?? null;
  }

  // Enter is a keyboard's and a barcode reader's as well: it starts guidance where it does nothing else.
  const isOthers = (does, at) =>
    does === "choose" &&
    (at - typedAt < SCANNER_MS || document.activeElement?.tagName === "INPUT" || (!s.guided && focused() !== null));

  function onKey(event) {
    const at = performance.now();
    const does = doesOf(event);
    if (event.key.length === 1) typedAt = at;
    if (!does || isOthers(does, at)) return;
    if (does === "volume" && !s.guided) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.repeat) return;
    const begins = !s.guided;
    if (begins) start();
    if (does === "repeat") holdOn(begins);
    else if (!begins) {
      asked = 0;
      act[does]();
    }
  }

  function holdOn(begins) {
    clearTimeout(hold?.timer);
    hold = { begins, timer: setTimeout(staff, HOLD_MS) };
  }

  function onKeyUp(event) {
    if (!hold || doesOf(event) !== "repeat") return;
    clearTimeout(hold.timer);
    const { begins } = hold;
    hold = null;
    if (!begins && s.guided) sayAgain();
  }

  document.addEventListener("keydown", onKey, true);
  document.addEventListener("keyup", onKeyUp, true);

  // A number that is long in coming; once for each press.
  function sayPressing() {
    if (!s.pressing) return { pressedAt: null, told: false };
    const pressedAt = was.pressedAt ?? s.now;
    const late = s.now - pressedAt > LONG_PRESS_MS;
    if (late && !was.told) speak(askingSaid(s));
    return { pressedAt, told: late };
  }

  function follow(seen, place, news) {
    if (!was.guided) sayScreen(welcome(s));
    else if (place !== was.place || (s.dialog && s.dialog !== was.dialog)) {
      sayScreen(s.language === was.language ? [] : howTo(s));
    } else if (s.dialog !== was.dialog) {
      again = screenWords;
      speak(closedSaid(s, was));
    } else if (news !== was.news && news) speak(newsSaid(s, seen), true);
  }

  return {
    // Told of everything that was drawn; says what is new.
    drawn(shown) {
      s = shown;
      if (!s.guided) {
        if (was.guided) voice.end();
        if (was.guided && !was.stopping) speak(overSaid(s));
        row = null;
        was = { guided: false, dialog: s.dialog };
        return;
      }
      const seen = lookAt(s.language);
      const place = placeOf(s);
      const news = s.issued ? s.issued.outcome : seen.news;
      if (row && (!row.isConnected || place !== was.place)) row = null;
      follow(seen, place, news);
      was = { guided: true, dialog: s.dialog, place, news, ...sayPressing(), priority: s.priority, language: s.language };
    },
    toggle() {
      if (!s.guided) return start();
      was = { ...was, stopping: true };
      go({ type: "guide", on: false });
    },
  };
}
