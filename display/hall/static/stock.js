// What the stale screen needs must be here before the server is gone: every icon and letter.

const RETRY_MS = 5000;
const ANSWER_MS = 20_000;

async function icons() {
  const answer = await fetch("/look/icons/sprite.svg", { signal: AbortSignal.timeout(ANSWER_MS) });
  if (!answer.ok) throw new Error(`${answer.status}`);
  const parsed = new DOMParser().parseFromString(await answer.text(), "image/svg+xml");
  const sprite = document.importNode(parsed.documentElement, true);
  sprite.setAttribute("class", "h-sprite");
  sprite.setAttribute("aria-hidden", "true");
  document.body.prepend(sprite);
}

export function keepAtHand() {
  for (const weight of [400, 600, 800]) {
    document.fonts.load(`${weight} 20px "Be Vietnam Pro"`, "Aệ");
    document.fonts.load(`${weight} 20px "LaySo Tab"`, "0");
  }
  icons().catch(() => setTimeout(keepAtHand, RETRY_MS));
}
