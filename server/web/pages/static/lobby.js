// What the lobby's pictures say, the same on every page of staff: calls for help, devices, notices.

const READ = "layso.notices.read";
const READ_KEPT = 100;

// Trouble that stops a device; other trouble only warns.
export const LOUD = new Set(["paper_out", "cover_open", "printer_error", "panel_dead", "keys_dead",
  "refused", "silent"]);

// Who is waited for comes before who is on the way.
export function callsOf(help) {
  const all = help?.calls ?? [];
  return [...all.filter((call) => call.state === "called"),
    ...all.filter((call) => call.state === "coming")];
}

// Whoever calls in a picture and did not in the one before: pages chime once for each.
export function newCalls(before, after) {
  if (before === null) return [];
  const known = new Set(before.calls.map((call) => call.id));
  return after.calls.filter((call) => call.state === "called" && !known.has(call.id));
}

function read() {
  try {
    return new Set(JSON.parse(localStorage.getItem(READ) ?? "[]"));
  } catch {
    return new Set();
  }
}

export function markRead(id) {
  localStorage.setItem(READ, JSON.stringify([...read(), id].slice(-READ_KEPT)));
}

export function unread(notices) {
  const seen = read();
  return (notices?.notices ?? []).filter((notice) => !seen.has(notice.id));
}
