"""What the web side is handed by the composition root."""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry

from server.service.access import Access
from server.service.heartbeats import Heartbeats
from server.service.help_line import HelpLine
from server.service.limits import Limiter
from server.service.lobby import Lobby
from server.service.offers import Offering
from server.service.readings import Readings

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Services:
    """Everything a route may use, and nothing it could reach storage by.

    `faults` names what keeps the server from being ready: an unreachable database, migrations
    that are not current. `secure_cookies` is for servers that people reach by https.
    """

    lobby: Lobby
    readings: Readings
    offers: Offering
    access: Access
    heartbeats: Heartbeats
    help_line: HelpLine
    limiter: Limiter
    faults: Callable[[], list[str]]
    version: str
    public_url: str = ""
    trusted_proxies: tuple[Network, ...] = ()
    secure_cookies: bool = False
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
