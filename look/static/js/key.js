// A key of its own for a command, so that asking again is the same command, never a second one.
// randomUUID is missing where the page is served over plain HTTP on a lobby's own network.

export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
