"""What only this box knows of itself: its clock, its disks, the last copy and verification."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import time

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from server.backups import newest_copy
from server.config import ServerConfig
from server.verified import last_verified


class ReadyGauge(Collector):
    """Whether the server is ready, and what only a ready one can say.

    Args:
        faults: What keeps it from being ready; asked once for each answer, so that a database
            that is away is waited for once.
        parts: The collectors that ask the database.
    """

    def __init__(self, faults: Callable[[], list[str]], parts: Sequence[Collector]) -> None:
        self._faults = faults
        self._parts = parts

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """The metrics without samples."""
        yield self._family()
        for part in self._parts:
            yield from part.describe()  # type: ignore[attr-defined]

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The metrics now; of a server that is not ready this one alone."""
        ready = not self._faults()
        family = self._family()
        family.add_metric([], ready)
        yield family
        if ready:
            for part in self._parts:
                yield from part.collect()  # type: ignore[misc]

    @staticmethod
    def _family() -> GaugeMetricFamily:
        return GaugeMetricFamily("layso_ready", "Whether database and tables are as they must be")


class BoxGauges(Collector):
    """The gauges of the box; a file or folder that cannot be read has no sample."""

    def __init__(self, config: ServerConfig) -> None:
        self._config = config

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """The metrics, whose reading asks no database."""
        return self.collect()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The metrics now."""
        yield GaugeMetricFamily("layso_clock_seconds", "The server's clock", value=time())
        yield self._copy_made()
        yield from self._verified()
        yield from self._disks()

    def _copy_made(self) -> GaugeMetricFamily:
        family = GaugeMetricFamily(
            "layso_backup_made_seconds", "When the newest whole copy was made; 0: there is none"
        )
        folder = self._config.backup_dir
        if folder is not None:
            newest = newest_copy(folder)
            family.add_metric([], newest.timestamp() if newest else 0.0)
        return family

    def _verified(self) -> Iterator[GaugeMetricFamily]:
        at = GaugeMetricFamily(
            "layso_verified_seconds", "When the log was verified last; 0: it never was"
        )
        faults = GaugeMetricFamily("layso_verify_faults", "Faults that it found")
        found = last_verified(self._config.data_dir)
        at.add_metric([], found.at if found else 0.0)
        if found:
            faults.add_metric([], found.faults)
        yield at
        yield faults

    def _disks(self) -> Iterator[GaugeMetricFamily]:
        free = GaugeMetricFamily(
            "layso_disk_free_bytes", "Room left where things are kept", labels=["place"]
        )
        size = GaugeMetricFamily("layso_disk_bytes", "Size of that disk", labels=["place"])
        places = {"data": self._config.data_dir, "backups": self._config.backup_dir}
        for place, folder in places.items():
            usage = shutil.disk_usage(folder) if folder and Path(folder).is_dir() else None
            if usage is not None:
                free.add_metric([place], usage.free)
                size.add_metric([place], usage.total)
        yield free
        yield size
