"""A small POST that changes no ticket: in one transaction, and safe to repeat under its key."""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from server.service.hand_in import remembered
from server.service.ports import Operation, Reply, Store, Tx

_encode: Final = msgspec.json.Encoder().encode


def run_once(
    store: Store,
    lock: str,
    centre: str,
    operation: Operation | None,
    now_ms: int,
    decide: Callable[[Tx], Any],
) -> Reply:
    """Run `decide` and answer 200 with what it returns, as JSON, after its commit.

    Args:
        store: Where the rows are.
        lock: What `Store.run` locks meanwhile; the same for every repeat of an operation.
        centre: Whom the remembered answer belongs to.
        operation: Makes a repeat answer with the stored body, changing nothing.
        now_ms: When this is.
        decide: Reads, decides and writes. It may run again, as `Store.run` says.

    Raises:
        Refusal: `idempotency_mismatch`, or what `decide` raised; nothing was written.
    """

    def work(tx: Tx) -> Reply:
        if operation is not None:
            row = tx.operation(operation.scope, operation.key)
            if row is not None:
                return remembered(row, operation)
        reply = Reply(200, _encode(decide(tx)))
        if operation is not None:
            tx.save_operation(operation, centre, reply, None, now_ms)
        return reply

    return store.run(lock, work)
