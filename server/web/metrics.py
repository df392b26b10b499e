"""What the server counts, for Prometheus. Nothing here names a person, ticket or address."""

from collections.abc import Callable
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Histogram

from server.service.ports import Reply

BUCKETS_S: Final = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


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
        if operation in ("issue_ticket", "receive"):
            self._issued.inc()
        if operation in ("call_ticket", "receive") or (
            operation == "call_next" and not result.body.startswith(b'{"ticket":null')
        ):
            self._called.inc()
