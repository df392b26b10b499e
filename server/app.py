"""The server's composition root: make, start, stop in reverse. Nothing lives at module level.

Runs under gevent: `server.run` patches the process before it imports this.
"""

import logging
import socket
from collections.abc import Callable
from typing import Any, Protocol

from flask import Flask

from display.hall import hall_blueprint
from look.voice import Voice, read_voice
from server.app_metrics import watch_over
from server.config import ServerConfig
from server.http_server import HttpServer
from server.parts import REVISIONS, VERSION, Parts, newest_revision, open_parts
from server.realtime.bell import RedisBell, SilentBell
from server.realtime.lobby import (
    coming_watch,
    device_watch,
    help_watch,
    notice_watch,
    print_watch,
    seat_watch,
)
from server.realtime.pictures import PictureWatch
from server.realtime.ports import Bell
from server.realtime.relay import Relay
from server.realtime.sockets import Sockets
from server.registries import registries
from server.service.limits import Limiter, limit_key
from server.service.ports import StoreError
from server.timers import Timer
from server.web import Services, web_blueprints
from server.web.addresses import believe_proxies, client_address
from wire.errors import Refusal

log = logging.getLogger(__name__)

END_DAYS_EVERY_S = 1.0
VOID_EVERY_S = 5.0
FORGET_EVERY_S = 600.0
PRUNE_EVERY_S = 3600.0
UNKNOWN_LINKS_A_MINUTE = 60


class _Part(Protocol):
    def start(self) -> None: ...

    def stop(self) -> None: ...


class App:
    """One server: its Flask application, sockets, timers and database.

    Args:
        config: The settings.
        shared: Whether other processes serve the same centres.
    """

    def __init__(self, config: ServerConfig, *, shared: bool = False) -> None:
        self.config = config
        self._shared = shared
        metrics = registries()
        self.parts: Parts = open_parts(config, gevent=True, registry=metrics.made)
        self.flask = Flask("server", static_folder=None)
        services = Services(
            lobby=self.parts.lobby,
            readings=self.parts.readings,
            offers=self.parts.offers,
            access=self.parts.access,
            heartbeats=self.parts.heartbeats,
            help_line=self.parts.help_line,
            notice_board=self.parts.notice_board,
            seats=self.parts.seats,
            desk=self.parts.desk,
            finder=self.parts.finder,
            prints=self.parts.prints,
            audit=self.parts.audit,
            by_link=self.parts.by_link,
            ratings=self.parts.ratings,
            limiter=self.parts.limiter,
            configurations=self.parts.configurations,
            procedure_edits=self.parts.procedure_edits,
            faults=self._faults,
            version=VERSION,
            public_url=config.public_url,
            trusted_proxies=config.trusted_proxies,
            secure_cookies=config.secure,
            voice=_voice(config),
            registry=metrics.made,
            shown=metrics.shown,
        )
        for blueprint in [*web_blueprints(services), hall_blueprint()]:
            self.flask.register_blueprint(blueprint)
        self._relay = Relay(self.parts.readings, self._bell())
        self.parts.store.on_commit.append(self._relay.committed)
        self._sockets = Sockets(
            self.flask,
            self._relay,
            self.parts.readings,
            self.parts.access,
            self.parts.lobby.adviser,
            pictures=self._lobby_pictures(),
            public_url=config.public_url,
            guess=self._guess(self.parts.limiter),
        )
        self.parts.access.on_devices_changed += self.parts.heartbeats.on_change
        self.parts.lobby.on_advice_taken.append(self._sockets.advice_taken)
        self.flask.wsgi_app = believe_proxies(  # type: ignore[method-assign]
            self.flask.wsgi_app, config.trusted_proxies
        )
        self._timers = [
            *_timers(self.parts),
            *watch_over(metrics, config, self.parts, self._sockets, self._faults),
        ]
        self._parts: list[_Part] = [self._relay, self._sockets, *self._timers]
        self._http: HttpServer | None = None

    def start(self, listener: socket.socket) -> None:
        """Serve on a socket that listens already."""
        for part in self._parts:
            part.start()
        self._http = HttpServer(listener, self.flask, shared=self._shared)
        self._http.start()

    def stop(self) -> None:
        """Finish what is being answered, close every connection, let go of the database."""
        if self._http is not None:
            self._http.finish(within_s=2.0)
        for part in reversed(self._parts):
            part.stop()
        self.parts.close()

    def missing(self) -> list[str]:
        """What this process does by itself and has not done for too long; empty when all is well.

        The timers write, so a database whose writer hangs is missed too.
        """
        return [timer.name for timer in self._timers if timer.hangs]

    def _lobby_pictures(self) -> list[PictureWatch]:
        """What watchers are shown beside the changes, at once when it changes here."""
        devices = device_watch(self.parts.heartbeats)
        calls = help_watch(self.parts.help_line)
        self.parts.heartbeats.on_change.append(devices.changed)
        self.parts.help_line.on_change.append(calls.changed)
        notices = [notice_watch(self.parts.notice_board, staff=staff) for staff in (True, False)]
        for watch in notices:
            self.parts.notice_board.on_change.append(watch.changed)
        seats = seat_watch(self.parts.seats)
        self.parts.seats.on_change.append(seats.changed)
        prints = print_watch(self.parts.prints)
        self.parts.prints.on_change.append(prints.changed)
        coming = coming_watch(self.parts.ratings)
        self.parts.by_link.on_coming.append(coming.changed)
        return [devices, calls, coming, *notices, seats, prints]

    def _bell(self) -> Bell | None:
        if self.config.on_sqlite:
            return None
        return RedisBell(self.config.redis_url) if self.config.redis_url else SilentBell()

    def _guess(self, limiter: Limiter) -> Callable[[dict[str, Any]], None]:
        trusted = self.config.trusted_proxies

        def guess(environ: dict[str, Any]) -> None:
            address = client_address(environ, trusted)
            wait_s = limiter.hit(limit_key("stranger", address), UNKNOWN_LINKS_A_MINUTE, 60)
            if wait_s:
                raise Refusal("too_many_requests", retry_after_s=wait_s)

        return guess

    def _faults(self) -> list[str]:
        try:
            found = self.parts.store.read(lambda tx: tx.all(REVISIONS))
        except StoreError as error:
            return [str(error)]
        return [] if found == [(newest_revision(),)] else ["the tables are not this program's"]


def _timers(parts: Parts) -> list[Timer]:
    """What a server does by itself."""
    return [
        Timer("end days", END_DAYS_EVERY_S, parts.lobby.end_days),
        Timer("void overdue", VOID_EVERY_S, parts.lobby.void_overdue),
        Timer("forget old", FORGET_EVERY_S, parts.lobby.forget_old),
        Timer("prune audit", PRUNE_EVERY_S, parts.audit.prune),
        Timer("anonymise", PRUNE_EVERY_S, parts.retention.anonymise),
    ]


def _voice(config: ServerConfig) -> Voice:
    voice = read_voice(config.voice_dir)
    for file, fault in voice.faults:
        log.warning("LAYSO_VOICE_DIR: %s: %s", file, fault)
    if voice.missing:
        log.warning(
            "%s clips of the announcements are missing: run script/setup", len(voice.missing)
        )
    return voice


def create_app(config: ServerConfig, *, shared: bool = False) -> App:
    """Make a server. It does nothing until `start`, and two may live in one process.

    Raises:
        StoreError: the database cannot be opened.
        FaultyFile: the secret key cannot be read.
    """
    return App(config, shared=shared)
