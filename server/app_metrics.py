"""What Prometheus is told beside what the routes count: the lobby, the sockets, the box."""

import logging
from collections.abc import Callable
from time import time
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge

from server.box_gauges import BoxGauges, ReadyGauge
from server.certificate import certificate_of
from server.config import ServerConfig
from server.parts import Parts
from server.realtime.sockets import Sockets
from server.registries import Registries
from server.timers import Timer
from server.web.device_gauges import DeviceGauges
from server.web.lobby_gauges import LobbyGauges

log = logging.getLogger(__name__)

COUNT_SOCKETS_EVERY_S: Final = 1.0
CERTIFICATE_EVERY_S: Final = 600.0


def watch_over(
    registries: Registries,
    config: ServerConfig,
    parts: Parts,
    sockets: Sockets,
    faults: Callable[[], list[str]],
) -> list[Timer]:
    """Register every metric that is not a route's own; the timers that keep them true."""
    asking = [LobbyGauges(parts.figures), DeviceGauges(parts.heartbeats)]
    registries.shown.register(ReadyGauge(faults, asking))
    registries.shown.register(BoxGauges(config))
    started = Gauge(
        "layso_started_seconds",
        "When the newest process of the server started",
        registry=registries.made,
        multiprocess_mode="max",
    )
    started.set(time())
    timers = [Timer("count sockets", COUNT_SOCKETS_EVERY_S, SocketCount(registries.made, sockets))]
    if config.secure:
        look = CertificateLook(registries.made, config.public_url)
        timers.append(Timer("certificate", CERTIFICATE_EVERY_S, look, at_once=True))
    return timers


class SocketCount:
    """Notes how many clients this process has; called once a second."""

    def __init__(self, registry: CollectorRegistry, sockets: Sockets) -> None:
        self._sockets = sockets
        self._cut = 0
        self._count = Gauge(
            "layso_sockets",
            "Socket.IO clients connected now",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self._stalled = Counter(
            "layso_sockets_stalled", "Clients cut for not reading", registry=registry
        )

    def __call__(self) -> None:
        """Look once."""
        self._count.set(self._sockets.count)
        cut = self._sockets.evicted
        self._stalled.inc(cut - self._cut)
        self._cut = cut


class CertificateLook:
    """Notes how long the certificate is valid that the public address shows."""

    def __init__(self, registry: CollectorRegistry, public_url: str) -> None:
        self._url = public_url
        self._begins = Gauge(
            "layso_certificate_begins_seconds",
            "When the certificate of the public address was made; 0: it was not seen yet",
            registry=registry,
            multiprocess_mode="max",
        )
        self._ends = Gauge(
            "layso_certificate_ends_seconds",
            "When the certificate of the public address runs out; 0: it was not seen yet",
            registry=registry,
            multiprocess_mode="max",
        )

    def __call__(self) -> None:
        """Look once; what cannot be reached leaves what was seen last."""
        try:
            found = certificate_of(self._url)
        except (OSError, ValueError) as error:
            log.warning("the certificate of %s was not seen: %s", self._url, error)
        else:
            self._begins.set(found.begins.timestamp())
            self._ends.set(found.ends.timestamp())
