"""The kiosk agent: makes its parts, starts them, and stops them in reverse."""

import logging
import secrets
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from edge.ballast import Ballast
from edge.client import ServerClient
from edge.clock import TrustedClock, this_machine
from edge.database import Database
from edge.errors import PortTaken
from edge.health import Metric, health_blueprint
from edge.heartbeat import Heartbeat
from edge.link import Link
from edge.speech import Speech
from edge.spool import Spool
from edge.web import LocalServer
from kiosk.answers import Wording
from kiosk.config import KioskConfig
from kiosk.contact import Contact
from kiosk.errors import KioskError
from kiosk.glyphs import Typeface
from kiosk.guide import Guide, guide_blueprint
from kiosk.hand_in import HandIn
from kiosk.happenings import WAITERS, Happenings
from kiosk.help_api import help_blueprint
from kiosk.help_button import HelpButton
from kiosk.journal import SCHEMA, Entry, Journal
from kiosk.keys import Keys
from kiosk.local_api import create_local
from kiosk.local_devices import devices_blueprint
from kiosk.numbers import Numbers
from kiosk.picture import Picture
from kiosk.ports import TicketSlip
from kiosk.press import Press, Randomness
from kiosk.print_orders import PrintOrders
from kiosk.printing import PrintQueue
from kiosk.rate import TokenBucket, Turns
from kiosk.rating import Rating, rating_blueprint
from kiosk.redirect import Redirects
from kiosk.scanning import Scanning
from kiosk.scans import Scans
from kiosk.slip import TicketFacts, compose
from kiosk.ticket_layout import lay_out
from kiosk.view import View
from look import STATIC_DIR
from look.catalogue import words

log = logging.getLogger(__name__)

FONTS: Final[Path] = STATIC_DIR / "fonts"
WEB_THREADS: Final = 8
"""A press holds one for up to two seconds; the page must still be answered.

Pages that wait for news hold threads beyond these.
"""

FIRST_ANSWER_S: Final = 1.0
"""How long a first slip may wait for the centre's name."""


def wording() -> Wording:
    """The slip's and the press's words."""
    return Wording(words("vi", "slip"), words("en", "slip"))


def typeface() -> Typeface:
    """The project's own font.

    Raises:
        KioskError: it was never built.
    """
    if not (FONTS / "BeVietnamPro-800.ttf").is_file():
        raise KioskError(f"the slip's font is not in {FONTS}; run script/setup")
    return Typeface(FONTS)


class KioskAgent:
    """One kiosk: local page and keys, printer, journal, and the way to the server.

    Args:
        config: What `kiosk.config.load` read.

    Raises:
        DatabaseUnusable: the data folder cannot be used, or another agent uses it.
        PortTaken: the local page's port is in use.
    """

    def __init__(self, config: KioskConfig) -> None:
        agent = config.agent
        self._config = config
        self._stopped = threading.Event()
        self._words = wording()
        self._typeface = typeface()
        self._database = Database(
            agent.data_dir / "kiosk.db", SCHEMA, ballast=Ballast(agent.data_dir / "ballast")
        )
        self.journal = Journal(self._database)
        self.numbers = Numbers(self._database)
        self.spool = Spool(self._database)
        self.clock = TrustedClock(this_machine(), agent.data_dir / "clock.json")
        self.picture = Picture(self._database, agent.server, agent.centre)
        self._recover()
        self._client = ServerClient(agent.server, agent.token)
        self.contact = Contact(
            self._client, self.picture, self.clock, agent.centre,
            on_reachable=lambda: self.hand_in.wake(),
        )  # fmt: skip
        self.help = HelpButton(self._client, agent.centre, lambda: self.picture.kiosk)
        self._link = Link(
            agent.server, agent.token, agent.centre,
            on_board=self.contact.on_board,
            on_change=self.contact.on_change,
            on_state=self.contact.on_state,
            on_help=self.help.on_help,
            on_prints=lambda told: self.orders.on_prints(told),
        )  # fmt: skip
        self.hand_in = HandIn(
            centre=agent.centre, client=self._client, spool=self.spool, journal=self.journal,
            numbers=self.numbers, picture=self.picture, clock=self.clock,
            reachable=lambda: self.contact.confirmed,
            look_elsewhere=lambda attempt: self.redirects.look_into(attempt),
        )  # fmt: skip
        self.printing = PrintQueue(config.printer, self.journal, self._set_slip)
        self.press = self._make_press()
        self.orders = self._make_orders()
        self.redirects = Redirects(
            centre=agent.centre, client=self._client, contact=self.contact, clock=self.clock,
            journal=self.journal, press=self.press,
        )  # fmt: skip
        self.guide = Guide(config.pad_keys, Speech())
        self.view = View(
            contact=self.contact, picture=self.picture, clock=self.clock, journal=self.journal,
            numbers=self.numbers, spool=self.spool, printing=self.printing, guide=self.guide,
            scanner=config.scanner.driver, devices=lambda: self._devices(),
            help_state=lambda: self.help.state,
        )  # fmt: skip
        self.heartbeat = Heartbeat(self._client, self._vitals, lambda: self.printing.status)
        self.happenings = Happenings()
        self.scans = self._make_scans()
        self.scanning = Scanning(config.scanner.scanner, self.scans, self.happenings, self._words)
        self.keys = Keys(config.keys, self.press, self.happenings, self._words, self.view.gives)
        try:
            self.web = self._make_web()
        except PortTaken:
            self._database.close()
            raise

    def start(self) -> None:
        """Begin to give numbers."""
        self.printing.start()
        self.hand_in.start()
        self.orders.start()
        self.contact.start(self._link)
        self.heartbeat.start()
        self.web.start()
        self.keys.start()
        self.scanning.start()
        log.info("page at %s", self.web.address)

    def stop(self) -> None:
        """Finish the slip in hand and stop; what is to be handed in stays. Safe to repeat."""
        if self._stopped.is_set():
            return
        self._stopped.set()
        self.keys.stop()
        self.scanning.stop()
        self.happenings.close()
        self.web.stop()
        self.heartbeat.stop()
        self.contact.stop()
        self.hand_in.stop()
        self.orders.stop()
        self.printing.stop()
        self._client.close()
        self._database.close()

    def status(self) -> str:
        """The link, and what waits to be handed in, in one line."""
        return f"link {self.contact.link_state}, {self.spool.count()} to hand in"

    def _recover(self) -> None:
        """Close what a crash left open, and let the clock not go back behind it."""
        self.journal.resolve_after_start()
        last = self.journal.last_known_time()
        if last is not None:
            self.clock.not_before(last)
        if self.clock.trusted:
            self.journal.forget_before(self.clock.now())

    def _make_press(self) -> Press:
        agent = self._config.agent
        rate, now_s = self._config.press, time.monotonic()
        turns = Turns(
            TokenBucket(rate.burst, rate.per_minute, now_s),
            TokenBucket(rate.touches, rate.touches_per_minute, now_s),
        )
        return Press(
            centre=agent.centre, client=self._client, contact=self.contact,
            picture=self.picture, clock=self.clock, journal=self.journal, numbers=self.numbers,
            spool=self.spool, printing=self.printing, turns=turns, words=self._words,
            randomness=Randomness(secrets.token_bytes),
            on_hand_in=self.hand_in.wake, on_lost_try=self.hand_in.look_into,
        )  # fmt: skip

    def _make_orders(self) -> PrintOrders:
        return PrintOrders(
            centre=self._config.agent.centre, client=self._client, clock=self.clock,
            journal=self.journal, printing=self.printing, kiosk=lambda: self.picture.kiosk,
            rung=lambda: self.contact.link_state == "up",
            reachable=lambda: self.contact.confirmed,
        )  # fmt: skip

    def _make_scans(self) -> Scans:
        agent = self._config.agent
        return Scans(
            centre=agent.centre, server=agent.server,
            elderly_age=self._config.scanner.elderly_age, client=self._client,
            contact=self.contact, picture=self.picture, clock=self.clock, journal=self.journal,
            press=self.press, key=secrets.token_bytes(32),
        )  # fmt: skip

    def _devices(self) -> dict[str, Any]:
        return {"keys": self.keys.state(), "scanner": self.scanning.trouble}

    def _make_web(self) -> LocalServer:
        agent = self._config.agent
        app = create_local(
            self.press, self.redirects, self.view, self.picture, self._words, self._config.logo
        )
        app.register_blueprint(help_blueprint(self.help))
        rating = Rating(centre=agent.centre, client=self._client, contact=self.contact)
        app.register_blueprint(rating_blueprint(rating))
        app.register_blueprint(devices_blueprint(self.scans, self.happenings))
        app.register_blueprint(guide_blueprint(self.guide.speech))
        app.register_blueprint(health_blueprint(self._health, self._metrics, token=agent.token))
        threads = WEB_THREADS + WAITERS
        return LocalServer(app, agent.listen_host, agent.listen_port, threads=threads)

    def _set_slip(self, entry: Entry) -> TicketSlip:
        centre = self.picture.wait_for_centre(FIRST_ANSWER_S)
        if centre is None:
            raise KioskError("the centre is not known yet")
        procedure = self.picture.procedure(entry.procedure) if entry.procedure else None
        facts = TicketFacts(
            number=entry.number,
            service=entry.service,
            issued_at=entry.issued_at,
            track_url=entry.track_url,
            language=entry.language,
            ahead=entry.ahead,
            wait=entry.wait,
            offline=entry.mode == "offline",
            copy=entry.papers,
            elsewhere=entry.elsewhere,
            procedure=procedure.name if procedure else None,
            papers=tuple(procedure.papers) if procedure else (),
        )
        content = compose(facts, centre, self._words.vi, self._words.en, now=self.clock.now())
        return lay_out(content, self._config.printer.paper_dots, self._typeface)

    def _vitals(self) -> dict[str, Any]:
        return {**self.view.vitals(), "presses_refused": sum(self.press.refused.values())}

    def _health(self) -> dict[str, Any]:
        state = self.view.state()
        return {"link": state["link"], "printer": state["printer"], "outbox": state["outbox"]}

    def _metrics(self) -> list[Metric]:
        state, printing = self.view.state(), self.printing
        slips: list[tuple[Any, float]] = [
            ({"outcome": "printed"}, printing.printed),
            ({"outcome": "failed"}, printing.failed),
            ({"outcome": "unknown"}, printing.unknown),
        ]
        refused: list[tuple[Any, float]] = [
            ({"code": code}, count) for code, count in sorted(self.press.refused.items())
        ]
        return [
            _gauge("layso_kiosk_link_up", "Whether the server is heard.", state["link"] == "up"),
            _gauge("layso_kiosk_outbox", "Tickets still to be handed in.", state["outbox"]),
            _gauge("layso_kiosk_refused", "Tickets refused for good.", state["refused"]),
            _gauge("layso_kiosk_clock_trusted", "Whether the day is known.", self.clock.trusted),
            Metric("layso_kiosk_slips_total", "Slips by outcome.", "counter", slips),
            Metric("layso_kiosk_presses_refused_total", "Presses refused.", "counter", refused),
            _counter("layso_kiosk_keys_total", "Keys pressed.", "outcome", self.keys.counts),
            _counter("layso_kiosk_scans_total", "Codes scanned.", "kind", self.scans.counts),
        ]


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return Metric(name, meaning, "gauge", [({}, float(value))])


def _counter(name: str, meaning: str, label: str, counts: Mapping[str, int]) -> Metric:
    samples: list[tuple[Any, float]] = [
        ({label: value}, count) for value, count in sorted(counts.items())
    ]
    return Metric(name, meaning, "counter", samples)
