"""The agent's own web server: its page and local API, for the machine it runs on.

A page on the open internet must not reach it through the citizen's or clerk's browser: a
loopback server answers to loopback names only (DNS rebinding) and takes no cross-origin POST.
"""

import errno
import ipaddress
import logging
import socket
import threading
import urllib.parse
from pathlib import Path
from typing import Any, Final

from flask import Flask, Response, abort, request, send_from_directory
from waitress import wasyncore
from waitress.server import create_server

from edge.errors import PortTaken
from edge.pulse import PULSE

CSP: Final = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
MAX_BODY_BYTES: Final = 64 * 1024
MAX_TAKEN_BYTES: Final = 8 * MAX_BODY_BYTES
"""More than this is not even read: waitress would put up to 1 GB into a file before it asks us."""


def is_loopback(host: str) -> bool:
    """Whether `host` names this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def serve_look(app: Flask, folder: Path) -> None:
    """Serve the shared style sheets, fonts, icons and scripts of `folder` at /look/."""

    @app.get("/look/<path:name>")
    def look(name: str) -> Response:
        answer = send_from_directory(folder, name)
        answer.headers["Cache-Control"] = "public, max-age=3600"
        return answer


def guard(app: Flask, host: str) -> None:
    """Refuse foreign Host and Origin headers, and set the security headers of every answer."""
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    loopback_only = is_loopback(host)

    @app.before_request
    def refuse_strangers() -> None:
        asked = urllib.parse.urlsplit(f"//{request.host}").hostname or ""
        if loopback_only and not is_loopback(asked):
            abort(403, "this page answers only on the machine it runs on")
        if request.method not in _SAFE_METHODS and not _same_origin():
            abort(403, "another site may not command this machine")

    @app.after_request
    def harden(answer: Response) -> Response:
        answer.headers["Content-Security-Policy"] = CSP
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "no-referrer"
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer


def _same_origin() -> bool:
    """A browser names the page's origin; a program that is no browser sends neither header."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    return origin is None or urllib.parse.urlsplit(origin).netloc == request.host


class LocalServer:
    """Serves one Flask app in a thread of its own.

    Args:
        app: The agent's app; `guard` is applied to it here.
        host: Address to listen on.
        port: Port; 0 takes a free one, which `port` then tells.
        threads: How many requests are answered at once.

    Raises:
        PortTaken: another program listens there already.
    """

    def __init__(self, app: Flask, host: str, port: int, *, threads: int = 4) -> None:
        guard(app, host)
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        sock = _listen(host, port)
        self.host = host
        self.port = int(sock.getsockname()[1])
        self._stopping = threading.Event()
        self._map: dict[int, Any] = {}
        self._server: Any = create_server(
            app,
            map=self._map,
            sockets=[sock],
            threads=threads,
            max_request_body_size=MAX_TAKEN_BYTES,
            ident=None,
            clear_untrusted_proxy_headers=False,
        )
        self._thread = threading.Thread(target=self._serve, name="local-web", daemon=True)

    @property
    def address(self) -> str:
        """Where a browser on this machine finds the page."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{shown}:{self.port}/"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Stop answering and free the port. Safe to repeat."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        if self._thread.is_alive():
            self._server.pull_trigger()
            self._thread.join(timeout=5)
        self._server.task_dispatcher.shutdown(cancel_pending=True, timeout=2)
        wasyncore.close_all(map=self._map, ignore_all=True)

    def _serve(self) -> None:
        while not self._stopping.is_set():
            PULSE.beat()
            wasyncore.loop(timeout=1.0, use_poll=True, map=self._map, count=1)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise PortTaken(_why(error, host, port)) from error


def _why(error: OSError, host: str, port: int) -> str:
    where = f"{host}:{port}"
    if error.errno == errno.EADDRINUSE:
        return f"{where} is taken by another program; stop it or change 'listen' in the config"
    return f"cannot listen on {where}: {error.strerror or error}"
