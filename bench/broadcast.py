"""Call-next answered → the change at the last of n watchers, beside a bare broadcast."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import gevent

from bench.commands import fresh_key, next_step, open_counters
from bench.keepalive import KeepAlive
from bench.servers import CENTRE, Product, bare
from bench.watchers import Watchers

CALLS = 30

CHANGE = {
    "centre": CENTRE,
    "seq": 1234,
    "at": "2026-11-23T17:53:49.608000Z",
    "kind": "called",
    "ticket": {
        "id": "01a2098a-ee28-7fc4-92bf-20498c1054c9",
        "number": "A001",
        "service": "dat-dai",
        "state": "called",
        "zone": None,
    },
    "call": {"call_id": "01a2098a-ee3a-777b-aee8-7464d400d656", "times": 1},
    "counter": {"id": "q1", "number": 1, "state": "open"},
}


def measure(sizes: Sequence[int]) -> dict[str, Any]:
    """Both servers at each number of watchers, one call of each in turn."""
    with tempfile.TemporaryDirectory(prefix="layso-bench-") as folder, bare("bare_sockets") as port:
        product = Product(Path(folder))
        manager, hall = product.token("manager"), product.token("hall")
        with product.serving():
            open_counters(product, manager)
            return {f"{size}_watchers": _at(size, port, product, manager, hall) for size in sizes}


def _at(size: int, port: int, product: Product, manager: str, hall: str) -> dict[str, Any]:
    _fill(product, manager)
    theirs, ours = [], []
    plain = KeepAlive(port)
    desk = KeepAlive(product.port, manager)
    peers = Watchers(port, size, None, watch=False)
    watchers = Watchers(product.port, size, {"token": hall}, watch=True)
    body = json.dumps(CHANGE).encode()
    for _ in range(CALLS):
        theirs.append(peers.last_arrival_ms(lambda: _ok(plain.post("/emit", body))))
        called: list[bytes] = []
        ours.append(watchers.last_arrival_ms(lambda kept=called: kept.append(_next(desk))))
        # Ending it is an event of its own, waited for and not counted.
        watchers.last_arrival_ms(lambda kept=called: _finish(desk, kept[0]))
        gevent.sleep(0.02)
    for each in (peers, watchers, plain, desk):
        each.close()
    return {
        "bare_ms": round(median(theirs), 2),
        "layso_ms": round(median(ours), 2),
        "ratio": round(median(ours) / median(theirs), 2),
        "bare_p95_ms": round(sorted(theirs)[int(0.95 * CALLS)], 2),
        "layso_p95_ms": round(sorted(ours)[int(0.95 * CALLS)], 2),
    }


def _ok(answer: tuple[int, bytes]) -> None:
    if answer[0] != 200:
        raise RuntimeError(answer[1].decode())


def _fill(product: Product, manager: str) -> None:
    connection = KeepAlive(product.port, manager)
    path = f"/api/v1/centres/{CENTRE}/tickets"
    for _ in range(CALLS + 1):
        connection.post(path, b'{"service":"dat-dai"}', fresh_key())
    connection.close()


def _next(desk: KeepAlive) -> bytes:
    answer = next_step(desk, 0)
    _ok(answer)
    return answer[1]


def _finish(desk: KeepAlive, called: bytes) -> None:
    ticket = json.loads(called)["ticket"]["id"]
    _ok(desk.post(f"/api/v1/centres/{CENTRE}/tickets/{ticket}/finish", b"{}"))
