// Whoever is signed in at a page of staff: their sockets, their language, the way out and back in.

import { read, Refused } from "/static/api.js";

// A token for the sockets. The session is looked at anew: it may be over by now.
export async function socketToken(store, leave) {
  try {
    store.session = await read("/session");
  } catch (error) {
    if (error instanceof Refused && error.status === 401) leave();
  }
  return store.session.socket_token;
}

// To sign-in, and from there back to this page.
export function signInAgain(language) {
  const here = encodeURIComponent(location.pathname + location.hash);
  location.assign(`/?lang=${language}&next=${here}`);
}

export async function signOut({ session, language }) {
  await fetch("/sign-out", { method: "POST", headers: { "X-CSRF-Token": session.csrf } })
    .catch(() => null);
  location.assign(`/?lang=${language}`);
}

export function keepLanguage(language) {
  document.cookie = `layso_language=${language}; path=/; max-age=31536000; samesite=lax`;
}

// An open menu closes by a press beside it and by Escape, which gives its button the ring again.
// `rests` says when Escape means something else.
export function closeMenus(root, rests = () => false) {
  const open = () => root.querySelector("details[open]");
  document.addEventListener("click", (event) => {
    const menu = open();
    if (menu && !menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && !event.defaultPrevented && !rests() && open();
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
