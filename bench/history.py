"""What a million tickets of earlier days and 5,000 waiting cost issue and next.

Two servers, one empty and one full, measured in turns; the ratio is taken pair by pair.
"""

import random
import sqlite3
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from bench.commands import SERVICES, issue_step, next_step, open_counters
from bench.keepalive import Load, drive
from bench.servers import CENTRE, Product
from server.domain.chain import link
from server.domain.ticket import Ledger, Ticket, milliseconds
from server.storage.sql import insert

A_DAY = 1500
WAITING = 5000
SECONDS = 2.5


def measure(tickets: int, rounds: int) -> dict[str, Any]:
    """Fill one data folder, then compare."""
    with tempfile.TemporaryDirectory(prefix="layso-bench-") as folder:
        products = {}
        for name in ("empty", "full"):
            (Path(folder) / name).mkdir()
            products[name] = Product(Path(folder) / name)
        size_mb = fill(products["full"].folder, tickets)
        return {
            "tickets_of_earlier_days": tickets,
            "waiting": WAITING,
            "database_mb": size_mb,
            **_compare(products["empty"], products["full"], rounds),
        }


def _compare(empty: Product, full: Product, rounds: int) -> dict[str, Any]:
    runs: dict[tuple[str, str], list[Load]] = {}
    tokens = {id(product): product.token("manager") for product in (empty, full)}
    with empty.serving(), full.serving():
        for product in (empty, full):
            open_counters(product, tokens[id(product)])
        drive(full.port, tokens[id(full)], 16, 1.0, issue_step, 201)
        _queue_up(full, tokens[id(full)])
        for _ in range(rounds):
            for name, product in (("empty", empty), ("full", full)):
                token = tokens[id(product)]
                issued = drive(product.port, token, 16, SECONDS, issue_step, 201)
                called = drive(product.port, token, 8, SECONDS / 2, next_step, 200)
                runs.setdefault(("issue", name), []).append(issued)
                runs.setdefault(("next", name), []).append(called)
    return {what: _ratio(runs[what, "full"], runs[what, "empty"]) for what in ("issue", "next")}


def _queue_up(product: Product, token: str) -> None:
    done = 0
    while done < WAITING:
        done += len(drive(product.port, token, 16, 1.0, issue_step, 201).latencies_ms)


def _ratio(full: list[Load], empty: list[Load]) -> dict[str, Any]:
    ratios = [a.per_second / b.per_second for a, b in zip(full, empty, strict=True)]
    return {
        "full_per_s": round(median(run.per_second for run in full)),
        "empty_per_s": round(median(run.per_second for run in empty)),
        "ratio": round(median(ratios), 3),
        "ratios": [round(ratio, 3) for ratio in ratios],
    }


def fill(folder: Path, tickets: int) -> float:
    """Write so many served tickets of earlier days, with their chained events; the size in MB."""
    file = next(folder.glob("*.db"), None) or next(folder.glob("*.sqlite3"))
    connection = sqlite3.connect(file)
    row = connection.execute("SELECT centre, day, seq, head, version, at_ms FROM ledger").fetchone()
    ledger = Ledger._make(row)
    days = -(-tickets // A_DAY)
    first = datetime.now(UTC) - timedelta(days=days + 1)
    seq, head = ledger.seq, ledger.head
    for offset in range(days):
        day = first + timedelta(days=offset)
        rows = _day(day, min(A_DAY, tickets - offset * A_DAY))
        events = []
        for values in rows:
            for kind in ("issued", "called", "served"):
                seq += 1
                parts = (CENTRE, seq, values.issued_ms, values.day, kind, values.id, None, "t:x")
                head = link(head, *parts, "{}")
                events.append((*parts, "{}", head))
        connection.executemany(insert("ticket", Ticket._fields), rows)
        connection.executemany(
            "INSERT INTO event (centre, seq, at_ms, day, kind, ticket, counter, actor, data, hash) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            events,
        )
    connection.execute("UPDATE ledger SET seq = ?, head = ?", (seq, head))
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return round(file.stat().st_size / 1e6, 1)


def _day(day: datetime, count: int) -> list[Ticket]:
    rows = []
    start = milliseconds(day)
    for number in range(count):
        service = SERVICES[number % len(SERVICES)]
        at_ms = start + number * 20_000
        identity = f"{at_ms:012x}{random.getrandbits(80):020x}"
        rows.append(
            Ticket(
                id=f"{identity[:8]}-{identity[8:12]}-7{identity[12:15]}-8{identity[15:18]}-"
                f"{identity[18:30]}",
                centre=CENTRE,
                day=day.date().isoformat(),
                number=f"{'AFTLUN'[number % 6]}{number // 6 + 1:03d}",
                service=service,
                priority="none",
                state="served",
                counter="q1",
                pinned_to="",
                t_ref_ms=at_ms,
                issued_ms=at_ms,
                called_ms=at_ms + 60_000,
                started_ms=at_ms + 90_000,
                ended_ms=at_ms + 600_000,
                cause=None,
                source="kiosk",
                language="vi",
                procedure=None,
                track=None,
                call_id=None,
                times=1,
                note=None,
                outcome=None,
                seq=number,
            )
        )
    return rows
