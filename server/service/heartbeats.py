"""How the devices of a centre are, by what they said last.

The newest heartbeat of each device is in memory; its row is written when its troubles or its
version changed, and else only so often as others must be able to go by it. Where this process
is the only one, that is once a minute, for the time of the last word after a restart. Where
others serve the same centres, it is with every beat: whoever is asked reads the row, and a
device counts as silent nine seconds after the newer of row and memory.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

import msgspec

from server.domain.ticket import instant, milliseconds
from server.service.answers import counter_ref
from server.service.book import Book
from server.service.device_health import state_of, troubles
from server.service.device_ports import DeviceRow
from server.service.once import run_once
from server.service.ports import Caller, Clock, Operation, Reply, Store, Tx
from server.service.snapshot import snapshot_of
from wire.devices import SILENT_AFTER_S, Beaten, Device, DeviceState, Heartbeat, Trouble
from wire.words import Role

ROW_ALONE_MS: Final = 60_000
"""The age at which a row is written again by the only process: an SD card wears out."""

ROW_SHARED_MS: Final = 3_000
"""The same where other processes read it; devices beat every 4 s."""

ROW_LEAST_MS: Final = 1_000
"""No device has its row written more often than this, whatever changes."""

Telling = tuple[str, tuple[Trouble, ...]]
"""A heartbeat's version and troubles: what others are to know at once when it changes."""

_SILENT_MS: Final = int(SILENT_AFTER_S * 1000)
_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(Heartbeat).decode


class Heard(NamedTuple):
    """A device's last heartbeat, and when and with what its row was written last."""

    at_ms: int
    report: Heartbeat
    telling: Telling
    written_ms: int
    written: Telling


class Seen(NamedTuple):
    """One device as it is counted; `report` is of one that is heard now."""

    centre: str
    role: Role
    state: DeviceState
    trouble: list[Trouble]
    report: Heartbeat | None


class Heartbeats:
    """Takes heartbeats in, and says how every device is. Safe from any thread or greenlet.

    Args:
        store: Where the rows are.
        clock: Read once for each question.
        book: The centres as configured.
        shared: Whether other processes take in heartbeats of the same devices.
    """

    def __init__(self, store: Store, clock: Clock, book: Book, *, shared: bool = False) -> None:
        self._store = store
        self._clock = clock
        self._book = book
        self._row_ms = ROW_SHARED_MS if shared else ROW_ALONE_MS
        self._heard: dict[str, Heard] = {}
        self._started_ms = self._now_ms()
        self.on_change: list[Callable[[str], None]] = []

    def beat(
        self, caller: Caller, report: Heartbeat, operation: Operation | None
    ) -> Beaten | Reply:
        """Take in how a device is. Writes its row only where that is due.

        Raises:
            Refusal: `idempotency_mismatch`.
        """
        token, now_ms, telling = caller.id.removeprefix("t:"), self._now_ms(), _telling(report)
        answer = Beaten(instant(now_ms))
        kept = self._heard.get(token)
        if kept is not None and operation is None and not self._row_due(kept, telling, now_ms):
            heard = kept._replace(at_ms=now_ms, report=report, telling=telling)
            self._remember(token, caller.centre, kept, heard)
            return answer
        text = _encode(report).decode()

        def decide(tx: Tx) -> Beaten:
            tx.save_heartbeat(token, now_ms, text)
            return answer

        # Devices wait neither for their centre's commands nor for one another.
        lock, centre = f"device {token}", caller.centre or ""
        reply = run_once(self._store, lock, centre, operation, now_ms, decide)
        if not reply.repeated:
            heard = Heard(now_ms, report, telling, now_ms, telling)
            self._remember(token, caller.centre, kept, heard)
        return reply

    def _row_due(self, kept: Heard, telling: Telling, now_ms: int) -> bool:
        age_ms = now_ms - kept.written_ms
        least_ms = self._row_ms if kept.written == telling else ROW_LEAST_MS
        return age_ms >= least_ms or age_ms < 0

    def _remember(self, token: str, centre: str | None, kept: Heard | None, heard: Heard) -> None:
        self._heard[token] = heard
        news = (
            kept is None or kept.telling != heard.telling or heard.at_ms - kept.at_ms >= _SILENT_MS
        )
        if news and centre is not None:
            for tell in self.on_change:
                tell(centre)

    def devices(self, centre: str) -> list[Device]:
        """Every live device of a centre, how it is and what is wrong with it.

        Raises:
            Refusal: `unknown_centre`.
        """
        now_ms = self._now_ms()

        def ask(tx: Tx) -> list[Device]:
            known = snapshot_of(tx, self._book, instant(now_ms), centre).centre
            found = []
            for row in tx.devices(centre):
                seen_ms, report = self._newest(row)
                state, wrong = self._judge(row.id, seen_ms, report, now_ms)
                found.append(
                    Device(
                        id=row.id,
                        role=row.role,
                        name=row.name,
                        kiosk=row.kiosk,
                        counter=counter_ref(known, row.counter),
                        state=state,
                        trouble=wrong,
                        seen_at=instant(seen_ms) if seen_ms is not None else None,
                        report=report,
                    )
                )
            return found

        return self._store.read(ask)

    def everywhere(self) -> list[Seen]:
        """How each device of all centres is."""
        now_ms = self._now_ms()
        found = []
        for row in self._store.read(lambda tx: tx.devices(None)):
            seen_ms, report = self._newest(row)
            state, wrong = self._judge(row.id, seen_ms, report, now_ms)
            heard = report if state not in ("silent", "unknown") else None
            found.append(Seen(row.centre, row.role, state, wrong, heard))
        return found

    def _newest(self, row: DeviceRow) -> tuple[int | None, Heartbeat | None]:
        heard = self._heard.get(row.id)
        if heard is not None and heard.at_ms >= (row.seen_ms or 0):
            return heard.at_ms, heard.report
        return row.seen_ms, _read(row.report)

    def _judge(
        self, token: str, seen_ms: int | None, report: Heartbeat | None, now_ms: int
    ) -> tuple[DeviceState, list[Trouble]]:
        if seen_ms is None:
            return "unknown", []
        if now_ms - seen_ms < _SILENT_MS:
            wrong = troubles(report) if report is not None else []
            return state_of(wrong), wrong
        # After a restart every device gets the time in which it would have been heard.
        if token not in self._heard and now_ms - self._started_ms < _SILENT_MS:
            return "unknown", []
        return "silent", ["silent"]

    def _now_ms(self) -> int:
        return milliseconds(self._clock.now())


def _telling(report: Heartbeat) -> Telling:
    return report.version, tuple(troubles(report))


def _read(text: str | None) -> Heartbeat | None:
    """A stored heartbeat; None where another release wrote it and it is not understood."""
    if text is None:
        return None
    try:
        return _decode(text)
    except msgspec.MsgspecError:
        return None
