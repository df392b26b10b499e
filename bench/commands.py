"""Issue and call-next over HTTP, everything on, beside a bare endpoint in the same run."""

import itertools
import json
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from bench.keepalive import KeepAlive, Load, drive
from bench.servers import CENTRE, Product, bare

SERVICES = ("dat-dai", "doanh-nghiep", "bao-hiem", "cong-an", "giao-thong", "noi-vu")
COUNTERS = ("q1", "q2", "q6", "q7", "q11", "q15", "q19", "q23")
_keys = itertools.count(1)


def fresh_key() -> str:
    """An operation key that no other request of this run has."""
    return f"bench-{next(_keys):09d}"


def issue_step(connection: KeepAlive, number: int) -> tuple[int, bytes]:
    """Issue one ticket."""
    body = b'{"service":"%s"}' % SERVICES[number % len(SERVICES)].encode()
    return connection.post(f"/api/v1/centres/{CENTRE}/tickets", body, fresh_key())


def next_step(connection: KeepAlive, number: int) -> tuple[int, bytes]:
    """Call the next ticket at this client's own counter."""
    counter = COUNTERS[number % len(COUNTERS)]
    return connection.post(f"/api/v1/centres/{CENTRE}/counters/{counter}/next", b"{}", fresh_key())


def bare_step(connection: KeepAlive, number: int) -> tuple[int, bytes]:
    """The same request to the bare endpoint."""
    return connection.post("/issue", b'{"service":"dat-dai"}', fresh_key())


def open_counters(product: Product, token: str) -> None:
    """Open the counters that `next_step` asks from."""
    connection = KeepAlive(product.port, token)
    for counter in COUNTERS:
        status, body = connection.post(f"/api/v1/centres/{CENTRE}/counters/{counter}/open", b"{}")
        if status != 200:
            raise RuntimeError(body.decode())
    connection.close()


def measure(rounds: int, seconds: float) -> dict[str, Any]:
    """Measure both, interleaved; medians of the rounds and ratios round by round."""
    with tempfile.TemporaryDirectory(prefix="layso-bench-") as folder, bare("bare_http") as port:
        product = Product(Path(folder))
        integration, manager = product.token("integration"), product.token("manager")
        with product.serving():
            open_counters(product, manager)
            bare_runs, issue_runs, next_runs = [], [], []
            for _ in range(rounds):
                bare_runs.append(drive(port, "", 16, seconds, bare_step, 201))
                issue_runs.append(drive(product.port, integration, 16, seconds, issue_step, 201))
                next_runs.append(drive(product.port, manager, 8, seconds / 2, next_step, 200))
        called = [json.loads(body) for run in next_runs for body in run.bodies]
        empty = sum(answer["ticket"] is None for answer in called)
        faults = product.cli("verify")
    return {
        "bare_per_s": round(median(run.per_second for run in bare_runs)),
        "issue": _report(issue_runs, bare_runs),
        "next": {**_report(next_runs, bare_runs), "answers_without_a_ticket": empty},
        "verify": faults or "no fault",
    }


def _report(runs: list[Load], bare_runs: list[Load]) -> dict[str, Any]:
    ratios = [run.per_second / limit.per_second for run, limit in zip(runs, bare_runs, strict=True)]
    return {
        "per_s": round(median(run.per_second for run in runs)),
        "ratio_to_bare": round(median(ratios), 3),
        "ratios": [round(ratio, 3) for ratio in ratios],
        "p50_ms": round(median(run.percentile_ms(0.50) for run in runs), 2),
        "p99_ms": round(median(run.percentile_ms(0.99) for run in runs), 2),
    }
