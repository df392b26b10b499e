// The tablet's questions and commands, with its token.

const GIVE_UP_MS = 4000;

export class Refused extends Error {
  constructor(status, code) {
    super(code);
    this.status = status;
    this.code = code;
  }
}

// Asks; throws Refused for what the server refuses, and another error where it does not answer.
export async function ask(token, path, command = null) {
  const answer = await fetch(`/api/v1${path}`, {
    cache: "no-store",
    signal: AbortSignal.timeout(GIVE_UP_MS),
    method: command ? "POST" : "GET",
    headers: {
      Authorization: `Bearer ${token}`,
      ...(command ? { "Content-Type": "application/json", "Idempotency-Key": command.key } : {}),
    },
    ...(command ? { body: JSON.stringify(command.body) } : {}),
  });
  if (answer.status >= 500) throw new Error(`status ${answer.status}`);
  const body = await answer.json();
  if (!answer.ok) throw new Refused(answer.status, body.code ?? "other");
  return body;
}
