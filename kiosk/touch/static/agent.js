// The kiosk's own agent, asked over loopback. Every answer ends within seconds, whatever happens.

const VIEW_MS = 4000;
const OFFER_MS = 600; // the agent itself answers within 0.4 s
const HELP_MS = 3000;
const PRESS_MS = 6000; // the agent itself answers within 2 s

let tag = null;

// The view, or null while nothing changed.
export async function fetchView() {
  const answer = await fetch("/api/view", {
    headers: tag ? { "If-None-Match": tag } : {},
    cache: "no-store",
    signal: AbortSignal.timeout(VIEW_MS),
  });
  if (answer.status === 304) return null;
  if (!answer.ok) throw new Error(`${answer.status}`);
  const view = await answer.json();
  tag = answer.headers.get("ETag");
  return view;
}

// What the server would say before a number is taken; null while there is nothing to say in time.
export async function fetchOffer(service, priority) {
  try {
    const answer = await fetch(`/api/offer?${new URLSearchParams({ service, priority })}`, {
      cache: "no-store",
      signal: AbortSignal.timeout(OFFER_MS),
    });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

const cameFor = (procedure) => (procedure ? { procedure } : {});

export const press = (service, priority, language, procedure) =>
  numberFrom("/api/press", { service, priority, language, ...cameFor(procedure) });

export const redirect = (service, to, language, procedure) =>
  numberFrom("/api/redirect", { service, to, language, ...cameFor(procedure) });

// The centre's procedures: a table with its version.
export async function fetchProcedures() {
  const answer = await fetch("/api/procedures", { signal: AbortSignal.timeout(VIEW_MS) });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

// Call somebody to this machine: "called" or "coming"; null where nobody can be called from here.
export async function callStaff() {
  const answer = await posted("/api/help");
  return answer?.ok ? (await answer.json()).state : null;
}

export const needNobody = () => posted("/api/help/clear");

async function posted(path) {
  try {
    return await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: "{}",
      signal: AbortSignal.timeout(HELP_MS),
    });
  } catch {
    return null;
  }
}

// {answer} with the number, or {problem} with a code: nothing in between.
async function numberFrom(path, asked) {
  const { service } = asked;
  let answer;
  try {
    answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...asked, by: "touch" }),
      signal: AbortSignal.timeout(PRESS_MS),
    });
  } catch {
    return { problem: { code: "silent", service } };
  }
  const body = await answer.json().catch(() => ({}));
  if (answer.ok) return { answer: body };
  const retry_s = Number(answer.headers.get("Retry-After")) || null;
  return {
    problem: { code: body.code ?? "internal", service, retry_s, message: body.message ?? null },
  };
}

export async function fetchTicket(id) {
  const answer = await fetch(`/api/tickets/${id}`, {
    cache: "no-store",
    signal: AbortSignal.timeout(VIEW_MS),
  });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

// Print once more; the answer is the ticket, or null when the agent would not.
export async function copy(id) {
  const answer = await fetch(`/api/tickets/${id}/copy`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: "{}",
    signal: AbortSignal.timeout(PRESS_MS),
  });
  return answer.ok ? answer.json() : null;
}
