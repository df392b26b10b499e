"""How soon the server is ready, and how much memory it and the agents keep."""

import json
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from statistics import median
from typing import Any

from bench.machine import rss_mb
from bench.servers import CENTRE, Product, free_port, running
from bench.watchers import Watchers

PRESSES = 20
PANELS = 40

KIOSK = """
server = "http://127.0.0.1:{server}"
token_file = "kiosk.token"
centre = "{centre}"
data_dir = "kiosk"
listen = "127.0.0.1:{port}"
[printer]
driver = "virtual"
paper_mm = 80
"""
DISPLAY = """
server = "http://127.0.0.1:{server}"
token_file = "display.token"
centre = "{centre}"
listen = "127.0.0.1:{port}"
"""
PANEL = """
[[panel]]
counter = "q{number}"
driver = "virtual"
"""


def measure(watchers: int) -> dict[str, Any]:
    """Start the server a few times, then fill it with watchers and put the agents beside it."""
    with tempfile.TemporaryDirectory(prefix="layso-bench-") as folder:
        product = Product(Path(folder))
        tokens = {role: product.token(role) for role in ("hall", "kiosk", "display")}
        ready = []
        for _ in range(5):
            begun = time.perf_counter()
            with product.serving():
                ready.append(time.perf_counter() - begun)
        with product.serving() as process:
            time.sleep(1.0)
            idle = rss_mb(process.pid)
            crowd = Watchers(product.port, watchers, {"token": tokens["hall"]}, watch=True)
            time.sleep(2.0)
            crowded = rss_mb(process.pid)
            crowd.close()
            agents = _agents(product, tokens)
    return {
        "ready_s": round(median(ready), 2),
        "ready_s_each": [round(seconds, 2) for seconds in ready],
        "rss_idle_mb": round(idle, 1),
        f"rss_{watchers}_watchers_mb": round(crowded, 1),
        **agents,
    }


def _agents(product: Product, tokens: dict[str, str]) -> dict[str, float]:
    folder = product.folder
    for role in ("kiosk", "display"):
        (folder / f"{role}.token").write_text(tokens[role])
    panels = "".join(PANEL.format(number=n) for n in range(1, PANELS + 1))
    found = {}
    for role, text in (("kiosk", KIOSK), ("display", DISPLAY + panels)):
        port = free_port()
        config = folder / f"{role}.toml"
        config.write_text(text.format(server=product.port, centre=CENTRE, port=port))
        program = str(Path(sys.executable).with_name(f"layso-{role}"))
        with running([program, "run", "--config", str(config)], port, product.env) as agent:
            time.sleep(3.0)
            for _ in range(PRESSES if role == "kiosk" else 0):
                _press(port)
            found[f"rss_{role}_mb"] = round(rss_mb(agent.pid), 1)
    return found


def _press(port: int) -> None:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/press",
        json.dumps({"service": "dat-dai"}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        outcome = json.load(answer)["outcome"]
    if outcome not in ("printed", "printing"):
        raise RuntimeError(f"the slip was {outcome}")
