// What the tablet shows, as pure steps: idle, ask, thanks; refused where it may not ask at all.

export const ASK_MS = 45_000;
export const THANKS_MS = 5000;

export const START = { screen: "idle", ticket: null, closesAt: 0, done: null, fault: "", busy: false };

const idle = (state) => ({ ...START, done: state.done });

// The server says whom the counter may ask about now; who was asked already is not asked again.
export function heard(state, ticket, now) {
  if (state.screen === "thanks" || state.busy) return state;
  if (!ticket || ticket.id === state.done) {
    return state.screen === "ask" || state.screen === "refused" ? idle(state) : state;
  }
  if (state.screen === "ask" && state.ticket.id === ticket.id) return state;
  return { ...START, screen: "ask", ticket, closesAt: now + ASK_MS, done: state.done };
}

export function thanked(state, now) {
  return { ...START, screen: "thanks", closesAt: now + THANKS_MS, done: state.ticket.id };
}

// Asked long enough, skipped, or thanked.
export function closed(state) {
  return { ...START, done: state.ticket?.id ?? state.done };
}

export function ticked(state, now) {
  const timed = state.screen === "ask" || state.screen === "thanks";
  return timed && !state.busy && now >= state.closesAt ? closed(state) : state;
}
