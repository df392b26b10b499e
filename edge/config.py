"""The part of an agent's TOML file that every agent has, read with all faults at once."""

import re
import urllib.parse
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from wire.checks import Fault, FaultyFile, Table, parse_toml
from wire.ids import SLUG

_LISTEN: Final = re.compile(r"(?P<host>\[[0-9a-fA-F:]+\]|[^:\[\]]+):(?P<port>[0-9]{1,5})")


@dataclass(frozen=True)
class AgentConfig:
    """Where the server is, who this agent is, where it keeps its things and listens."""

    server: str
    token: str = field(repr=False)
    centre: str
    data_dir: Path
    listen_host: str
    listen_port: int


def read_file(path: Path) -> dict[str, Any]:
    """The parsed TOML file.

    Raises:
        FaultyFile: it cannot be read, is not UTF-8, or is not TOML (with the line).
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise FaultyFile([Fault(str(path), "is not UTF-8 text")]) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise FaultyFile([Fault(str(path), f"cannot be read: {reason}")]) from error
    return parse_toml(text)


def common(
    table: Table, base: Path, *, data_dir: str, listen: str, enrolled: bool = True
) -> AgentConfig:
    """Read the keys all agents share; what is wrong is added to `table.faults`.

    Args:
        table: The file's top table.
        base: The folder of the file; relative paths in it start there.
        data_dir: Where the agent keeps its things when the file does not say.
        listen: `host:port` of its local page when the file does not say.
        enrolled: Whether its token must be there already; else it may be empty.

    Returns:
        A config to be used only if `table.faults` stays empty.
    """
    host, port = _listen(table, listen)
    return AgentConfig(
        server=_server(table),
        token=read_token(table, base, enrolled=enrolled),
        centre=table.text("centre", pattern=SLUG, what="a centre's id (letters, digits, hyphens)"),
        data_dir=base / table.text("data_dir", data_dir, pattern=".+", what="a folder"),
        listen_host=host,
        listen_port=port,
    )


def is_server_address(text: str) -> bool:
    """Whether `text` is an http or https address with a host and, if any, a possible port."""
    try:
        parts = urllib.parse.urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _server(table: Table) -> str:
    text = table.text("server", what="the server's address, such as http://10.0.0.5:8000")
    if text and not is_server_address(text):
        table.fault("server", f"must be an address such as http://10.0.0.5:8000, not '{text}'")
    return text.rstrip("/")


def read_token(
    table: Table, base: Path, *, enrolled: bool = True, remedy: str = "run enrol first"
) -> str:
    """The token in `token_file`, without the line end; empty after a fault.

    The file keeps it out of the config that people pass around.

    Args:
        table: Has `token_file`; what is wrong is added to its faults.
        base: The folder that a relative path starts in.
        enrolled: Whether the file must be there already.
        remedy: What makes a missing file.
    """
    name = table.text("token_file", what="the file that holds the device's token")
    if not name:
        return ""
    path = base / name
    if not enrolled and not path.exists():
        return ""
    try:
        token = path.read_text(encoding="ascii").strip()
    except OSError as error:
        reason = error.strerror or str(error)
        table.fault("token_file", f"'{path}' cannot be read: {reason}; {remedy}")
        return ""
    except UnicodeDecodeError:
        table.fault("token_file", f"'{path}' does not hold a token")
        return ""
    if not token or any(letter.isspace() for letter in token):
        table.fault("token_file", f"'{path}' does not hold a token alone on one line")
    return token


def _listen(table: Table, default: str) -> tuple[str, int]:
    text = table.text("listen", default, what="host:port")
    found = _LISTEN.fullmatch(text)
    if found is None or int(found["port"]) > 65535:
        table.fault("listen", f"must be host:port, such as {default}, not '{text}'")
        return "127.0.0.1", 0
    return found["host"].strip("[]"), int(found["port"])
