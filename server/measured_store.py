"""A store whose transactions are timed, for Prometheus."""

from collections.abc import Callable
from time import perf_counter
from typing import Final, TypeVar

from prometheus_client import CollectorRegistry, Counter, Histogram

from server.service.ports import Pushed, Store, StoreError, Tx

T = TypeVar("T")

BUCKETS_S: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


class MeasuredStore:
    """Hands everything on to another store, and notes how long it took.

    A refused command is timed as well: it waited for its turn like any other.

    Args:
        store: What does the work.
        registry: Where the metrics are made.
    """

    def __init__(self, store: Store, registry: CollectorRegistry) -> None:
        self._store = store
        self.on_commit: list[Callable[[list[Pushed]], None]] = store.on_commit
        seconds = Histogram(
            "layso_database_seconds",
            "Time of a transaction, from asking for its turn to its commit",
            ["kind"],
            buckets=BUCKETS_S,
            registry=registry,
        )
        self._wrote = seconds.labels("write").observe
        self._read = seconds.labels("read").observe
        self._failures = Counter(
            "layso_database_failures", "Transactions that the database failed", registry=registry
        )

    def run(self, centre: str, work: Callable[[Tx], T]) -> T:
        """Run `work` in one transaction, as the store underneath does."""
        return self._timed(lambda: self._store.run(centre, work), self._wrote)

    def read(self, work: Callable[[Tx], T]) -> T:
        """Run `work` on one snapshot, as the store underneath does."""
        return self._timed(lambda: self._store.read(work), self._read)

    def close(self) -> None:
        """Close the store underneath."""
        self._store.close()

    def _timed(self, work: Callable[[], T], observe: Callable[[float], None]) -> T:
        begun = perf_counter()
        try:
            return work()
        except StoreError:
            self._failures.inc()
            raise
        finally:
            observe(perf_counter() - begun)
