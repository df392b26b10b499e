// One sentence after another through the agent's voice; the next key silences it at once.

import { pieces } from "./spoken.js";

const STEPS = [0.3, 0.6, 1];
const MIDDLE = 1;

// `heard` is called when the last sentence has been said.
export function createVoice(heard) {
  const audio = new Audio();
  let queue = [];
  let saying = false;
  let step = MIDDLE;
  audio.volume = STEPS[step];

  function next() {
    const piece = queue.shift();
    saying = piece !== undefined;
    if (!piece) return heard();
    audio.src = `/api/say?${new URLSearchParams(piece)}`;
    // Refused (no key or touch yet), or cut off by the next sentence: nothing is lost but sound.
    audio.play().catch(() => {});
  }

  audio.addEventListener("ended", next);
  audio.addEventListener("error", () => saying && next());

  function stop() {
    queue = [];
    saying = false;
    audio.pause();
  }

  return {
    stop,
    // For the next citizen.
    end() {
      stop();
      step = MIDDLE;
      audio.volume = STEPS[step];
    },
    // `after`: once all else has been said.
    say(said, after) {
      if (!after) stop();
      queue.push(...pieces(said));
      if (!saying) next();
    },
    // From soft to loud and round again; the step that it stands at.
    louder() {
      step = (step + 1) % STEPS.length;
      audio.volume = STEPS[step];
      return step;
    },
  };
}
