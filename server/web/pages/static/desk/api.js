// Questions and commands to the server. A command carries its own key, so that sending it again
// after a lost answer is the same command, never a second one.

const GIVE_UP_MS = 1800;

export class Refused extends Error {
  constructor(status, problem) {
    super(problem.code ?? `status ${status}`);
    this.status = status;
    this.code = problem.code ?? "other";
  }
}

export class Unreachable extends Error {}

async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(`/api/v1${path}`, {
      cache: "no-store",
      credentials: "same-origin",
      signal: AbortSignal.timeout(GIVE_UP_MS),
      ...options,
    });
  } catch (cause) {
    throw new Unreachable("no answer", { cause });
  }
  if (answer.status >= 502) throw new Unreachable(`status ${answer.status}`);
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, body);
  return body;
}

export function read(path) {
  return ask(path, {});
}

export function command(path, body, { key, csrf }) {
  return ask(path, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "Idempotency-Key": key,
      "X-CSRF-Token": csrf,
    },
    body: JSON.stringify(body),
  });
}

// randomUUID is missing where the page is served over plain HTTP on a lobby's own network.
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
