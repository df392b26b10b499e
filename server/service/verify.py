"""Prove that the log is whole and says what the tables say.

Every hash is worked out again, every seq is there once, and the events played from the start
give each ticket and counter the row it has.
"""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from server.domain.chain import GENESIS, Event, expected_hash
from server.domain.ticket import Ledger
from server.service.ports import Store, Tx
from server.service.work import ABSENT

PAGE: Final = 2000
_NOT_IN_LOG: Final = frozenset({"track", "seq"})


def verify(store: Store) -> list[str]:
    """Check every centre.

    Returns:
        One line a fault; empty when the log and the tables agree and nothing was tampered with.
    """
    faults = []
    for centre in store.read(lambda tx: tx.centres()):
        faults += store.read(lambda tx, name=centre: list(_centre(tx, name)))  # type: ignore[misc]  # bound at once
    return faults


def _events(tx: Tx, centre: str) -> Iterator[Event]:
    seq = 0
    while page := tx.events_after(centre, seq, PAGE):
        yield from page
        seq = page[-1].seq


def _centre(tx: Tx, centre: str) -> Iterator[str]:
    ledger = tx.ledger(centre)
    assert ledger is not None
    head, seq = GENESIS, 0
    tickets: dict[str, dict[str, Any]] = {}
    counters: dict[str, str] = {}
    calls: dict[str, int] = {}
    for event in _events(tx, centre):
        if event.seq != seq + 1:
            yield f"{centre}: event {seq + 1} is missing"
        if expected_hash(head, event) != event.hash:
            yield f"{centre}: event {event.seq} does not fit the chain; it or its past was changed"
        head, seq = event.hash, event.seq
        _play(event, tickets, counters, calls)
    yield from _ledger(centre, ledger, seq, head)
    yield from _tickets(tx, centre, tickets)
    yield from _counters(tx, centre, counters)
    yield from _queues(tx, centre)
    yield from _calls(tx, centre, calls)


def _play(
    event: Event,
    tickets: dict[str, dict[str, Any]],
    counters: dict[str, str],
    calls: dict[str, int],
) -> None:
    data = msgspec.json.decode(event.data)
    changes = data.get("set", {})
    if event.ticket is not None:
        ticket = tickets.setdefault(event.ticket, {})
        ticket.update(changes)
        if "calls" in data:
            calls[ticket.get("service", "")] = data["calls"]
    elif event.counter is not None:
        counters[event.counter] = changes.get("state", "closed")


def _ledger(centre: str, ledger: Ledger, seq: int, head: str) -> Iterator[str]:
    if (ledger.seq, ledger.head) != (seq, head):
        yield f"{centre}: the ledger stands at {ledger.seq}, the log ends at {seq}"


def _tickets(tx: Tx, centre: str, played: dict[str, dict[str, Any]]) -> Iterator[str]:
    for ticket in tx.all_tickets(centre):
        row = ticket._asdict()
        log = played.pop(row["id"], None)
        if log is None:
            yield f"{centre}: ticket {row['number']} of {row['day']} is not in the log"
            continue
        for name, value in row.items():
            told = log.get(name, ABSENT.get(name))
            if name not in _NOT_IN_LOG and told != value:
                yield (
                    f"{centre}: ticket {row['number']} of {row['day']} has {name} {value!r}, "
                    f"the log says {told!r}"
                )
    for log in played.values():
        yield f"{centre}: ticket {log.get('number')} of {log.get('day')} is in the log only"


def _counters(tx: Tx, centre: str, played: dict[str, str]) -> Iterator[str]:
    for row in tx.counters(centre):
        if played.get(row.counter, "closed") != row.state:
            yield (
                f"{centre}: counter {row.counter} is {row.state}, "
                f"the log says {played.get(row.counter, 'closed')}"
            )


def _queues(tx: Tx, centre: str) -> Iterator[str]:
    counted = {(q.service, q.priority, q.pinned_to): q.waiting for q in tx.counted_queues(centre)}
    stored = {(q.service, q.priority, q.pinned_to): q.waiting for q in tx.queues(centre)}
    for queue in counted.keys() | stored.keys():
        if counted.get(queue, 0) != stored.get(queue, 0):
            yield (
                f"{centre}: queue {'/'.join(filter(None, queue))} counts "
                f"{stored.get(queue, 0)}, but {counted.get(queue, 0)} wait"
            )


def _calls(tx: Tx, centre: str, played: dict[str, int]) -> Iterator[str]:
    stored = tx.calls(centre)
    for service in stored.keys() | played.keys():
        if stored.get(service, 0) != played.get(service, 0):
            yield (
                f"{centre}: service {service} counts {stored.get(service, 0)} calls, "
                f"the log says {played.get(service, 0)}"
            )
