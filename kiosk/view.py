"""What the touch page and the local state show, gathered from the parts of the agent."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from edge.clock import TrustedClock
from edge.heartbeat import plain
from edge.spool import Spool
from kiosk.contact import Contact
from kiosk.guide import Guide
from kiosk.journal import Journal
from kiosk.numbers import Numbers
from kiosk.picture import Picture
from kiosk.printing import PrintQueue
from look.catalogue import LANGUAGES
from wire.help import HelpState

_FALLBACK_ZONE: Final = "Asia/Ho_Chi_Minh"
CALLS: Final = 3
"""How many of the newest calls the page shows above itself when it is lowered."""


class View:
    """Reads the agent; changes nothing. Safe to use from several threads."""

    def __init__(
        self,
        *,
        contact: Contact,
        picture: Picture,
        clock: TrustedClock,
        journal: Journal,
        numbers: Numbers,
        spool: Spool,
        printing: PrintQueue,
        scanner: str,
        devices: Callable[[], dict[str, Any]],
        guide: Guide,
        help_state: Callable[[], HelpState] = lambda: "clear",
    ) -> None:
        self._contact = contact
        self._picture = picture
        self._clock = clock
        self._journal = journal
        self._numbers = numbers
        self._spool = spool
        self._printing = printing
        self._help_state = help_state
        self._scanner = scanner
        self._devices = devices
        self._guide = guide

    def state(self) -> dict[str, Any]:
        """`GET /api/state`."""
        return {
            "link": self._contact.link_state,
            "printer": self._printer(),
            "outbox": self._spool.count(),
            "refused": len(self._spool.refused()),
            "clock_trusted": self._clock.trusted,
            "band": self._band(),
            **self._devices(),
        }

    def page(self) -> dict[str, Any]:
        """`GET /api/view`."""
        centre = self._picture.centre
        offline = not self._contact.confirmed
        now = self._now()
        return {
            "ready": centre is not None and (not offline or self._picture.band is not None),
            "centre": msgspec.to_builtins(centre),
            "board": {} if offline else self._waits(),
            "procedures": self._picture.procedures_version,
            "calls": [] if offline else self._calls(),
            "offline": offline,
            "link": self._contact.link_state,
            "printer": self._printer(),
            "clock": {"now": now.isoformat(timespec="seconds"), "trusted": self._clock.trusted},
            "languages": list(LANGUAGES),
            "language": "vi",
            "help": self._help_state(),
            "scanner": self._scanner,
            "guide": self._guide.shown(),
            "unprinted": self._unprinted(now.date().isoformat()),
        }

    def vitals(self) -> dict[str, Any]:
        """The kiosk's own part of a heartbeat."""
        return {
            "link": self._contact.link_state,
            "printer": {**self._printer(), "detail": plain(self._printing.status.detail)},
            "outbox": self._spool.count(),
            "refused": len(self._spool.refused()),
            "unprinted": len(self._unprinted(self._now().date().isoformat())),
            "clock_trusted": self._clock.trusted,
        }

    def gives(self, service: str) -> bool:
        """Whether a number of that service can be had here, as far as the kiosk knows."""
        centre = self._picture.centre
        if centre is None or self._picture.service(service) is None:
            return False
        offline = not self._contact.confirmed
        if offline and self._picture.band is None:
            return False
        opens_at = centre.opens_at
        if centre.tickets or (offline and (not self._clock.trusted or opens_at is None)):
            return True
        return opens_at is not None and self._clock.now() >= opens_at

    def _now(self) -> datetime:
        """The best known time, in the centre's zone."""
        centre = self._picture.centre
        return self._clock.now().astimezone(ZoneInfo(centre.timezone if centre else _FALLBACK_ZONE))

    def _printer(self) -> dict[str, str]:
        status = self._printing.status
        return {"state": status.state, "paper": status.paper, "cover": status.cover}

    def _band(self) -> dict[str, Any] | None:
        band, centre = self._picture.band, self._picture.centre
        if band is None:
            return None
        day = self._clock.day(ZoneInfo(centre.timezone)) if centre else None
        left: Mapping[str, int] = {
            info.id: self._numbers.left(day=day, prefix=info.prefix, band=band)
            for info in (centre.services if centre else [])
        }
        return {
            "from": band.first,
            "to": band.last,
            "left": min(left.values(), default=band.last + 1 - band.first),
            "by_service": left,
        }

    def _waits(self) -> dict[str, Any]:
        return {
            service: {
                "waiting": load.waiting,
                "open_counters": load.open_counters,
                "likely_s": load.likely_s,
                "high_s": load.high_s,
            }
            for service, load in self._picture.loads().items()
        }

    def _calls(self) -> list[dict[str, Any]]:
        board = self._picture.board
        return [
            {"number": call.number, "counter": call.counter.number}
            for call in (board.calls[:CALLS] if board else [])
        ]

    def _unprinted(self, today: str) -> list[dict[str, Any]]:
        return [
            {
                "id": entry.id,
                "number": entry.number,
                "outcome": entry.paper,
                "issued_at": entry.issued_at.isoformat(),
            }
            for entry in self._journal.unprinted()
            if entry.day in (None, today)
        ]
