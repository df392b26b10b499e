"""How soon the server is ready, and how much memory it and the agents keep."""

import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from bench.machine import rss_mb
from bench.servers import Product
from bench.watchers import Watchers


def measure(watchers: int) -> dict[str, Any]:
    """Start the server a few times, then fill it with watchers."""
    with tempfile.TemporaryDirectory(prefix="layso-bench-") as folder:
        product = Product(Path(folder))
        hall = product.token("hall")
        ready = []
        for _ in range(5):
            begun = time.perf_counter()
            with product.serving():
                ready.append(time.perf_counter() - begun)
        with product.serving() as process:
            time.sleep(1.0)
            idle = rss_mb(process.pid)
            crowd = Watchers(product.port, watchers, {"token": hall}, watch=True)
            time.sleep(2.0)
            crowded = rss_mb(process.pid)
            crowd.close()
    return {
        "ready_s": round(median(ready), 2),
        "ready_s_each": [round(seconds, 2) for seconds in ready],
        "rss_idle_mb": round(idle, 1),
        f"rss_{watchers}_watchers_mb": round(crowded, 1),
    }
