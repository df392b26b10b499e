"""How commands reach the server that holds the database: one JSON line each way, over a
Unix socket that only the same account can open."""

import logging
import os
import shutil
import socket
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import msgspec

from server.orders import OrderFailed, execute
from server.parts import Parts

log = logging.getLogger(__name__)

MAX_ORDER_BYTES: Final = 32 * 1024 * 1024
MAX_PATH_BYTES: Final = 100
ANSWER_S: Final = 60.0


class _Order(msgspec.Struct, forbid_unknown_fields=True):
    """What a command sends."""

    name: str
    given: dict[str, Any]


class _Outcome(msgspec.Struct):
    """What it gets back."""

    done: bool
    lines: list[str]


class ControlServer:
    """Listens in the server process. gevent must be patched in.

    Args:
        parts: What orders work with.
        data_dir: Where the socket goes, if its path is short enough for the kernel.
    """

    def __init__(self, parts: Parts, data_dir: Path) -> None:
        self._parts = parts
        self._folder: Path | None = None
        path = data_dir / "control.sock"
        if len(os.fsencode(path)) > MAX_PATH_BYTES:
            self._folder = Path(tempfile.mkdtemp(prefix="layso-"))
            path = self._folder / "control.sock"
        path.unlink(missing_ok=True)
        self.address = str(path)
        self._path = path
        self._listener = socket.socket(socket.AF_UNIX)
        before = os.umask(0o177)
        try:
            self._listener.bind(self.address)
        finally:
            os.umask(before)
        self._listener.listen(16)
        self._server: Any = None

    def start(self) -> None:
        """Begin to take orders."""
        from gevent.server import StreamServer

        self._server = StreamServer(self._listener, self._handle)
        self._server.start()

    def stop(self) -> None:
        """Take no more orders."""
        if self._server is not None:
            self._server.stop(timeout=2)
        self._listener.close()
        self._path.unlink(missing_ok=True)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _handle(self, connection: Any, _address: Any) -> None:
        connection.settimeout(ANSWER_S)
        with connection, suppress(OSError), connection.makefile("rb") as stream:
            line = stream.readline(MAX_ORDER_BYTES)
            connection.sendall(msgspec.json.encode(self._obey(line)) + b"\n")

    def _obey(self, line: bytes) -> _Outcome:
        try:
            order = msgspec.json.decode(line, type=_Order)
            return _Outcome(True, execute(self._parts, order.name, order.given))
        except OrderFailed as error:
            return _Outcome(False, error.lines)
        except (msgspec.MsgspecError, KeyError, TypeError) as error:
            return _Outcome(False, [f"the running server does not know this order: {error}"])
        except Exception:  # The server goes on; the command learns that it failed.
            log.exception("an order failed")
            return _Outcome(False, ["the running server failed; its log says why"])


def send(address: str, name: str, given: dict[str, Any]) -> list[str]:
    """Have the running server carry out an order; the lines to print.

    Raises:
        OrderFailed: the server refused, or cannot be reached.
    """
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(ANSWER_S)
            connection.connect(address)
            connection.sendall(msgspec.json.encode(_Order(name, given)) + b"\n")
            with connection.makefile("rb") as stream:
                outcome = msgspec.json.decode(stream.readline(), type=_Outcome)
    except (OSError, msgspec.MsgspecError) as error:
        raise OrderFailed([f"the running server does not answer ({error}); try again"]) from error
    if not outcome.done:
        raise OrderFailed(outcome.lines)
    return outcome.lines
