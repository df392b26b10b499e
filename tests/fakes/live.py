"""Centres, tokens and tickets in memory, behind the ports of `server.realtime`."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime

from server.service.ports import Caller, Pushed
from wire.answers import CounterRef, Wait
from wire.devices import Device, DeviceState, Trouble
from wire.errors import Refusal
from wire.help import HelpCall, HelpCalls, HelpState, KioskCaller
from wire.notices import Audience, Notice, Notices
from wire.oversight import Advice, AdviceBoard, ServiceRef
from wire.prints import PrintOrder, PrintsNow, PrintState
from wire.visits import PublicTicket
from wire.words import Name


class FakeReadings:
    """Implements `LiveReadings`; `commit` adds changes as a store would."""

    def __init__(self, *centres: str, keeps: int = 1000) -> None:
        self._log: dict[str, list[bytes]] = {centre: [] for centre in centres}
        self._keeps = keeps
        self.tracked: dict[str, tuple[str, str]] = {}
        self.ahead = 5

    def commit(self, centre: str, filler: str = "") -> Pushed:
        """Append one change and return it as the store tells it."""
        seq = len(self._log[centre]) + 1
        change = {"centre": centre, "seq": seq, "kind": "issued", "filler": filler}
        self._log[centre].append(json.dumps(change).encode())
        return Pushed(centre, seq, self._log[centre][-1])

    def board(self, centre: str) -> bytes:
        """A board that says no more than its seq."""
        if centre not in self._log:
            raise Refusal("unknown_centre")
        return json.dumps({"centre": centre, "seq": self.seq_of(centre)}).encode()

    def seq_of(self, centre: str) -> int:
        """The newest seq."""
        if centre not in self._log:
            raise Refusal("unknown_centre")
        return len(self._log[centre])

    def changes_after(self, centre: str, seq: int) -> list[bytes] | None:
        """The changes after `seq`, unless they are no longer kept."""
        log = self._log[centre]
        return None if len(log) - seq > self._keeps else log[seq:]

    def track(self, token: str) -> PublicTicket:
        """The one ticket behind every known link."""
        if token not in self.tracked:
            raise Refusal("unknown_track")
        return PublicTicket(
            number="H001",
            service=Name(vi="Hộ tịch", en="Civil status"),
            state="waiting",
            counter=None,
            zone=None,
            ahead=self.ahead,
            wait=Wait(likely_s=60, high_s=120),
            issued_at=datetime(2026, 11, 23, 1, 0, tzinfo=UTC),
            called_at=None,
            ended_at=None,
        )

    def track_ticket(self, token: str) -> tuple[str, str] | None:
        """Where a link leads."""
        return self.tracked.get(token)


class FakeAdviser:
    """Implements `Adviser`; `ids` are the advice of every centre there is."""

    def __init__(self, *ids: str, centres: Iterable[str] = ("here", "there")) -> None:
        self.centres = frozenset(centres)
        self.ids = list(ids)
        self.asked = 0

    def board(self, centre: str) -> AdviceBoard:
        """A board that says no more than its advice."""
        self.asked += 1
        if centre not in self.centres:
            raise Refusal("unknown_centre")
        now = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
        return AdviceBoard(centre, now, 0, [], [_advice(one) for one in self.ids], [])


def _advice(given: str) -> Advice:
    kind, counter, service = given.split(".")
    return Advice(
        id=given,
        kind=kind,  # type: ignore[arg-type]
        counter=CounterRef(counter, 7),
        service=ServiceRef(service, Name(service, service)),
        drain_s=1800,
        drain_after_s=900,
        gain_s=600,
        saved_s=6000,
        words=Name(given, given),
    )


class FakeLobby:
    """Implements the readings of the lobby: one kiosk, its troubles, call and papers; notices."""

    def __init__(self, *, centres: Iterable[str] = ("here", "there")) -> None:
        self.centres = frozenset(centres)
        self.trouble: list[Trouble] = []
        self.help: list[HelpState] = []
        self.notices: list[Audience] = []
        self.prints: list[PrintState] = []
        self.on_the_way: list[str] = []
        self.asked = 0

    def devices(self, centre: str) -> list[Device]:
        """The kiosk, with what ails it."""
        self._look(centre)
        state: DeviceState = "error" if self.trouble else "ok"
        return [Device("1", "kiosk", "Cửa chính", 3, None, state, self.trouble, None, None)]

    def calls(self, centre: str) -> HelpCalls:
        """The kiosk's call, if there is one."""
        self._look(centre)
        now = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
        kiosk = KioskCaller(3, "Cửa chính")
        return HelpCalls(centre, [HelpCall("a" * 16, kiosk, one, now, None) for one in self.help])

    def holding(self, centre: str, *, staff: bool) -> Notices:
        """A notice for each of the audiences that were given."""
        self._look(centre)
        told = [one for one in self.notices if staff or one != "staff"]
        text = Name("Quầy 4 nghỉ", "Counter 4 rests")
        return Notices(
            centre, [Notice(f"{at:016x}", text, one, False, None) for at, one in enumerate(told)]
        )

    def orders(self, centre: str) -> PrintsNow:
        """A paper in each of the states that were given."""
        self._look(centre)
        now = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
        return PrintsNow(centre, [
            PrintOrder(f"{at:016x}", "t", "H001", "1", 3, state, "", False, now)
            for at, state in enumerate(self.prints)
        ])  # fmt: skip

    def coming(self, centre: str) -> list[str]:
        """The tickets that were given."""
        self._look(centre)
        return self.on_the_way

    def _look(self, centre: str) -> None:
        self.asked += 1
        if centre not in self.centres:
            raise Refusal("unknown_centre")


class FakeDoorkeeper:
    """Implements `Doorkeeper` over a dictionary of tokens."""

    def __init__(self, callers: dict[str, Caller]) -> None:
        self._callers = callers

    def authenticate(self, token: str) -> Caller | None:
        """Who holds this token."""
        return self._callers.get(token)

    def alive(self, ids: Iterable[str]) -> set[str]:
        """Those not revoked since."""
        return set(ids) & {caller.id for caller in self._callers.values()}

    def revoke(self, token: str) -> None:
        """Let a token go."""
        del self._callers[token]
