"""How the devices of every centre are, counted when Prometheus asks."""

import logging
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from server.service.heartbeats import Heartbeats, Seen
from server.service.ports import StoreError

log = logging.getLogger(__name__)


class DeviceGauges(Collector):
    """The gauges of devices; without samples while the database does not answer."""

    def __init__(self, heartbeats: Heartbeats) -> None:
        self._heartbeats = heartbeats

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """The metrics without samples: being registered asks no database."""
        return iter(_Families.fresh())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The metrics now."""
        families = _Families.fresh()
        try:
            seen = self._heartbeats.everywhere()
        except StoreError as error:
            log.warning("the devices were not counted: %s", error)
        else:
            families.add(seen)
        return iter(families)


class _Families(NamedTuple):
    devices: GaugeMetricFamily
    troubles: GaugeMetricFamily
    printers: GaugeMetricFamily
    outbox: GaugeMetricFamily
    refused: GaugeMetricFamily
    clocks: GaugeMetricFamily

    @classmethod
    def fresh(cls) -> "_Families":
        return cls(
            GaugeMetricFamily(
                "layso_devices",
                "Devices by centre, role and state",
                labels=["centre", "role", "state"],
            ),
            GaugeMetricFamily(
                "layso_device_troubles",
                "Devices that have this trouble now",
                labels=["centre", "role", "trouble"],
            ),
            GaugeMetricFamily(
                "layso_printers",
                "Printers by what they say",
                labels=["centre", "state"],
            ),
            GaugeMetricFamily(
                "layso_device_outbox",
                "Tickets that devices still have to hand in",
                labels=["centre", "role"],
            ),
            GaugeMetricFamily(
                "layso_device_refused",
                "Tickets of devices that the server refused for good",
                labels=["centre", "role"],
            ),
            GaugeMetricFamily(
                "layso_device_clock_off_seconds",
                "How far the worst clock of a device is off",
                labels=["centre", "role"],
            ),
        )

    def add(self, seen: list[Seen]) -> None:
        """Add the samples of these devices."""
        _fill(self.devices, Counter((one.centre, one.role, one.state) for one in seen))
        troubles = ((one.centre, one.role, sign) for one in seen for sign in one.trouble)
        _fill(self.troubles, Counter(troubles))
        reports = [(one, one.report) for one in seen if one.report is not None]
        printers = ((one.centre, report.printer.state) for one, report in reports if report.printer)
        _fill(self.printers, Counter(printers))
        waiting: Counter[tuple[str, ...]] = Counter()
        refused: Counter[tuple[str, ...]] = Counter()
        off_s: dict[tuple[str, ...], float] = {}
        for one, report in reports:
            place = (one.centre, one.role)
            if report.outbox is not None:
                waiting[place] += int(report.outbox)
            if report.refused is not None:
                refused[place] += int(report.refused)
            if report.clock_offset_s is not None:
                off_s[place] = max(off_s.get(place, 0.0), abs(report.clock_offset_s))
        _fill(self.outbox, waiting)
        _fill(self.refused, refused)
        _fill(self.clocks, off_s)


def _fill(
    family: GaugeMetricFamily, values: "Counter[tuple[str, ...]] | dict[tuple[str, ...], float]"
) -> None:
    for labels, value in sorted(values.items()):
        family.add_metric(labels, value)
