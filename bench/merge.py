"""Three kiosks that were away hand in what they gave out: how long until the server has it all.

The kiosks are real agents with virtual printers; the seconds count from the moment the server
listens again until every outbox is empty, the kiosks' noticing it included.
"""

import json
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from bench.servers import CENTRE, Product, free_port, running

KIOSKS = 3
SERVICES = ("ho-tich", "dat-dai")
LONGEST_S = 120.0


class KioskProcess:
    """One kiosk agent on its own data folder."""

    def __init__(self, product: Product, number: int) -> None:
        self.port = free_port()
        folder = product.folder / f"kiosk-{number}"
        folder.mkdir()
        (folder / "kiosk.token").write_text(product.token("kiosk") + "\n", encoding="utf-8")
        self._config = folder / "kiosk.toml"
        self._config.write_text(
            f'server = "http://127.0.0.1:{product.port}"\ntoken_file = "kiosk.token"\n'
            f'centre = "{CENTRE}"\ndata_dir = "data"\nlisten = "127.0.0.1:{self.port}"\n'
            '[printer]\ndriver = "virtual"\n[press]\nburst = 1000\nper_minute = 6000\n',
            encoding="utf-8",
        )
        self._env = {k: v for k, v in product.env.items() if not k.startswith("LAYSO_")}

    @contextmanager
    def on(self) -> Iterator["subprocess.Popen[bytes]"]:
        """The agent, running."""
        program = str(Path(sys.executable).with_name("layso-kiosk"))
        command = [program, "run", "--config", str(self._config)]
        with running(command, self.port, self._env) as process:
            yield process

    def call(self, path: str, body: Any = None) -> Any:
        """Ask the agent; JSON in and out."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", data, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())

    def press(self, times: int) -> list[str]:
        """Press so often; the numbers."""
        asked = ({"service": SERVICES[turn % len(SERVICES)]} for turn in range(times))
        return [self.call("/api/press", body)["ticket"]["number"] for body in asked]

    def outbox(self) -> int:
        """How many are still to be handed in."""
        return int(self.call("/api/state")["outbox"])


def measure(tickets: int) -> dict[str, Any]:
    """Give out so many numbers away from the server, and let them be handed in."""
    with tempfile.TemporaryDirectory(prefix="layso-bench-") as folder, ExitStack() as stack:
        product = Product(Path(folder))
        kiosks = [KioskProcess(product, number) for number in range(1, KIOSKS + 1)]
        with product.serving():
            for kiosk in kiosks:
                stack.enter_context(kiosk.on())
            for kiosk in kiosks:
                wait_until(lambda kiosk=kiosk: kiosk.call("/api/view")["ready"])
        numbers = give_out(kiosks, tickets)
        left = sum(kiosk.outbox() for kiosk in kiosks)
        with product.serving():
            began_s = time.monotonic()
            for kiosk in kiosks:
                wait_until(lambda kiosk=kiosk: kiosk.outbox() == 0)
            took_s = time.monotonic() - began_s
        faults = product.cli("verify")
        return {
            "kiosks": KIOSKS,
            "given_out": len(numbers),
            "numbers": len(set(numbers)),
            "in_the_outboxes": left,
            "refused": sum(kiosk.call("/api/state")["refused"] for kiosk in kiosks),
            "seconds": round(took_s, 2),
            "per_s": round(left / took_s),
            "verify": faults or "no fault",
        }


def give_out(kiosks: list[KioskProcess], tickets: int) -> list[str]:
    """All kiosks at once, each its share."""
    shares = [tickets // KIOSKS + (turn < tickets % KIOSKS) for turn in range(KIOSKS)]
    with ThreadPoolExecutor(KIOSKS) as pool:
        given = pool.map(KioskProcess.press, kiosks, shares)
        return [number for share in given for number in share]


def wait_until(what: Any) -> None:
    """Return once `what` answers true, or raise."""
    until_s = time.monotonic() + LONGEST_S
    while time.monotonic() < until_s:
        try:
            if what():
                return
        except urllib.error.URLError:
            time.sleep(0.1)
        time.sleep(0.02)
    raise RuntimeError(f"not within {LONGEST_S:g} s")
