"""From a touch to the first byte of the slip at the printer: with the server, without it, and
in the moment it falls silent.
"""

import json
import os
import signal
import socket
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.servers import CENTRE, Product, free_port, running

LIMIT_MS = {"online": 120, "offline": 60, "silent": 900}
PRESSES_APART_S = 1.1  # the server lets a kiosk ask 120 times a minute, its board included
LINK_S = 20.0

KIOSK = """
server = "http://127.0.0.1:{server}"
token_file = "kiosk.token"
centre = "{centre}"
data_dir = "kiosk"
listen = "127.0.0.1:{port}"
[printer]
driver = "network"
host = "127.0.0.1"
port = {printer}
[press]
burst = 1000
per_minute = 6000
"""


class Printer:
    """A printer that says it is well, and notes when each slip begins (`ESC @`)."""

    def __init__(self) -> None:
        self.began_s: list[float] = []
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=5)
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        begun, kept = False, b""
        with connection:
            while data := connection.recv(65536):
                at_s = time.perf_counter()
                connection.sendall(b"\x12" * data.count(b"\x10\x04"))
                kept = (kept + data)[-65536:]
                if not begun and b"\x1b@" in kept:
                    begun = True
                    self.began_s.append(at_s)
                at = kept.find(b"\x1d(H\x06\x00\x30\x30")
                if at >= 0 and len(kept) >= at + 11:
                    connection.sendall(b"\x37\x22" + kept[at + 7 : at + 11] + b"\x00")
                    kept = b""


class Kiosk:
    """A running agent: press it, and ask whether it hears its server."""

    def __init__(self, port: int, printer: Printer) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._printer = printer

    def press(self, service: str) -> float:
        """Touch; milliseconds until the printer had the first byte of the slip."""
        before = len(self._printer.began_s)
        request = urllib.request.Request(
            f"{self.url}/api/press",
            json.dumps({"service": service}).encode(),
            {"Content-Type": "application/json"},
        )
        touched_s = time.perf_counter()
        with urllib.request.urlopen(request, timeout=5) as answer:
            outcome = json.load(answer)["outcome"]
        if outcome != "printed" or len(self._printer.began_s) != before + 1:
            raise RuntimeError(f"the slip was {outcome}")
        return (self._printer.began_s[-1] - touched_s) * 1000

    def wait_for(self, link: str) -> None:
        """Return once the agent says that its link is so."""
        until = time.monotonic() + LINK_S
        while time.monotonic() < until:
            with urllib.request.urlopen(f"{self.url}/api/view", timeout=5) as answer:
                view = json.load(answer)
            if view["ready"] and view["offline"] is (link != "up"):
                return
            time.sleep(0.05)
        raise RuntimeError(f"the link is not {link}")


@contextmanager
def lobby(folder: Path) -> Iterator[tuple[int, Kiosk, list[str]]]:
    """The process id of a server, a kiosk of it with a printer, and the services it has."""
    product, printer, port = Product(folder), Printer(), free_port()
    (folder / "kiosk.token").write_text(product.token("kiosk"))
    config = folder / "kiosk.toml"
    config.write_text(
        KIOSK.format(server=product.port, centre=CENTRE, port=port, printer=printer.port)
    )
    program = str(Path(sys.executable).with_name("layso-kiosk"))
    with (
        product.serving() as server,
        running([program, "run", "--config", str(config)], port, product.env, quiet=True),
    ):
        kiosk = Kiosk(port, printer)
        kiosk.wait_for("up")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/view", timeout=5) as answer:
            services = [one["id"] for one in json.load(answer)["centre"]["services"]]
        yield server.pid, kiosk, services


def measure(presses: int, silences: int) -> dict[str, Any]:
    """Press online, in fresh silences, and once the kiosk knows that it is alone."""
    with (
        tempfile.TemporaryDirectory(prefix="layso-bench-") as folder,
        lobby(Path(folder)) as (server, kiosk, services),
    ):
        times = {
            "online": _spread(kiosk, services, presses),
            "silent": [_silent(kiosk, server, services[n % 5]) for n in range(silences)],
        }
        os.kill(server, signal.SIGSTOP)
        try:
            kiosk.press(services[0])
            kiosk.wait_for("down")
            times["offline"] = _spread(kiosk, services, presses)
        finally:
            os.kill(server, signal.SIGCONT)
    return {f"{kind}_ms": _figures(kind, taken) for kind, taken in times.items()}


def _spread(kiosk: Kiosk, services: list[str], presses: int) -> list[float]:
    """Presses one after the other, over all services."""
    taken = []
    for n in range(presses):
        taken.append(kiosk.press(services[n % len(services)]))
        time.sleep(PRESSES_APART_S)
    return taken


def _silent(kiosk: Kiosk, server: int, service: str) -> float:
    """The first press after the server froze; then let it live again."""
    os.kill(server, signal.SIGSTOP)
    try:
        return kiosk.press(service)
    finally:
        os.kill(server, signal.SIGCONT)
        kiosk.wait_for("up")
        time.sleep(PRESSES_APART_S)


def _figures(kind: str, taken: list[float]) -> dict[str, float]:
    ordered = sorted(taken)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    return {
        "p50": round(ordered[len(ordered) // 2], 1),
        "p95": round(p95, 1),
        "max": round(ordered[-1], 1),
        "presses": len(ordered),
        "p95_to_limit": round(p95 / LIMIT_MS[kind], 2),
    }
