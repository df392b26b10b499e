"""The server's settings: one table, read once, every fault reported at once."""

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from wire.checks import Fault, did_you_mean, refuse_if_faulty

PREFIX: Final = "LAYSO_"

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Setting:
    """One setting: its environment variable, what it is when unset, and what it is for."""

    name: str
    default: str
    help: str


SETTINGS: Final[tuple[Setting, ...]] = (
    Setting("LAYSO_DATA_DIR", "var/server", "Folder of everything the server keeps"),
    Setting(
        "LAYSO_DATABASE_URL",
        "",
        "sqlite:///PATH or postgresql://…; empty is layso.sqlite3 in the data folder",
    ),
    Setting("LAYSO_REDIS_URL", "", "redis://…: wakes other processes, shares rate limits"),
    Setting("LAYSO_PUBLIC_URL", "", "Address people use; empty is http://HOST:PORT"),
    Setting(
        "LAYSO_SECRET_KEY_FILE",
        "",
        "File of the secret key, made by init; empty is secret.key in the data folder",
    ),
    Setting("LAYSO_HOST", "127.0.0.1", "Address to listen on"),
    Setting("LAYSO_PORT", "8000", "Port to listen on; 0 takes a free one"),
    Setting(
        "LAYSO_TRUSTED_PROXIES",
        "",
        "Comma list of addresses or networks whose X-Forwarded-For is believed",
    ),
    Setting(
        "LAYSO_BACKUP_DIR",
        "",
        "Folder that `backup --into` fills by a timer: metrics tell how old its newest copy is",
    ),
    Setting("LAYSO_VOICE_DIR", "", "Folder of recorded clips, which replace those made at set-up"),
    Setting("LAYSO_LOG_LEVEL", "info", "Least level that is logged: debug info warning error"),
)

LOG_LEVELS: Final = ("debug", "info", "warning", "error")


@dataclass(frozen=True)
class ServerConfig:
    """What the settings say, checked and typed."""

    data_dir: Path
    database_url: str
    redis_url: str
    public_url: str
    secret_key_file: Path
    host: str
    port: int
    trusted_proxies: tuple[Network, ...]
    log_level: str
    voice_dir: Path | None = None
    backup_dir: Path | None = None

    @property
    def on_sqlite(self) -> bool:
        """Whether the truth is the embedded file, which has one writer."""
        return self.database_url.startswith("sqlite:")

    @property
    def lock_file(self) -> Path:
        """What the one writer of the embedded file locks: it goes with the database."""
        file = Path(self.database_url.removeprefix("sqlite:///")).absolute()
        if file.parent == self.data_dir.absolute():
            return self.data_dir / "server.lock"
        return file.with_name(file.name + ".lock")

    @property
    def secure(self) -> bool:
        """Whether people reach the server by https, so that cookies may say Secure."""
        return self.public_url.startswith("https://")

    def on_port(self, port: int) -> "ServerConfig":
        """The same settings once port 0 has become a real one."""
        return replace(self, port=port, public_url=default_public_url(self.host, port))

    def shown(self) -> list[tuple[str, str]]:
        """Every setting as `check-config` prints it, secrets masked."""
        return [
            ("LAYSO_DATA_DIR", str(self.data_dir)),
            ("LAYSO_DATABASE_URL", masked(self.database_url)),
            ("LAYSO_REDIS_URL", masked(self.redis_url)),
            ("LAYSO_PUBLIC_URL", self.public_url),
            ("LAYSO_SECRET_KEY_FILE", str(self.secret_key_file)),
            ("LAYSO_HOST", self.host),
            ("LAYSO_PORT", str(self.port)),
            ("LAYSO_TRUSTED_PROXIES", ",".join(map(str, self.trusted_proxies))),
            ("LAYSO_BACKUP_DIR", str(self.backup_dir or "")),
            ("LAYSO_VOICE_DIR", str(self.voice_dir or "")),
            ("LAYSO_LOG_LEVEL", self.log_level),
        ]


_SECRET: Final = re.compile(r"(?i)(password=)[^&]*")


def masked(url: str) -> str:
    """The URL with its password, if any, replaced by stars."""
    parts = urlsplit(url)
    if parts.password is None:
        # Not put together again: that would take the slashes of a URL without a host.
        place, mark, query = url.partition("?")
        return place + mark + _SECRET.sub(r"\1***", query)
    parts = parts._replace(query=_SECRET.sub(r"\1***", parts.query))
    user, _, host = parts.netloc.rpartition("@")
    name = user.partition(":")[0]
    return urlunsplit(parts._replace(netloc=f"{name}:***@{host}"))


class _Reader:
    """Takes the settings out of an environment and remembers what is wrong."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.faults: list[Fault] = []
        self._values = {
            setting.name: environ.get(setting.name, "").strip() or setting.default
            for setting in SETTINGS
        }

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def refuse_unknown(self, environ: Mapping[str, str]) -> None:
        known = [setting.name for setting in SETTINGS]
        for name in sorted(environ):
            if name.startswith(PREFIX) and name not in known:
                self.faults.append(Fault(name, f"is not a setting{did_you_mean(name, known)}"))

    def fault(self, name: str, message: str) -> None:
        self.faults.append(Fault(name, message))

    def port(self) -> int:
        text = self["LAYSO_PORT"]
        if text.isascii() and text.isdigit() and int(text) <= 65535:
            return int(text)
        self.fault("LAYSO_PORT", f"must be a port from 0 to 65535, not '{text}'")
        return 0

    def url(self, name: str, schemes: tuple[str, ...], *, host: bool = True) -> str:
        text = self[name]
        if not text:
            return ""
        try:
            parts = urlsplit(text)
            fits = parts.scheme in schemes and (bool(parts.hostname) or not host)
            parts.port  # noqa: B018  (reading it checks it)
        except ValueError:
            fits = False
        if not fits:
            known = " or ".join(f"{scheme}://…" for scheme in schemes)
            self.fault(name, f"must be {known}, not '{masked_or_all(text)}'")
            return ""
        return text

    def folder(self, name: str) -> Path | None:
        text = self[name]
        return Path(text).expanduser().absolute() if text else None

    def level(self) -> str:
        text = self["LAYSO_LOG_LEVEL"].lower()
        if text not in LOG_LEVELS:
            known = ", ".join(LOG_LEVELS)
            hint = did_you_mean(text, LOG_LEVELS)
            self.fault("LAYSO_LOG_LEVEL", f"'{text}' is not one of {known}{hint}")
        return text

    def proxies(self) -> tuple[Network, ...]:
        networks: list[Network] = []
        for item in filter(None, map(str.strip, self["LAYSO_TRUSTED_PROXIES"].split(","))):
            try:
                networks.append(ipaddress.ip_network(item, strict=False))
            except ValueError:
                self.fault(
                    "LAYSO_TRUSTED_PROXIES", f"'{item}' is not an address or network such as ::1"
                )
        return tuple(networks)


def masked_or_all(text: str) -> str:
    """A faulty URL for a message: nothing of it when it may hold a password."""
    return "***" if "@" in text or _SECRET.search(text) else text


def default_public_url(host: str, port: int) -> str:
    """The address people use when nobody said otherwise."""
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 (compared only)
    if ":" in name and not name.startswith("["):
        name = f"[{name}]"
    return f"http://{name}:{port}"


def _database_url(reader: _Reader, data_dir: Path) -> str:
    schemes = ("sqlite", "postgresql", "postgres")
    given = reader.url("LAYSO_DATABASE_URL", schemes, host=False)
    if not given:
        return f"sqlite:///{data_dir / 'layso.sqlite3'}"
    if given.startswith("sqlite:") and not given.startswith("sqlite:///"):
        reader.fault("LAYSO_DATABASE_URL", "must be sqlite:///PATH with three slashes")
    return given


def read_config(
    environ: Mapping[str, str] | None = None, *, host: str | None = None, port: int | None = None
) -> ServerConfig:
    """Read every setting once.

    Args:
        environ: Where to read; the process's environment when None.
        host: What `--host` said; wins over LAYSO_HOST.
        port: What `--port` said; wins over LAYSO_PORT.

    Raises:
        FaultyFile: with every setting that is wrong or unknown.
    """
    source = os.environ if environ is None else environ
    reader = _Reader(source)
    reader.refuse_unknown(source)
    data_dir = Path(reader["LAYSO_DATA_DIR"]).expanduser().absolute()
    bound_host = host or reader["LAYSO_HOST"]
    bound_port = reader.port() if port is None else port
    public = reader.url("LAYSO_PUBLIC_URL", ("http", "https")).rstrip("/")
    key_file = reader["LAYSO_SECRET_KEY_FILE"]
    config = ServerConfig(
        data_dir=data_dir,
        database_url=_database_url(reader, data_dir),
        redis_url=reader.url("LAYSO_REDIS_URL", ("redis", "rediss", "unix"), host=False),
        public_url=public or default_public_url(bound_host, bound_port),
        secret_key_file=(
            Path(key_file).expanduser().absolute() if key_file else data_dir / "secret.key"
        ),
        host=bound_host,
        port=bound_port,
        trusted_proxies=reader.proxies(),
        log_level=reader.level(),
        voice_dir=reader.folder("LAYSO_VOICE_DIR"),
        backup_dir=reader.folder("LAYSO_BACKUP_DIR"),
    )
    refuse_if_faulty(reader.faults)
    return config
