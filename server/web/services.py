"""What the web side is handed by the composition root."""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry

from look.voice import Voice, read_voice
from server.service.access import Access
from server.service.audit import AuditLog
from server.service.by_link import ByLink
from server.service.configuration import Configurations
from server.service.desk_readings import DeskReadings
from server.service.finding import TicketFinder
from server.service.heartbeats import Heartbeats
from server.service.help_line import HelpLine
from server.service.limits import Limiter
from server.service.lobby import Lobby
from server.service.notice_board import NoticeBoard
from server.service.offers import Offering
from server.service.prints import PrintOrders
from server.service.procedure_edits import ProcedureEdits
from server.service.ratings import RatingDesk
from server.service.readings import Readings
from server.service.seats import SeatPlan

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Services:
    """Everything a route may use, and nothing it could reach storage by.

    `faults` names what keeps the server from being ready: an unreachable database, migrations
    that are not current. `secure_cookies` is for servers that people reach by https. `voice` has
    the clips of the announcements.
    """

    lobby: Lobby
    readings: Readings
    offers: Offering
    access: Access
    heartbeats: Heartbeats
    help_line: HelpLine
    notice_board: NoticeBoard
    seats: SeatPlan
    desk: DeskReadings
    finder: TicketFinder
    prints: PrintOrders
    audit: AuditLog
    by_link: ByLink
    ratings: RatingDesk
    limiter: Limiter
    configurations: Configurations
    procedure_edits: ProcedureEdits
    faults: Callable[[], list[str]]
    version: str
    public_url: str = ""
    trusted_proxies: tuple[Network, ...] = ()
    secure_cookies: bool = False
    voice: Voice = field(default_factory=read_voice)
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    shown: CollectorRegistry | None = None
