"""Which call a loudspeaker says next: one at a time, each once, nothing that is no longer so. Pure.

One for each loudspeaker. Times are handed in, in seconds of the server's clock. The hall page
has the same rule (`display/hall/static/announcer.js`); both are tested against
`tests/display/announcer_scenarios.json`. `unsaid` is this one's alone: a browser plays into a
device that it does not know to be there.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

LIVE_S: Final = 20.0
"""A call that could not begin within so long of being made is dropped."""
MISSED_S: Final = 120.0
"""How old a call may be that is offered anew after the link was away."""
REMEMBERED: Final = 500
BRIEF_OVER: Final = 1
"""While more others than this wait, the chime is left out."""


@dataclass(frozen=True)
class Announcement:
    """One call to be said. `brief`: without the chime; `call` as on the board."""

    call: Mapping[str, Any]
    called_at_s: float
    until_s: float
    brief: bool = False

    @property
    def call_id(self) -> str:
        """Which call this is."""
        return str(self.call["call_id"])

    @property
    def times(self) -> int:
        """1 for the call itself, more for a recall."""
        return int(self.call["times"])


class Announcer:
    """The queue of one loudspeaker.

    Args:
        zone: Only calls of this zone are said; None says all.
        remembered: (call_id, times) said before a restart, oldest first.
    """

    def __init__(self, zone: str | None = None, remembered: Iterable[tuple[str, int]] = ()) -> None:
        self.zone = zone
        self.first_zone: str | None = None
        """The centre's first zone, which also says the calls of counters without one."""
        self.speaking: Announcement | None = None
        self.dropped_total = 0
        """How many calls grew too old while they waited."""
        self._said = dict(remembered)
        self._waiting: list[Announcement] = []
        self._started = False
        self._taken_back = False

    @property
    def waiting(self) -> tuple[Announcement, ...]:
        """What is still to be said, in order."""
        return tuple(self._waiting)

    @property
    def remembered(self) -> list[tuple[str, int]]:
        """What was said, oldest first: to be handed to the next announcer after a restart."""
        return list(self._said.items())

    def board(self, board: Mapping[str, Any], now_s: float) -> None:
        """Take in a whole board: after the start, after each reconnection, or after a gap.

        The first one brings only what is still fresh; a later one offers anew what was missed.
        """
        missed, self._started = self._started, True
        live = _live_calls(board)
        numbers = {call["number"] for call in live}
        self._withdraw(lambda number: number not in numbers)
        for call in live:
            called_at_s = min(_seconds(call["called_at"]), now_s)
            age_s = now_s - called_at_s
            if age_s <= (MISSED_S if missed else LIVE_S):
                until_s = (now_s if missed else called_at_s) + LIVE_S
                self._offer(Announcement(call, called_at_s, until_s))

    def change(self, change: Mapping[str, Any], now_s: float) -> None:
        """Take in one change, in order of `seq`."""
        ticket = change.get("ticket")
        if ticket is None:
            return
        if ticket["state"] != "called":
            self._withdraw(lambda number: bool(number == ticket["number"]))
        elif change.get("call") is not None and change.get("counter") is not None:
            call = _call_of(change)
            called_at_s = min(_seconds(change["at"]), now_s)
            self._offer(Announcement(call, called_at_s, called_at_s + LIVE_S))

    def next(self, now_s: float) -> Announcement | None:
        """Begin the next announcement, which counts as said from now on; None to stay silent.

        To be asked after each of the other steps, and about once a second.
        """
        self.drop_old(now_s)
        if self.speaking is not None or not self._waiting:
            return None
        begun = self._waiting.pop(0)
        self.speaking = replace(begun, brief=len(self._waiting) > BRIEF_OVER)
        self._taken_back = False
        self._remember(begun)
        return self.speaking

    def drop_old(self, now_s: float) -> None:
        """Forget what could not begin in time; `next` does so by itself."""
        fresh = [one for one in self._waiting if now_s <= one.until_s]
        self.dropped_total += len(self._waiting) - len(fresh)
        self._waiting = fresh

    def done(self) -> None:
        """What was being said has been said to its end, or cannot be."""
        self.speaking = None

    def unsaid(self) -> None:
        """Nothing of what was to be said was heard: it waits again, first, for what is left of its
        time, unless it was taken back or called again meanwhile.
        """
        one, self.speaking = self.speaking, None
        if one is not None and not self._is_over(one):
            self._said[one.call_id] = one.times - 1
            self._waiting.insert(0, replace(one, brief=False))

    def _is_over(self, one: Announcement) -> bool:
        again = any(other.call["number"] == one.call["number"] for other in self._waiting)
        return again or self._taken_back

    def _withdraw(self, ended: Callable[[str], bool]) -> None:
        self._waiting = [one for one in self._waiting if not ended(one.call["number"])]
        if self.speaking is not None and ended(self.speaking.call["number"]):
            self._taken_back = True

    def _offer(self, new: Announcement) -> None:
        if not self._is_mine(new.call) or self._said.get(new.call_id, 0) >= new.times:
            return
        same = [one for one in self._waiting if one.call["number"] == new.call["number"]]
        if any(one.call_id == new.call_id and one.times >= new.times for one in same):
            return
        self._waiting = [one for one in self._waiting if one not in same]
        self._waiting.append(new)
        self._waiting.sort(key=lambda one: one.called_at_s)  # stable: then in order of arrival

    def _is_mine(self, call: Mapping[str, Any]) -> bool:
        zone = call["zone"]
        if self.zone is None or zone == self.zone:
            return True
        return zone is None and self.zone == self.first_zone

    def _remember(self, said: Announcement) -> None:
        self._said.pop(said.call_id, None)
        self._said[said.call_id] = said.times
        while len(self._said) > REMEMBERED:
            del self._said[next(iter(self._said))]


def _live_calls(board: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The newest call of each counter whose ticket is still called, oldest first."""
    called = {
        counter["id"]: counter["ticket"]["number"]
        for counter in board["counters"]
        if counter.get("ticket") and counter["ticket"]["state"] == "called"
    }
    live: dict[str, Mapping[str, Any]] = {}
    for call in board["calls"]:
        place = call["counter"]["id"]
        if call["number"] == called.get(place):
            live.setdefault(place, call)
    return list(reversed(live.values()))


def _call_of(change: Mapping[str, Any]) -> dict[str, Any]:
    ticket = change["ticket"]
    return {
        **change["call"],
        "number": ticket["number"],
        "zone": ticket["zone"],
        "counter": change["counter"],
        "called_at": change["at"],
    }


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()
