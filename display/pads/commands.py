"""What a pad's keys ask of the server, each within a deadline, however often that takes."""

import time
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from display.pads.ports import PadKey
from display.pads.press import OF_CODE, Outcome, Result
from edge.client import Reply, ServerClient
from edge.errors import ServerRefused, ServerUnreachable
from wire.help import HelpState

TRY_S: Final = 0.6
"""One try; then the next one, on a new connection and with the same operation key."""
PAUSE_S: Final = 0.1
SHORTEST_S: Final = 0.03

Ask = Callable[[float], Reply]


class Holding(NamedTuple):
    """A ticket that the counter has."""

    id: str
    number: str


class PadCommands:
    """One counter's commands, as its pad. Used from the pad's thread only.

    Args:
        client: With the pad's own token.
        centre: The configured centre.
        counter: The pad's counter.
    """

    def __init__(self, client: ServerClient, centre: str, counter: str) -> None:
        self._client = client
        self._centre = f"/api/v1/centres/{centre}"
        self._counter = f"{self._centre}/counters/{counter}"
        self.help: HelpState = "clear"
        self._help_id = ""

    def run(self, key: PadKey, operation: str, until_s: float, holding: Holding | None) -> Outcome:
        """Do what a key says.

        Args:
            key: Which.
            operation: The `Idempotency-Key`, the same for every try.
            until_s: Monotonic seconds at which the outcome is due.
            holding: The counter's ticket as far as the board told; asked for where it is not known.
        """
        try:
            if key == "next":
                return self._next(operation, until_s)
            if key == "help":
                return self._help(operation, until_s)
            return self._on_ticket(key, operation, until_s, holding)
        except ServerRefused as error:
            code = error.problem.code
            return Outcome(OF_CODE.get(code, "fault"), detail=str(error))
        except ServerUnreachable as error:
            result: Result = "unsure" if error.maybe_received else "away"
            return Outcome(result, detail=str(error))

    def look_for_help(self) -> None:
        """Learn what became of this pad's call for help; nothing where it has none.

        Raises:
            ServerRefused, ServerUnreachable: it stays as it was.
        """
        if self.help == "clear":
            return
        calls = self._client.get(f"{self._centre}/help", timeout_s=TRY_S).body["calls"]
        states = [call["state"] for call in calls if call["id"] == self._help_id]
        self.help = states[0] if states else "clear"

    def _next(self, operation: str, until_s: float) -> Outcome:
        answer = self._command(f"{self._counter}/next", operation, until_s)
        ticket = answer["ticket"]
        return Outcome("called", ticket["number"]) if ticket else Outcome("nobody")

    def _help(self, operation: str, until_s: float) -> Outcome:
        call = self._command(f"{self._centre}/help", operation, until_s)
        self._help_id, self.help = call["id"], call["state"]
        return Outcome("help_called")

    def _on_ticket(
        self, key: PadKey, operation: str, until_s: float, holding: Holding | None
    ) -> Outcome:
        if holding is None:
            ask = self._getting(f"{self._counter}/current")
            ticket = _insist(ask, until_s, harmless=True).body["ticket"]
            if ticket is None:
                return Outcome("no_ticket")
            holding = Holding(ticket["id"], ticket["number"])
        action = "recall" if key == "recall" else "no-show"
        path = f"{self._centre}/tickets/{holding.id}/{action}"
        self._command(path, operation, until_s)
        return Outcome("recalled" if key == "recall" else "no_show", holding.number)

    def _command(self, path: str, operation: str, until_s: float) -> Any:
        def ask(timeout_s: float) -> Reply:
            return self._client.post(path, {}, key=operation, timeout_s=timeout_s)

        return _insist(ask, until_s).body

    def _getting(self, path: str) -> Ask:
        return lambda timeout_s: self._client.get(path, timeout_s=timeout_s)


def _insist(ask: Ask, until_s: float, *, harmless: bool = False) -> Reply:
    """Ask again and again until there is an answer, or no time.

    Raises:
        ServerRefused: the server said no.
        ServerUnreachable: no answer in time; `maybe_received` when any try may have arrived.
    """
    last = ServerUnreachable("there was no time left to ask", maybe_received=False)
    received = False
    while (left_s := until_s - time.monotonic()) > SHORTEST_S:
        try:
            return ask(min(left_s, TRY_S))
        except ServerUnreachable as error:
            received = received or (error.maybe_received and not harmless)
            last = error
        time.sleep(min(PAUSE_S, max(0.0, until_s - time.monotonic())))
    raise ServerUnreachable(str(last), maybe_received=received)
