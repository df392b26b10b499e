// Time as pages of staff tell it: by the server's clock.

let offsetMs = 0;

export function setServerTime(text) {
  offsetMs = Date.parse(text) - Date.now();
}

export function now() {
  return Date.now() + offsetMs;
}

export function since(text) {
  return Math.max(0, Math.floor((now() - Date.parse(text)) / 1000));
}

const two = (n) => String(n).padStart(2, "0");

export function stopwatch(seconds) {
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}
