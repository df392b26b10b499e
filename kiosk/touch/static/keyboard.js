// The keyboard on the screen, and what its keys do to the text. Accents are optional: the search
// needs none; whoever wants them sets them on the syllable that stands last.

import { html } from "/look/vendor/lit.js";
import { icon } from "/look/js/icons.js";
import { ACCENTS, accented } from "./accents.js";

const DIGITS = [..."1234567890"];
const LETTERS = [[..."qwertyuiop"], [..."asdfghjkl"], [..."zxcvbnm"]];

const key = (s, letter) => html`<button type="button" @click=${() => s.act.type(s.query + letter)}>${letter}</button>`;

function accentKey(s, [mark, shown]) {
  return html`<button type="button" aria-label="${shown}, ${s.say(`kiosk.accent.${mark}`)}"
    @click=${() => s.act.type(accented(s.query, mark))}>${shown}</button>`;
}

// A touch on a key leaves the keyboard's place in the text alone.
const keepFocus = (event) => event.preventDefault();

export function keyboard(s) {
  const top = s.accents ? ACCENTS.map((mark) => accentKey(s, mark)) : DIGITS.map((digit) => key(s, digit));
  const [first, second, third] = LETTERS.map((row) => row.map((letter) => key(s, letter)));
  return html`<div class="kbd ${s.accents ? "has-accents" : ""}" role="group" aria-label=${s.say("kiosk.keyboard")} @pointerdown=${keepFocus}>
    <div class="kbd-top">${top}</div><div>${first}</div><div>${second}</div>
    <div>${third}<button type="button" class="kw" aria-label=${s.say("kiosk.key.back")}
      @click=${() => s.act.type([...s.query].slice(0, -1).join(""))}>${icon("backspace")}</button></div>
    <div><button type="button" class="kw" @click=${() => s.act.type("")}>${s.say("kiosk.key.clear")}</button>
      <button type="button" class="ks" @click=${() => s.act.type(`${s.query} `)}>${s.say("kiosk.key.space")}</button>
      <button type="button" class="kw" aria-pressed=${s.accents} @click=${() => s.act.accents()}>${s.say(s.accents ? "kiosk.key.digits" : "kiosk.key.accents")}</button></div>
  </div>`;
}
