"""What the server counts, for Prometheus. Nothing here names a person, ticket or address."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import msgspec
from prometheus_client import CollectorRegistry, Counter, Histogram

from server.service.ports import Reply

BUCKETS_S: Final = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
WAIT_BUCKETS_S: Final = (60, 120, 300, 600, 900, 1200, 1800, 2700, 3600, 5400, 7200, 14400)


class _Wait(msgspec.Struct):
    likely_s: int


class _Ticket(msgspec.Struct):
    """The part of a ticket in an answer that is measured."""

    centre: str
    issued_at: datetime
    called_at: datetime | None = None
    wait: _Wait | None = None


class _Called(msgspec.Struct):
    """The part of call-next's answer."""

    ticket: _Ticket | None = None


_issued = msgspec.json.Decoder(_Ticket).decode
_called = msgspec.json.Decoder(_Called).decode


class Metrics:
    """The web side's own metrics, in the registry it is handed."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._seconds = Histogram(
            "layso_http_request_seconds",
            "Time from a request's arrival at its route to its answer",
            ["operation"],
            buckets=BUCKETS_S,
            registry=registry,
        )
        self._answers = Counter(
            "layso_http_answers",
            "Answers by operation and status",
            ["operation", "status"],
            registry=registry,
        )
        self._issued = Counter(
            "layso_tickets_issued", "Tickets issued, repeats not counted", registry=registry
        )
        self._called = Counter(
            "layso_tickets_called", "Tickets called, repeats not counted", registry=registry
        )

        self._told = Histogram(
            "layso_wait_told_seconds",
            "The likely wait that people were told with their number",
            ["centre"],
            buckets=WAIT_BUCKETS_S,
            registry=registry,
        )
        self._waited = Histogram(
            "layso_wait_seconds",
            "The wait that came: from the number to the call",
            ["centre"],
            buckets=WAIT_BUCKETS_S,
            registry=registry,
        )

    def answered(self, operation: str) -> Callable[[int, float], None]:
        """A quick way to note one answer of an operation: its status and seconds."""
        observe = self._seconds.labels(operation).observe
        by_status: dict[int, Callable[[], None]] = {}

        def note(status: int, seconds: float) -> None:
            observe(seconds)
            count = by_status.get(status)
            if count is None:
                count = by_status[status] = self._answers.labels(operation, str(status)).inc
            count()

        return note

    def count(self, operation: str, result: Any) -> None:
        """Note what a command did."""
        if type(result) is not Reply or result.repeated:
            return
        if operation == "issue_ticket":
            self._note_issued(_issued(result.body))
        elif operation == "call_next":
            self._note_called(_called(result.body).ticket)
        elif operation == "call_ticket":
            self._note_called(_issued(result.body))
        elif operation == "receive":
            self._issued.inc()
            self._called.inc()

    def _note_issued(self, ticket: _Ticket) -> None:
        self._issued.inc()
        if ticket.wait is not None:
            self._told.labels(ticket.centre).observe(ticket.wait.likely_s)

    def _note_called(self, ticket: _Ticket | None) -> None:
        if ticket is None:
            return
        self._called.inc()
        if ticket.called_at is not None:
            waited = ticket.called_at - ticket.issued_at
            self._waited.labels(ticket.centre).observe(waited.total_seconds())
