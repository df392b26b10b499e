"""The lobby around the desk's stage: who calls for help, what the manager tells, who sits where."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
from flask import Flask, Response, jsonify
from msgspec.structs import replace

from wire.answers import CounterRef
from wire.desk import Seat, Seats
from wire.help import CounterCaller, HelpCall, HelpCalls, HelpState, KioskCaller
from wire.notices import Audience, Notice, Notices
from wire.words import Name

OWN = CounterCaller(CounterRef("q3", 3))


class LobbyStage:
    """Keeps calls and notices, and pushes them whole as the server does.

    Args:
        centre: The centre's id.
        emit: Pushes an event to every watcher.
        heard: Writes a command down; the answer, where it is to be refused.
    """

    def __init__(
        self,
        centre: str,
        emit: Callable[[str, Any], None],
        heard: Callable[[str], Response | None],
    ) -> None:
        self._centre, self._emit, self._heard = centre, emit, heard
        self.seats: dict[str, str] = {}
        self.calls: list[HelpCall] = []
        self.notices: list[Notice] = []

    def serve(self, app: Flask) -> None:
        """Answer the desk's calls for help, and who sits down: the one clerk of the stage."""
        place = "/api/v1/centres/<centre>/counters/<counter>"
        app.get("/api/v1/centres/<centre>/seats", endpoint="seats")(lambda centre: self._seats())
        app.post(f"{place}/seat", endpoint="sit")(self._sit)
        app.post(f"{place}/leave", endpoint="leave")(self._leave)
        app.post("/api/v1/centres/<centre>/help")(self._call)
        app.post("/api/v1/centres/<centre>/help/<call>/<action>")(self._answer)

    def show(self) -> None:
        """Push both pictures."""
        self._emit("help", HelpCalls(self._centre, self.calls))
        self._emit("notices", Notices(self._centre, self.notices))

    def caller(
        self, name: str, caller: KioskCaller | CounterCaller, state: HelpState = "called"
    ) -> None:
        """Let somebody call."""
        self.calls.append(HelpCall(name * 16, caller, state, datetime.now(UTC), None))
        self.show()

    def notice(self, name: str, vi: str, audience: Audience, *, urgent: bool = False) -> None:
        """Put a notice up."""
        text = Name(vi, f"EN {vi}")
        self.notices.insert(0, Notice(name * 16, text, audience, urgent, None))
        self.show()

    def _seats(self) -> Response:
        taken = [
            Seat(CounterRef(counter, int(counter[1:])), name, datetime.now(UTC))
            for counter, name in self.seats.items()
        ]
        return jsonify(msgspec.to_builtins(Seats(self._centre, taken, ["Hạnh", "Lan"])))

    def _sit(self, centre: str, counter: str) -> Response:
        self.seats = {one: name for one, name in self.seats.items() if name != "Hạnh"}
        self.seats[counter] = "Hạnh"
        return self._seats()

    def _leave(self, centre: str, counter: str) -> Response:
        self.seats.pop(counter, None)
        return self._seats()

    def _call(self, centre: str) -> Response:
        own = HelpCall("c" * 16, OWN, "called", datetime.now(UTC), None)
        return self._done("help", [*self.calls, own])

    def _answer(self, centre: str, call: str, action: str) -> Response:
        left = [one for one in self.calls if one.id != call or action == "coming"]
        now = [replace(one, state="coming") if one.id == call else one for one in left]
        return self._done(f"help-{action}", now)

    def _done(self, action: str, calls: list[HelpCall]) -> Response:
        if refused := self._heard(action):
            return refused
        self.calls = calls
        self.show()
        return jsonify({})
