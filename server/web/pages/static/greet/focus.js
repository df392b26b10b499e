// A button that was switched off while it had the ring takes the ring with it: give it back.

const HOOKS = ["action", "print", "helpAnswer", "service", "view"];

let last = null;

export function watchFocus(root) {
  root.addEventListener("focusin", ({ target }) => {
    if (target.closest("dialog")) return; // what opened it is where to go back to
    const hook = HOOKS.find((name) => name in target.dataset);
    const name = hook?.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const ringed = hook && target.matches(":focus-visible");
    last = ringed ? `[data-${name}="${target.dataset[hook]}"]` : null;
  });
}

// Who works by keyboard and closes what had the ring finds it here, once it may be pressed.
export function passFocus(selector) {
  last = document.activeElement?.matches(":focus-visible") ? selector : null;
}

export function keepFocus(root, busy) {
  if (!last || busy || document.activeElement !== document.body) return;
  const target = root.querySelector(`${last}:not([disabled])`) ?? root.querySelector(".g-no");
  if (!target || (target.matches(".g-no") && root.querySelector(last))) return;
  last = null;
  target.focus({ preventScroll: true });
}
