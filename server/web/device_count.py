"""How many devices there are in which state, counted when Prometheus asks."""

import logging
from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from server.service.heartbeats import Heartbeats
from server.service.ports import StoreError

log = logging.getLogger(__name__)


class DeviceCount(Collector):
    """The gauge of devices by role and state, over all centres."""

    def __init__(self, heartbeats: Heartbeats) -> None:
        self._heartbeats = heartbeats

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """The metric without samples: being registered asks no database."""
        yield self._family()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The metric now; without samples while the database does not answer."""
        family = self._family()
        try:
            for labels, count in sorted(self._heartbeats.counts().items()):
                family.add_metric(labels, count)
        except StoreError as error:
            log.warning("the devices were not counted: %s", error)
        yield family

    @staticmethod
    def _family() -> GaugeMetricFamily:
        return GaugeMetricFamily(
            "layso_devices", "Devices by role and state", labels=["role", "state"]
        )
