// Tells somebody who looks elsewhere: a tone once they have switched it on by a touch (browsers
// allow it no sooner), vibration, a title that changes. What is on is said.

import { fill, parts, say } from "/static/phone/show.js";

const FLASH_MS = 1000;
const CALL = [[880, 0, 0.28], [660, 0.32, 0.28], [880, 0.9, 0.28], [660, 1.22, 0.4]];
const SOON = [[660, 0, 0.2], [880, 0.22, 0.25]];
const LOUD = 0.4;
const RESUME_MS = 1500;

const [key] = parts("[data-sound]");
const vibrates = "vibrate" in navigator;
const Audio = window.AudioContext ?? window.webkitAudioContext;

let audio = null;
let on = false;
let awake = null;
let flashing = 0;
const title = document.title;

function play(tones) {
  if (!on || audio?.state !== "running") return;
  const begin = audio.currentTime + 0.05;
  for (const [hertz, after, lasts] of tones) {
    const tone = audio.createOscillator();
    const gain = audio.createGain();
    const at = begin + after;
    tone.frequency.value = hertz;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(LOUD, at + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.001, at + lasts);
    tone.connect(gain).connect(audio.destination);
    tone.start(at);
    tone.stop(at + lasts);
  }
}

function showWhatIsOn() {
  key.setAttribute("aria-pressed", String(on));
  fill("sound", say(on ? "track.sound.off" : "track.sound.on"));
  const kind = on ? (vibrates ? "sound_vibration" : "sound") : vibrates ? "vibration" : "none";
  fill("alerts", say(`track.alerts.${kind}`));
}

// The screen stays lit where the browser may do that; it lets go whenever the page is hidden.
async function keepAwake() {
  if (!on || document.hidden || !navigator.wakeLock || (awake && !awake.released)) return;
  awake = await navigator.wakeLock.request("screen").catch(() => null);
}

async function toggle() {
  if (on) {
    on = false;
    awake?.release();
    awake = null;
    return showWhatIsOn();
  }
  try {
    audio ??= new Audio();
    // A phone without a way to sound never answers.
    await Promise.race([audio.resume(), new Promise((done) => setTimeout(done, RESUME_MS))]);
    on = audio.state === "running";
  } catch {
    on = false;
  }
  showWhatIsOn();
  if (!on) return fill("alerts", say("track.alerts.refused"));
  play(SOON);
  keepAwake();
}

function stopFlash() {
  clearInterval(flashing);
  flashing = 0;
  document.title = title;
}

function flash(text) {
  stopFlash();
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  document.title = text;
  if (still) return;
  let lit = true;
  flashing = setInterval(() => {
    lit = !lit;
    document.title = lit ? text : title;
  }, FLASH_MS);
}

function buzz(pattern) {
  if (vibrates) navigator.vibrate(pattern);
}

// Alerts of one ticket: a call and each repeat of it, and once that the turn is near.
export function makeAlerts(ticket) {
  const callOf = (one) => (one.state === "called" ? `${one.called_at} ${one.times}` : "");
  let told = callOf(ticket);
  let near = ticket.ahead !== null && ticket.ahead <= 1;
  key.hidden = !Audio;
  key.addEventListener("click", toggle);
  document.addEventListener("visibilitychange", keepAwake);
  fill("open", say("track.alerts.open"));
  showWhatIsOn();
  return (now) => {
    const call = callOf(now);
    if (call && call !== told) {
      play(CALL);
      buzz([400, 150, 400, 150, 400]);
      flash(`${now.number} → ${now.counter?.number ?? ""}`);
    }
    if (!call && told) stopFlash();
    told = call;
    const isNear = now.state === "waiting" && now.ahead !== null && now.ahead <= 1;
    if (isNear && !near) {
      play(SOON);
      buzz(300);
    }
    near = isNear;
  };
}
