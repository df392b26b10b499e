"""A real server behind real Caddy and nginx, on loopback ports."""

import base64
import http.client
import json
import re
import ssl
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.firmware_config.debian_root import CHECKOUT, DebianRoot
from tests.realtime.conftest import eventually
from tests.server_run.conftest import House

OWN = CHECKOUT / "firmware_config/proxy"
PASSWORD = "mật khẩu dài"
HERE = "127.0.0.1"
ELSEWHERE = "127.0.0.9"
"""An address of this machine that the proxies do not take for a watcher's."""


@dataclass
class Lobby:
    """A server with its people and devices."""

    house: House
    port: int
    tokens: dict[str, str] = field(default_factory=dict)


class Proxy:
    """One proxy that runs: how to ask it, and what it wrote down."""

    def __init__(self, debian: DebianRoot, kind: str, port: int, authority: str) -> None:
        self._debian = debian
        self.kind = kind
        self.port = port
        self.url = f"https://localhost:{port}"
        self.trust = ssl.create_default_context(cadata=authority)

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | Iterator[bytes] | None = None,
        headers: dict[str, str] | None = None,
        *,
        name: str = "localhost",
        source: str = HERE,
        patience_s: float = 30.0,
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of one request on a connection of its own."""
        connection = http.client.HTTPSConnection(
            name, self.port, timeout=patience_s, context=self.trust, source_address=(source, 0)
        )
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def form(self, path: str, fields: dict[str, str], **how: Any) -> Any:
        """Send a form, as a browser does."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", **how.pop("headers", {})}
        return self.ask("POST", path, urllib.parse.urlencode(fields).encode(), headers, **how)

    def api(self, method: str, path: str, token: str, body: Any = None, **how: Any) -> Any:
        """Ask the API with a token; status and parsed body."""
        headers = {"Authorization": f"Bearer {token}", **how.pop("headers", {})}
        raw = None if body is None else json.dumps(body).encode()
        if raw is not None:
            headers["Content-Type"] = "application/json"
        status, _, text = self.ask(method, f"/api/v1{path}", raw, headers, **how)
        return status, json.loads(text)

    def written(self) -> str:
        """Everything that the proxy wrote down."""
        folder = self._debian.path / "var/log"
        return "".join(path.read_text() for path in sorted(folder.rglob("*.*")) if path.is_file())


def caddy_words(port: int, lobby: int, extra: int) -> tuple[str, dict[str, str]]:
    """The Caddyfile for these ports, and its environment."""
    text = (OWN / "Caddyfile").read_text(encoding="utf-8")
    text = text.replace("\tskip_install", f"\thttp_port {extra}\n\tskip_install", 1)
    return text, {
        "LAYSO_SITE": f"https://localhost:{port}, https://127.0.0.1:{port}",
        "LAYSO_SERVERS": f"127.0.0.1:{lobby}",
        "XDG_DATA_HOME": "/var/lib/caddy",
    }


def nginx_words(port: int, lobby: int, extra: int) -> str:
    """nginx.conf for these ports."""
    text = (OWN / "nginx.conf").read_text(encoding="utf-8")
    text = re.sub(r"\tlisten \[::\].*\n", "", text)
    text = text.replace("listen 443", f"listen 127.0.0.1:{port}")
    text = text.replace("listen 80 ", f"listen 127.0.0.1:{extra} ")
    return text.replace("server 127.0.0.1:8000", f"server 127.0.0.1:{lobby}")


def start_caddy(debian: DebianRoot, port: int, lobby: int, extra: int) -> tuple[Any, str]:
    """Start it; the process and the certificate of its own authority."""
    text, environ = caddy_words(port, lobby, extra)
    debian.write("/etc/caddy/Caddyfile", text)
    debian.run("mkdir", "-p", "/run/caddy", "/var/log/caddy")
    debian.run("caddy", "validate", "--config", "/etc/caddy/Caddyfile", env=environ)
    with (debian.path / "var/log/caddy/said.log").open("wb") as said:
        process = debian.popen(
            *("caddy", "run", "--config", "/etc/caddy/Caddyfile"), env=environ, stderr=said
        )
    root = debian.path / "var/lib/caddy/caddy/pki/authorities/local/root.crt"
    eventually(root.exists, within_s=20)
    return process, root.read_text()


def start_nginx(debian: DebianRoot, port: int, lobby: int, extra: int) -> tuple[Any, str]:
    """Start it with a certificate that was given; the process and that certificate."""
    debian.write("/etc/nginx/nginx.conf", nginx_words(port, lobby, extra))
    debian.run("mkdir", "-p", "/etc/layso/tls", "/var/log/nginx")
    debian.run(
        *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
        *("-noenc", "-days", "90", "-subj", "/CN=localhost"),
        *("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"),
        *("-keyout", "/etc/layso/tls/server.key", "-out", "/etc/layso/tls/server.crt"),
    )
    debian.run("nginx", "-t")
    process = debian.popen("nginx", "-g", "daemon off;")
    return process, debian.read("/etc/layso/tls/server.crt")


STARTERS = {"caddy": start_caddy, "nginx": start_nginx}


def furnish(house: House) -> dict[str, str]:
    """A centre with a manager who signs in, and tokens."""
    house.done("init")
    house.import_centre()
    words = ("user", "create", "--name", "quan-ly", "--role", "manager", "--centre", "phu-an")
    house.done(*words, "--password-stdin", given=PASSWORD)
    return {
        role: house.done("token", "create", "--role", role, "--centre", "phu-an")
        for role in ("hall", "manager")
    }


@pytest.fixture(scope="module")
def ports(free_port: Callable[[], int]) -> dict[str, int]:
    """A port for each proxy."""
    return {kind: free_port() for kind in STARTERS}


@pytest.fixture(scope="module")
def lobby(tmp_path_factory: pytest.TempPathFactory, ports: dict[str, int]) -> Iterator[Lobby]:
    """A server on the embedded database, whose public address is Caddy's."""
    public = f"https://localhost:{ports['caddy']}"
    settings = {"LAYSO_PUBLIC_URL": public, "LAYSO_TRUSTED_PROXIES": "127.0.0.1"}
    house = House(tmp_path_factory.mktemp("lobby"), settings)
    tokens = furnish(house)
    server = house.serve()
    yield Lobby(house, server.port, tokens)
    server.stop()


def run_proxy(
    debian: DebianRoot,
    kind: str,
    port: int,
    lobby: int,
    extra: int,
    answering: tuple[int, ...] = (200,),
) -> Iterator[Proxy]:
    """Run a proxy in front of the server at port `lobby` until the end of the test."""
    process, authority = STARTERS[kind](debian, port, lobby, extra)
    try:
        proxy = Proxy(debian, kind, port, authority)
        eventually(lambda: _answer(proxy) in answering, within_s=20)
        yield proxy
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture(scope="module", params=sorted(STARTERS))
def proxy(
    request: pytest.FixtureRequest,
    debian: DebianRoot,
    lobby: Lobby,
    ports: dict[str, int],
    free_port: Callable[[], int],
) -> Iterator[Proxy]:
    """Each proxy in front of the same server."""
    kind = request.param
    yield from run_proxy(debian, kind, ports[kind], lobby.port, free_port())


def _answer(proxy: Proxy) -> int:
    try:
        return proxy.ask("GET", "/")[0]
    except (OSError, http.client.HTTPException):
        return 0


@pytest.fixture
def authority_file(proxy: Proxy, tmp_path: Path) -> Path:
    """The authority of the proxy's certificate, as a file."""
    file = tmp_path / "authority.pem"
    pems = [base64.encodebytes(der).decode() for der in proxy.trust.get_ca_certs(binary_form=True)]
    ends = "-----{} CERTIFICATE-----\n"
    file.write_text("".join(ends.format("BEGIN") + pem + ends.format("END") for pem in pems))
    return file
