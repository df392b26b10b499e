"""How busy the centres are, read when Prometheus asks."""

import logging
from collections.abc import Iterator
from typing import NamedTuple

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from server.service.figures import CentreFigures, Figures
from server.service.ports import StoreError

log = logging.getLogger(__name__)


class LobbyGauges(Collector):
    """The gauges of the centres; without samples while the database does not answer."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """The metrics without samples: being registered asks no database."""
        return iter(_Families.fresh())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The metrics now."""
        families = _Families.fresh()
        try:
            centres = self._figures.centres()
        except StoreError as error:
            log.warning("the centres were not counted: %s", error)
        else:
            for found in centres:
                families.add(found)
        return iter(families)


class _Families(NamedTuple):
    open: GaugeMetricFamily
    counters: GaugeMetricFamily
    waiting: GaugeMetricFamily
    served_by: GaugeMetricFamily
    likely: GaugeMetricFamily
    target: GaugeMetricFamily
    error: GaugeMetricFamily
    covered: GaugeMetricFamily

    @classmethod
    def fresh(cls) -> "_Families":
        centre, service = ["centre"], ["centre", "service"]
        return cls(
            GaugeMetricFamily("layso_centre_open", "Whether the centre is open now", labels=centre),
            GaugeMetricFamily("layso_counters", "Counters by state", labels=["centre", "state"]),
            GaugeMetricFamily("layso_waiting", "Tickets that wait now", labels=service),
            GaugeMetricFamily(
                "layso_service_counters", "Open counters that may serve it", labels=service
            ),
            GaugeMetricFamily(
                "layso_wait_likely_seconds", "What somebody who comes now is told", labels=service
            ),
            GaugeMetricFamily(
                "layso_wait_target_seconds", "The wait that the centre aims at", labels=service
            ),
            GaugeMetricFamily(
                "layso_wait_error_seconds",
                "How far the waits told were off on the last finished day, on average",
                labels=centre,
            ),
            GaugeMetricFamily(
                "layso_wait_covered_ratio",
                "Share called within the time told for 9 of 10, on the last finished day",
                labels=centre,
            ),
        )

    def add(self, found: CentreFigures) -> None:
        """Add the samples of one centre."""
        centre = found.centre
        self.open.add_metric([centre], found.open)
        for state in ("open", "paused", "closed"):
            self.counters.add_metric([centre, state], found.counters.get(state, 0))
        for one in found.services:
            place = [centre, one.service]
            self.waiting.add_metric(place, one.waiting)
            self.served_by.add_metric(place, one.open_counters)
            self.target.add_metric(place, one.target_s)
            if one.likely_s is not None:
                self.likely.add_metric(place, one.likely_s)
        if found.accuracy is not None:
            self.error.add_metric([centre], found.accuracy.mean_error_s)
            self.covered.add_metric([centre], found.accuracy.covered)
