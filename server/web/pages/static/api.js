// Questions and commands to the server. A command carries its own key, so that sending it again
// after a lost answer is the same command, never a second one.

const GIVE_UP_MS = 1800;

export class Refused extends Error {
  constructor(status, problem) {
    super(problem.code ?? `status ${status}`);
    this.status = status;
    this.code = problem.code ?? "other";
    this.errors = problem.errors ?? []; // [{field, message}] of a body that was refused
  }
}

export class Unreachable extends Error {}

async function ask(path, options, giveUpMs = GIVE_UP_MS) {
  let answer;
  try {
    answer = await fetch(`/api/v1${path}`, {
      cache: "no-store",
      credentials: "same-origin",
      signal: AbortSignal.timeout(giveUpMs),
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

export function read(path, { giveUpMs } = {}) {
  return ask(path, {}, giveUpMs);
}

export function command(path, body, { key, csrf, giveUpMs }) {
  return ask(path, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "Idempotency-Key": key,
      "X-CSRF-Token": csrf,
    },
    body: JSON.stringify(body),
  }, giveUpMs);
}
