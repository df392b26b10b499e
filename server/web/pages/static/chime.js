// Two tones that say "look here". The words on the screen say the same to whoever does not hear.

const NOTES_HZ = [660, 880];
const NOTE_S = 0.22;
const LOUDNESS = 0.2;

let sound = null;

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

// Whether nobody has touched the page yet: until then a browser lets nothing sound.
export const isMute = () => navigator.userActivation?.hasBeenActive === false;

// A chime that could only come later says nothing.
export async function chime() {
  if (!window.AudioContext || isMute()) return;
  try {
    sound ??= new AudioContext();
    await sound.resume();
    NOTES_HZ.forEach((hertz, index) => ring(sound, hertz, sound.currentTime + index * NOTE_S));
  } catch {
    sound = null; // No loudspeaker: the words are seen.
  }
}
