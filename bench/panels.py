"""Call-next answered → its frame on the bus: a real agent on a PTY that paces like RS-485."""

import json
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any, Final

from bench.commands import COUNTERS, fresh_key, next_step, open_counters
from bench.keepalive import KeepAlive
from bench.servers import CENTRE, ROOT, Product, free_port, running

LIMIT_MS: Final = 30
BAUD: Final = 9600
APART_S: Final = 0.25

CONFIG: Final = """
server = "http://127.0.0.1:{server}"
token_file = "display.token"
centre = "{centre}"
data_dir = "display"
listen = "127.0.0.1:{port}"
"""
PANEL: Final = """
[[panel]]
counter = "{counter}"
driver = "modbus_rtu"
port = "{device}"
baud = 9600
unit = {unit}
text_register = 0
text_length = 6
"""


class Bus:
    """What came over the bus so far; the far end is a process of its own."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "bench.bus", str(BAUD)]
        self._far = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self._far.stdout is not None
        self.device = self._far.stdout.readline().strip()
        self._came: dict[tuple[int, str], float] = {}
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._far.stdout is not None
        for line in self._far.stdout:
            unit, at_s, text = line.rstrip("\n").split(" ", 2)
            self._came.setdefault((int(unit), text), float(at_s))

    def when(self, unit: int, text: str) -> float:
        """The moment at which this text first began to go to this panel."""
        until = time.monotonic() + 5
        while (unit, text) not in self._came:
            if time.monotonic() > until:
                raise RuntimeError(f"panel {unit} was never told '{text}'")
            time.sleep(0.001)
        return self._came[unit, text]

    def stop(self) -> None:
        """End the far end by its id."""
        self._far.kill()
        self._far.wait()


def measure(calls: int) -> dict[str, Any]:
    """Call from eight counters in turn, whose panels hang on one bus."""
    with tempfile.TemporaryDirectory(prefix="layso-bench-") as name:
        folder, bus, port = Path(name), Bus(), free_port()
        product = Product(folder)
        manager = product.token("manager")
        (folder / "display.token").write_text(product.token("display"))
        panels = "".join(
            PANEL.format(counter=counter, device=bus.device, unit=unit)
            for unit, counter in enumerate(COUNTERS, 1)
        )
        config = folder / "display.toml"
        config.write_text(CONFIG.format(server=product.port, centre=CENTRE, port=port) + panels)
        program = str(Path(sys.executable).with_name("layso-display"))
        command = [program, "run", "--config", str(config)]
        with product.serving(), running(command, port, product.env, quiet=True):
            open_counters(product, manager)
            _fill(product, manager, calls)
            _wait_until_well(port)
            taken = _calls(product, manager, bus, calls)
        bus.stop()
    ordered = sorted(taken)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    return {
        "frame_ms": {
            "p50": round(ordered[len(ordered) // 2], 1),
            "p95": round(p95, 1),
            "max": round(ordered[-1], 1),
            "calls": len(ordered),
            "panels_on_the_bus": len(COUNTERS),
            "baud": BAUD,
            "p95_to_limit": round(p95 / LIMIT_MS, 2),
        }
    }


def _fill(product: Product, manager: str, calls: int) -> None:
    connection = KeepAlive(product.port, manager)
    for number in range(calls):
        service = ("dat-dai", "doanh-nghiep", "bao-hiem", "cong-an")[number % 4]
        body = b'{"service":"%s"}' % service.encode()
        connection.post(f"/api/v1/centres/{CENTRE}/tickets", body, fresh_key())
    connection.close()


def _wait_until_well(port: int) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/panels", timeout=5) as answer:
            if all(panel["state"] == "ok" for panel in json.load(answer)):
                return
        time.sleep(0.05)
    raise RuntimeError("the panels are not well")


def _calls(product: Product, manager: str, bus: Bus, calls: int) -> list[float]:
    """Milliseconds from each answer to the frame; 0 where the frame was first."""
    desk = KeepAlive(product.port, manager)
    taken = []
    for number in range(calls):
        status, body = next_step(desk, number)
        answered_s = time.perf_counter()
        if status != 200:
            raise RuntimeError(body.decode())
        ticket = json.loads(body)["ticket"]
        if ticket is None:
            continue
        unit = 1 + number % len(COUNTERS)
        taken.append(max(0.0, 1000 * (bus.when(unit, ticket["number"]) - answered_s)))
        # Not in step with the refreshes, which come every 5 s.
        time.sleep(APART_S + (number % 7) * 0.013)
    desk.close()
    return taken
