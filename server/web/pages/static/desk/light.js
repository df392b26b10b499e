// The light of an idle desk: somebody waits, and this one is the one to call. Each time it comes
// on there is one chime; the words on the button say the same to whoever does not hear it.

const NOTES_HZ = [660, 880];
const NOTE_S = 0.22;
const LOUDNESS = 0.2;

let on = false;
let sound = null;

// Whether the light has just come on with this snapshot.
export function cameOn(desk) {
  const before = on;
  on = desk?.light === true;
  return on && !before;
}

function ring(context, hertz, at) {
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = hertz;
  volume.gain.setValueAtTime(LOUDNESS, at);
  volume.gain.exponentialRampToValueAtTime(0.001, at + NOTE_S);
  tone.connect(volume).connect(context.destination);
  tone.start(at);
  tone.stop(at + NOTE_S);
}

// A browser lets nothing sound on a page that nobody has touched yet; a chime that could only
// come later says nothing.
export async function chime() {
  if (!window.AudioContext || navigator.userActivation?.hasBeenActive === false) return;
  try {
    sound ??= new AudioContext();
    await sound.resume();
    NOTES_HZ.forEach((hertz, index) => ring(sound, hertz, sound.currentTime + index * NOTE_S));
  } catch {
    sound = null; // No loudspeaker: the light is seen.
  }
}
