"""The HTTP server: gevent's, with small answers sent at once and strict, bounded requests.

gevent's own handler sets no TCP_NODELAY and writes headers and body apart, which stalls a
keep-alive client for 44 ms, and it reads headers through the email parser, which costs
more than everything else in a small request.
"""

import logging
import re
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any, Final
from urllib.parse import unquote
from wsgiref.handlers import format_date_time

import gevent
from gevent import pywsgi

MAX_HEADERS: Final = 100
MAX_HEADER_LINE_BYTES: Final = 8190
MAX_HEADERS_BYTES: Final = 32768
MAX_UNREAD_BYTES: Final = 16 * 1024 * 1024
IDLE_S: Final = 75.0
BODY_S: Final = 30.0

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+").fullmatch
_TARGET = re.compile(r"[\x21-\x7e\x80-\xff]+").fullmatch
_HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):([\t\x20-\x7e\x80-\xff]*)\r?\n").fullmatch
_LENGTH = re.compile(r"[0-9]{1,18}").fullmatch
_NOT_HTTP = frozenset({"CONTENT_TYPE", "CONTENT_LENGTH"})

WsgiApp = Callable[..., Any]

# gevent's own annotations do not know the attributes that subclasses are meant to use.
_Handler: Any = pywsgi.WSGIHandler
_Server: Any = pywsgi.WSGIServer
_Input: Any = pywsgi.Input
NotHttp: Any = pywsgi._InvalidClientRequest  # type: ignore[attr-defined]
"""A ValueError that gevent answers with 400 and logs without a traceback."""


class Headers:
    """The headers of one request, names in lower case, in order of arrival."""

    status = ""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self.pairs = pairs
        self._by_name: dict[str, str] = {}
        for name, value in pairs:
            self._by_name.setdefault(name, value)

    def get(self, name: str, default: str | None = None) -> str | None:
        """The first value of a header."""
        return self._by_name.get(name.lower(), default)

    getheader = get

    def all(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value for key, value in self.pairs if key == name]

    @property
    def headers(self) -> Iterator[str]:
        """The lines, as gevent's own parser gives them."""
        return (f"{name}: {value}\r\n" for name, value in self.pairs)


def read_headers(rfile: Any) -> Headers:
    """Read header lines up to the empty one; raise ValueError where they are not HTTP."""
    pairs: list[tuple[str, str]] = []
    size = 0
    while True:
        line = rfile.readline(MAX_HEADER_LINE_BYTES + 2)
        if line in (b"\r\n", b"\n"):
            return Headers(pairs)
        size += len(line)
        if not line.endswith(b"\n") or size > MAX_HEADERS_BYTES or len(pairs) >= MAX_HEADERS:
            raise NotHttp("headers cut short or too large")
        header = _HEADER(line)
        if header is None:
            raise NotHttp("malformed header")
        name, value = header.groups()
        pairs.append((name.decode("ascii").lower(), value.decode("latin-1").strip(" \t")))


def body_length(headers: Headers) -> int | None:
    """The length of the body; raise ValueError where two readers could disagree about it."""
    codings = headers.all("transfer-encoding")
    lengths = set(headers.all("content-length"))
    if codings:
        if len(codings) > 1 or codings[0].lower() != "chunked" or lengths:
            raise NotHttp("ambiguous body length")
        return None
    if not lengths:
        return None
    if len(lengths) > 1 or not _LENGTH(length := lengths.pop()):
        raise NotHttp("malformed Content-Length")
    return int(length)


class Body(_Input):  # type: ignore[misc]
    """The body of one request: read in bounded time, and marked where its end is not known."""

    __slots__ = ("lost",)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.lost = False

    def read(self, length: int | None = None) -> bytes:
        """Read what is there; raise OSError where the body is malformed, cut short or too slow."""
        try:
            if self._is_here():
                part: bytes = super().read(length)
            else:
                with gevent.Timeout(BODY_S, TimeoutError("timed out")):
                    part = super().read(length)
        except (OSError, ValueError) as error:
            # What follows on the wire may be the rest of this body: it must not be taken for
            # a request.
            self.lost = True
            raise OSError(str(error)) from error
        return part

    def _is_here(self) -> bool:
        """Whether the rest came with the headers, as small bodies do: no clock is needed."""
        if self.chunked_input or self.socket is not None:
            return False
        left: int = (self.content_length or 0) - self.position
        return left <= 0 or len(self.rfile.peek(1)) >= left

    def _discard(self) -> None:
        """Read what the application left, so that the client reads its answer; not forever."""
        if self.lost or not (self.chunked_input or self.position < (self.content_length or 0)):
            return
        self.lost = True  # Until its end has been seen.
        if self.socket is not None:
            return  # The client waits for leave to send it, and may never.
        left = MAX_UNREAD_BYTES
        with gevent.Timeout(BODY_S, TimeoutError("timed out")):
            while left > 0:
                part = self.read(16384)
                left -= len(part)
                if not part:
                    self.lost = False
                    return


class _HttpDate:
    """The Date header, made once a second."""

    def __init__(self) -> None:
        self._second = 0
        self._line = b""

    def __call__(self) -> bytes:
        now = int(time.time())
        if now != self._second:
            self._second, self._line = now, format_date_time(now).encode("ascii")
        return self._line


_http_date = _HttpDate()


class Handler(_Handler):  # type: ignore[misc]
    """One connection."""

    provided_date: str | None
    ignored_socket_errors = (*_Handler.ignored_socket_errors, "timed out")

    def __init__(self, sock: Any, address: Any, server: Any) -> None:
        if sock.family in (socket.AF_INET, socket.AF_INET6):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(IDLE_S)
        # From one answer to the end of the next request's head, however it drips.
        self._patience = gevent.Timeout(IDLE_S, TimeoutError("timed out"))
        super().__init__(sock, address, server)

    def handle(self) -> None:
        """Serve the connection until it ends."""
        try:
            super().handle()
        finally:
            self._patience.close()

    def read_requestline(self) -> str:
        """Wait for the next request."""
        self._patience.start()
        line: str = super().read_requestline()
        return line

    def read_request(self, raw_requestline: str) -> bool:
        """Parse the request line and headers, refusing what is not HTTP/1.0 or 1.1."""
        self.requestline = raw_requestline.rstrip("\r\n")
        words = self.requestline.split(" ")
        if len(words) != 3 or words[2] not in ("HTTP/1.1", "HTTP/1.0") or not _TOKEN(words[0]):
            raise NotHttp("malformed request line")
        self.command, self.path, self.request_version = words
        try:
            self.headers = read_headers(self.rfile)
        except OSError as error:
            raise NotHttp("headers cut short") from error
        finally:
            self._patience.cancel()
        self.content_length = body_length(self.headers)
        self._check_version()
        return True

    def _check_version(self) -> None:
        """Refuse what the request's own version of HTTP does not allow."""
        hosts = self.headers.all("host")
        wants = (self.headers.get("connection") or "").lower().replace(" ", "").split(",")
        if not _TARGET(self.path) or len(hosts) > 1:
            raise NotHttp("malformed target")
        if self.request_version == "HTTP/1.1":
            if not hosts:
                raise NotHttp("no Host")
            self.close_connection = "close" in wants
        else:
            if self.headers.get("transfer-encoding") is not None:
                raise NotHttp("HTTP/1.0 has no Transfer-Encoding")
            self.close_connection = "keep-alive" not in wants

    def get_environ(self) -> dict[str, Any]:
        """The WSGI environment of the request just read."""
        env: dict[str, Any] = self.server.get_environ()
        path, _, query = self.path.partition("?")
        env["REQUEST_METHOD"] = self.command
        env["PATH_INFO"] = unquote(path, "latin-1") if "%" in path else path
        env["QUERY_STRING"] = query
        env["SERVER_PROTOCOL"] = self.request_version
        if isinstance(self.client_address, tuple):
            # On `::` a client of IPv4 shows as ::ffff:192.0.2.1, which is in no IPv4 network.
            env["REMOTE_ADDR"] = self.client_address[0].removeprefix("::ffff:")
            env["REMOTE_PORT"] = str(self.client_address[1])
        self._add_headers(env)
        chunked = "HTTP_TRANSFER_ENCODING" in env
        upgrade = env.get("HTTP_UPGRADE", "").lower() == "websocket"
        waits = self.socket if env.get("HTTP_EXPECT", "").lower() == "100-continue" else None
        self.wsgi_input = Body(self.rfile, self.content_length, socket=waits, chunked_input=chunked)
        env["wsgi.input"] = self.wsgi_input
        env["wsgi.input_terminated"] = True
        if upgrade:
            self.close_connection = True
            env["layso.socket"] = self.socket
        return env

    def _add_headers(self, env: dict[str, Any]) -> None:
        for name, value in self.headers.pairs:
            if "_" in name:
                continue  # "X_Forwarded_For" would pass for "X-Forwarded-For".
            key = name.replace("-", "_").upper()
            if key in _NOT_HTTP:
                env.setdefault(key, value)
                continue
            key = "HTTP_" + key
            if key in env:
                env[key] += ("; " if key == "HTTP_COOKIE" else ",") + value
            else:
                env[key] = value

    def handle_one_response(self) -> None:
        """Answer the request just read; a stopping server waits for that."""
        if "layso.socket" in self.environ:
            super().handle_one_response()
            return
        self.server.answering += 1
        try:
            super().handle_one_response()
        finally:
            self.server.answering -= 1
        if self.server.stopping or self.wsgi_input.lost:
            self.close_connection = True

    def finalize_headers(self) -> None:
        """Add what the application left to the server."""
        if self.provided_date is None:  # The application may say one of its own.
            self.response_headers.append((b"Date", _http_date()))
            self.provided_date = "given"
        super().finalize_headers()

    def _write_with_headers(self, data: bytes) -> None:
        self.headers_sent = True
        self.finalize_headers()
        lines = [b"HTTP/1.1 " + self.status]
        lines += [name + b": " + value for name, value in self.response_headers]
        head = b"\r\n".join(lines) + b"\r\n\r\n"
        if self.command == "HEAD":
            self._sendall(head)
        elif data and not self.response_use_chunked and len(data) < 65536:
            self._sendall(head + data)
        else:
            self._sendall(head)
            self._write(data)

    def log_request(self) -> None:
        """Requests are counted by the metrics, not written down: they hold track links."""


class HttpServer(_Server):  # type: ignore[misc]
    """Serves one application on one listening socket until it is stopped."""

    answering = 0
    stopping = False

    def __init__(self, listener: socket.socket, application: WsgiApp, *, shared: bool) -> None:
        super().__init__(
            listener,
            application,
            handler_class=Handler,
            log=None,
            error_log=logging.getLogger("server.http"),
            environ={"wsgi.multiprocess": shared},
        )

    def finish(self, within_s: float) -> None:
        """Accept nothing more and wait for the answers that are under way."""
        self.stopping = True
        self.close()
        end = time.monotonic() + within_s
        while self.answering and time.monotonic() < end:
            gevent.sleep(0.01)

    def update_environ(self) -> None:
        """Name the server without asking the resolver, which may be away."""
        name = self.address[0] if isinstance(self.address, tuple) else ""
        self.environ.setdefault("SERVER_NAME", name)
        super().update_environ()


def listen(host: str, port: int, *, backlog: int = 1024) -> socket.socket:
    """Bind and listen; raises OSError where the port is taken or not allowed.

    The option to reuse the address lets a restarted server bind while old connections
    linger; a port another server listens on is still refused.
    """
    infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, kind, protocol, _, address = infos[0]
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
        sock.listen(backlog)
    except BaseException:
        sock.close()
        raise
    sock.setblocking(False)
    return sock
