"""A printer on the network (raw TCP, usually port 9100).

Each slip has a connection of its own: such printers close idle ones, and may be shared.
"""

import contextlib
import socket
import time
from pathlib import Path

from kiosk.drivers.printer_escpos import EscposPrinter
from kiosk.drivers.printer_wire import DescriptorWire
from kiosk.errors import PrinterUnreachable
from kiosk.printer_profile import read_profile
from wire.checks import Table


def open_printer(options: Table, *, data_dir: Path) -> EscposPrinter:
    """Read the options; nothing is opened before the first slip. Faults are added to the table."""
    del data_dir
    host = options.text("host", what="the printer's address", pattern=r"\S+")
    port = options.integer("port", 9100, low=1, high=65535, what="a TCP port")
    connect_s = options.number("connect_s", 1.0, low=0.1, high=5, what="seconds")
    profile = read_profile(options)
    options.finish()
    return EscposPrinter(
        lambda until: TcpWire(host, port, min(until, time.monotonic() + connect_s)),
        profile,
        keeps_open=False,
    )


class TcpWire(DescriptorWire):
    """One TCP connection.

    Raises:
        PrinterUnreachable: nobody accepted the connection in time.
    """

    def __init__(self, host: str, port: int, until: float) -> None:
        timeout_s = max(0.01, until - time.monotonic())
        try:
            self._socket = socket.create_connection((host, port), timeout=timeout_s)
        except OSError as error:
            reason = "no answer" if isinstance(error, TimeoutError) else error.strerror or error
            raise PrinterUnreachable(f"no printer at {host}:{port}: {reason}") from error
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().__init__(self._socket.fileno())

    def close(self) -> None:
        """Say goodbye so that what was sent still arrives, then let go."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
            # Closed with something unread, a connection is reset and may lose what was sent.
            self._socket.recv(4096)
        self._socket.close()
