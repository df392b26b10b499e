"""What 5,000 waiting cost call-next, against 50: two servers, measured in turns."""

import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from bench.commands import issue_step, next_step, open_counters
from bench.keepalive import Load, drive
from bench.servers import Product

FEW, MANY = 50, 5000
CLIENTS = 8
SECONDS = 1.5


def measure(rounds: int) -> dict[str, Any]:
    """Time a press of call-next in a quiet lobby and in a crowded one; the ratio pair by pair."""
    with tempfile.TemporaryDirectory(prefix="layso-bench-") as folder:
        products = []
        for name in ("few", "many"):
            (Path(folder) / name).mkdir()
            products.append(Product(Path(folder) / name))
        few, many = products
        tokens = {id(product): product.token("manager") for product in products}
        with few.serving(), many.serving():
            for product in products:
                open_counters(product, tokens[id(product)])
            _fill(many, tokens[id(many)], MANY)
            runs: dict[str, list[Load]] = {"few": [], "many": []}
            for _ in range(rounds):
                runs["few"].append(_few(few, tokens[id(few)]))
                _fill(many, tokens[id(many)], len(runs["few"][-1].latencies_ms))
                load = drive(many.port, tokens[id(many)], CLIENTS, SECONDS, next_step, 200)
                runs["many"].append(load)
                _fill(many, tokens[id(many)], len(load.latencies_ms))
    return _report(runs)


def _few(product: Product, token: str) -> Load:
    """A round with about 50 waiting all along: as many are issued as are called."""
    latencies: list[float] = []
    bodies: list[bytes] = []
    seconds = 0.0
    while seconds < SECONDS:
        _fill(product, token, FEW)
        load = drive(product.port, token, CLIENTS, 0.05, next_step, 200)
        latencies += load.latencies_ms
        bodies += load.bodies
        seconds += 0.05
    return Load(seconds, latencies, bodies)


def _fill(product: Product, token: str, people: int) -> None:
    done = 0
    while done < people:
        done += len(drive(product.port, token, CLIENTS, 0.05, issue_step, 201).latencies_ms)


def _report(runs: dict[str, list[Load]]) -> dict[str, Any]:
    medians = {name: [run.percentile_ms(0.5) for run in loads] for name, loads in runs.items()}
    ratios = [a / b for a, b in zip(medians["many"], medians["few"], strict=True)]
    return {
        "few_waiting": FEW,
        "many_waiting": MANY,
        "few_p50_ms": round(median(medians["few"]), 2),
        "many_p50_ms": round(median(medians["many"]), 2),
        "ratio": round(median(ratios), 3),
        "ratios": [round(ratio, 3) for ratio in ratios],
    }
