"""The server's composition root: make, start, stop in reverse. Nothing lives at module level.

Runs under gevent: `server.run` patches the process before it imports this.
"""

import logging
import socket
from collections.abc import Callable
from typing import Any, Protocol

from flask import Flask
from prometheus_client import CollectorRegistry, Gauge

from display.hall import hall_blueprint
from server.config import ServerConfig
from server.http_server import HttpServer
from server.parts import REVISIONS, VERSION, Parts, newest_revision, open_parts
from server.realtime.bell import RedisBell, SilentBell
from server.realtime.lobby import device_watch, help_watch
from server.realtime.pictures import PictureWatch
from server.realtime.ports import Bell
from server.realtime.relay import Relay
from server.realtime.sockets import Sockets
from server.service.limits import Limiter, limit_key
from server.service.ports import StoreError
from server.timers import Timer
from server.web import Services, web_blueprints
from server.web.addresses import client_address
from server.web.device_count import DeviceCount
from wire.errors import Refusal

log = logging.getLogger(__name__)

END_DAYS_EVERY_S = 1.0
VOID_EVERY_S = 5.0
FORGET_EVERY_S = 600.0
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
        self.parts: Parts = open_parts(config, gevent=True)
        self.flask = Flask("server", static_folder=None)
        registry = CollectorRegistry()
        services = Services(
            lobby=self.parts.lobby,
            readings=self.parts.readings,
            offers=self.parts.offers,
            access=self.parts.access,
            heartbeats=self.parts.heartbeats,
            help_line=self.parts.help_line,
            limiter=self.parts.limiter,
            faults=self._faults,
            version=VERSION,
            public_url=config.public_url,
            trusted_proxies=config.trusted_proxies,
            secure_cookies=config.secure,
            registry=registry,
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
        self.parts.lobby.on_advice_taken.append(self._sockets.advice_taken)
        _count_sockets(registry, self._sockets)
        registry.register(DeviceCount(self.parts.heartbeats))
        self._parts: list[_Part] = [
            self._relay,
            self._sockets,
            Timer("end days", END_DAYS_EVERY_S, self.parts.lobby.end_days),
            Timer("void overdue", VOID_EVERY_S, self.parts.lobby.void_overdue),
            Timer("forget old", FORGET_EVERY_S, self.parts.lobby.forget_old),
        ]
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

    def _lobby_pictures(self) -> list[PictureWatch]:
        """What watchers are shown of devices and calls for help, at once when it changes here."""
        devices = device_watch(self.parts.heartbeats)
        calls = help_watch(self.parts.help_line)
        self.parts.heartbeats.on_change.append(devices.changed)
        self.parts.help_line.on_change.append(calls.changed)
        return [devices, calls]

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


def _count_sockets(registry: CollectorRegistry, sockets: Sockets) -> None:
    count = Gauge("layso_sockets", "Socket.IO clients connected now", registry=registry)
    count.set_function(lambda: sockets.count)
    cut = Gauge("layso_sockets_stalled", "Clients cut for not reading", registry=registry)
    cut.set_function(lambda: sockets.evicted)


def create_app(config: ServerConfig, *, shared: bool = False) -> App:
    """Make a server. It does nothing until `start`, and two may live in one process.

    Raises:
        StoreError: the database cannot be opened.
        FaultyFile: the secret key cannot be read.
    """
    return App(config, shared=shared)
