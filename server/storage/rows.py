"""The rows of tickets, queues, counters and history: one method, one statement.

The statements are the same on both databases. The cost of each depends on the number of
queues, counters or rows asked for, never on how many tickets are stored.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final, cast

from server.domain.chain import Event
from server.domain.ticket import CounterRow, Ledger, Queued, Ticket
from server.service.ports import (
    CallRow,
    Operation,
    OperationRow,
    Pushed,
    Reply,
    UndoRow,
)
from server.storage.audit_rows import AuditRows
from server.storage.content_rows import ContentRows
from server.storage.desk_rows import DeskTables
from server.storage.device_rows import DeviceRows
from server.storage.greeter_rows import GreeterRows
from server.storage.history_rows import HistoryRows
from server.storage.sql import insert, marks, select, upsert
from server.storage.tally_rows import TallyRows
from server.storage.visit_rows import VisitRows
from server.storage.wait_rows import WaitRows
from wire.words import Foreign

_TICKET: Final = Ticket._fields
_CHANGING: Final = tuple(name for name in _TICKET if name not in ("id", "centre", "day"))
_CALL: Final = CallRow._fields
_QUEUE: Final = (
    "centre = ? AND service = ? AND priority = ? AND pinned_to = ? AND state = 'waiting'"
)
_IN_QUEUE: Final = (
    "w.centre = q.centre AND w.service = q.service AND w.priority = q.priority "
    "AND w.pinned_to = q.pinned_to AND w.state = 'waiting'"
)

_IN_TURN: Final = "w.behind <= COALESCE(c.calls, 0)"

TICKET_BY: Final = "SELECT " + ", ".join(_TICKET) + " FROM ticket WHERE "
INSERT_TICKET: Final = insert("ticket", _TICKET)
UPDATE_TICKET: Final = (
    "UPDATE ticket SET " + ", ".join(f"{name} = ?" for name in _CHANGING) + " WHERE id = ?"
)
NEXT_ORDINAL: Final = (
    "INSERT INTO number_counter (centre, day, prefix, ordinal) VALUES (?, ?, ?, 1) "
    "ON CONFLICT (centre, day, prefix) DO UPDATE SET ordinal = number_counter.ordinal + 1 "
    "RETURNING ordinal"
)
ADD_WAITING: Final = (
    "INSERT INTO queue (centre, service, priority, pinned_to, waiting) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (centre, service, priority, pinned_to) "
    "DO UPDATE SET waiting = queue.waiting + excluded.waiting"
)
TAKE_WAITING: Final = (
    "UPDATE queue SET waiting = waiting + ? "
    "WHERE centre = ? AND service = ? AND priority = ? AND pinned_to = ?"
)
SAVE_LEDGER: Final = upsert("ledger", Ledger._fields, ("centre",))
LEDGER: Final = select("ledger", Ledger._fields, "centre = ?")
SAVE_COUNTER: Final = upsert("counter_state", CounterRow._fields, ("centre", "counter"))
INSERT_EVENT: Final = insert("event", Event._fields)
INSERT_OUTBOX: Final = insert("outbox", ("centre", "seq", "at_ms", "body"))
INSERT_CALL: Final = insert("call", _CALL)
INSERT_OPERATION: Final = insert(
    "operation", ("scope", "key", "digest", "status", "body", "centre", "ticket", "at_ms")
)
OPERATION: Final = "SELECT digest, status, body, ticket FROM operation WHERE scope = ? AND key = ?"
SAVE_UNDO: Final = upsert("undo", UndoRow._fields, ("centre", "counter"))

_TRACK_SWEEP_DAYS: Final = 14
"""How far back a closing day lets go of track links; older ones went with earlier days."""


def _days_before(day: str, count: int) -> str:
    return (date.fromisoformat(day) - timedelta(days=count)).isoformat()


def heads_query(
    centre: str, services: Sequence[str], counter: str, now_ms: int, *, set_back: bool = False
) -> tuple[str, tuple[Any, ...]]:
    """The statement behind `heads`: one index look-up for each queue with somebody in it.

    Tickets that may not be called yet are few, so that walking past them costs nothing.
    """
    params = (now_ms, centre, *(services or ("",)), counter)
    return _heads_sql(len(services), set_back), params


@lru_cache(maxsize=64)
def _heads_sql(count: int, set_back: bool) -> str:
    columns = ", ".join(f"t.{name}" for name in _TICKET)
    in_turn = "" if set_back else f"AND {_IN_TURN} "
    return (
        f"SELECT {columns} FROM queue q "
        f"LEFT JOIN called_count c ON c.centre = q.centre AND c.service = q.service "
        f"JOIN ticket t ON t.id = (SELECT w.id FROM ticket w WHERE {_IN_QUEUE} "
        f"AND w.ready_ms <= ? {in_turn}ORDER BY w.t_ref_ms, w.number LIMIT 1) "
        f"WHERE q.centre = ? AND q.waiting > 0 AND ((q.pinned_to = '' AND q.service IN "
        f"({marks(count)})) OR q.pinned_to = ?)"
    )


class Rows(
    HistoryRows,
    TallyRows,
    WaitRows,
    DeviceRows,
    DeskTables,
    GreeterRows,
    AuditRows,
    VisitRows,
    ContentRows,
):
    """The methods of `service.ports.Tx`, over three that a database gives."""

    pushed: list[Pushed]

    # ---- the centre
    def ledger(self, centre: str) -> Ledger | None:
        row = self.one(LEDGER, (centre,))
        return Ledger._make(row) if row else None

    def save_ledger(self, ledger: Ledger) -> None:
        self.execute(SAVE_LEDGER, ledger)

    # ---- operations
    def operation(self, scope: str, key: str) -> OperationRow | None:
        row = self.one(OPERATION, (scope, key))
        return OperationRow(row[0], row[1], row[2].encode(), row[3]) if row else None

    def save_operation(
        self, operation: Operation, centre: str, reply: Reply, ticket: str | None, at_ms: int
    ) -> None:
        status, body = reply.status, reply.body.decode()
        scope, key, digest = operation.scope, operation.key, operation.digest
        values = (scope, key, digest, status, body, centre, ticket, at_ms)
        self.execute(INSERT_OPERATION, values)

    def supersede_operation(self, scope: str, key: str) -> None:
        sql = "UPDATE operation SET status = 0, body = '' WHERE scope = ? AND key = ?"
        self.execute(sql, (scope, key))

    # ---- tickets
    def next_ordinal(self, centre: str, day: str, prefix: str) -> int:
        row = self.one(NEXT_ORDINAL, (centre, day, prefix))
        assert row is not None
        return cast(int, row[0])

    def insert_ticket(self, ticket: Ticket) -> None:
        self.execute(INSERT_TICKET, ticket)

    def update_ticket(self, ticket: Ticket) -> None:
        self.execute(UPDATE_TICKET, (*ticket[3:], ticket.id))

    def _tickets(self, where: str, params: Sequence[Any]) -> list[Ticket]:
        return [Ticket._make(row) for row in self.all(TICKET_BY + where, params)]

    def _ticket(self, where: str, params: Sequence[Any]) -> Ticket | None:
        row = self.one(TICKET_BY + where, params)
        return Ticket._make(row) if row else None

    def ticket(self, centre: str, ticket: str) -> Ticket | None:
        return self._ticket("id = ? AND centre = ?", (ticket, centre))

    def ticket_by_id(self, ticket: str) -> Ticket | None:
        return self._ticket("id = ?", (ticket,))

    def ticket_by_number(self, centre: str, day: str, number: str) -> Ticket | None:
        return self._ticket("centre = ? AND day = ? AND number = ?", (centre, day, number))

    def ticket_by_track(self, track: str) -> Ticket | None:
        return self._ticket("track = ?", (track,))

    def held_at(self, centre: str, counter: str) -> Ticket | None:
        where = "centre = ? AND counter = ? AND state IN ('called', 'serving')"
        return self._ticket(where, (centre, counter))

    def heads(
        self,
        centre: str,
        services: Sequence[str],
        counter: str,
        now_ms: int,
        *,
        set_back: bool = False,
    ) -> list[Ticket]:
        sql, params = heads_query(centre, services, counter, now_ms, set_back=set_back)
        return [Ticket._make(row) for row in self.all(sql, params)]

    def first_waiting(
        self, centre: str, services: Sequence[str], counter: str, limit: int, now_ms: int
    ) -> list[Ticket]:
        return [
            ticket
            for queue in self.queues(centre)
            if queue.pinned_to == counter or (not queue.pinned_to and queue.service in services)
            for ticket in self._in_turn(centre, queue, limit, now_ms)
        ]

    def _in_turn(self, centre: str, queue: Queued, limit: int, now_ms: int) -> list[Ticket]:
        calls = self.calls(centre).get(queue.service, 0)
        where = f"{_QUEUE} AND ready_ms <= ? AND behind <= ? ORDER BY t_ref_ms, number LIMIT ?"
        return self._tickets(where, (centre, *queue[:3], now_ms, calls, limit))

    def fronts(self, centre: str, limit: int) -> list[Ticket]:
        where = f"{_QUEUE} ORDER BY t_ref_ms, number LIMIT ?"
        return [
            ticket
            for queue in self.queues(centre)
            for ticket in self._tickets(where, (centre, *queue[:3], limit))
        ]

    def waiting_before(self, ticket: Ticket) -> int:
        key = (ticket.centre, ticket.service, ticket.priority, ticket.pinned_to)
        row = self.one(
            f"SELECT COUNT(*) FROM ticket WHERE {_QUEUE} AND (t_ref_ms, number) < (?, ?)",
            (*key, ticket.t_ref_ms, ticket.number),
        )
        assert row is not None
        return cast(int, row[0])

    def on_hold_at(self, centre: str, counter: str) -> list[Ticket]:
        return self._tickets(
            "centre = ? AND counter = ? AND state = 'on_hold' ORDER BY t_ref_ms, number",
            (centre, counter),
        )

    def open_tickets(self, centre: str) -> list[Ticket]:
        found: list[Ticket] = []
        for state in ("state = 'waiting'", "state = 'on_hold'"):
            found += self._tickets(f"centre = ? AND {state}", (centre,))
        return sorted(found + self.active_tickets(centre), key=lambda t: (t.t_ref_ms, t.number))

    def active_tickets(self, centre: str) -> list[Ticket]:
        return self._tickets("centre = ? AND state IN ('called', 'serving')", (centre,))

    # ---- queues
    def add_waiting(
        self, centre: str, service: str, priority: str, pinned_to: str, change: int
    ) -> None:
        if change > 0:
            self.execute(ADD_WAITING, (centre, service, priority, pinned_to, change))
        else:
            self.execute(TAKE_WAITING, (change, centre, service, priority, pinned_to))

    def queues(self, centre: str) -> list[Queued]:
        sql = (
            "SELECT service, priority, pinned_to, waiting FROM queue "
            "WHERE centre = ? AND waiting > 0"
        )
        return [Queued._make(row) for row in self.all(sql, (centre,))]

    # ---- counters
    def counter(self, centre: str, counter: str) -> CounterRow | None:
        where = "centre = ? AND counter = ?"
        row = self.one(select("counter_state", CounterRow._fields, where), (centre, counter))
        return CounterRow._make(row) if row else None

    def counters(self, centre: str) -> list[CounterRow]:
        rows = self.all(select("counter_state", CounterRow._fields, "centre = ?"), (centre,))
        return [CounterRow._make(row) for row in rows]

    def save_counter(self, row: CounterRow) -> None:
        self.execute(SAVE_COUNTER, row)

    # ---- history
    def append_event(self, event: Event) -> None:
        self.execute(INSERT_EVENT, event)

    def append_outbox(self, pushed: Pushed, at_ms: int) -> None:
        self.execute(INSERT_OUTBOX, (pushed.centre, pushed.seq, at_ms, pushed.body.decode()))
        self.pushed.append(pushed)

    def outbox_after(self, centre: str, seq: int, limit: int) -> list[Pushed]:
        rows = self.all(
            "SELECT seq, body FROM outbox WHERE centre = ? AND seq > ? ORDER BY seq LIMIT ?",
            (centre, seq, limit),
        )
        return [Pushed(centre, row[0], row[1].encode()) for row in rows]

    def insert_call(self, call: CallRow) -> None:
        self.execute(INSERT_CALL, call)

    def bump_call(self, centre: str, call_id: str, times: int) -> None:
        sql = "UPDATE call SET times = ? WHERE centre = ? AND call_id = ?"
        self.execute(sql, (times, centre, call_id))

    def hide_call(self, centre: str, call_id: str, hidden: bool) -> None:
        sql = "UPDATE call SET hidden = ? WHERE centre = ? AND call_id = ?"
        self.execute(sql, (int(hidden), centre, call_id))

    def recent_calls(self, centre: str, day: str, limit: int) -> list[CallRow]:
        where = (
            "centre = ? AND day = ? AND hidden = 0 ORDER BY called_ms DESC, call_id DESC LIMIT ?"
        )
        rows = self.all(select("call", _CALL, where), (centre, day, limit))
        return [CallRow._make(row) for row in rows]

    def foreign(self, tickets: Sequence[str]) -> dict[str, Foreign]:
        where = f"id IN ({marks(len(tickets))}) AND language <> 'vi'"
        return dict(self.all(select("ticket", ("id", "language"), where), tickets or ("",)))

    def undo_row(self, centre: str, counter: str) -> UndoRow | None:
        where = "centre = ? AND counter = ?"
        row = self.one(select("undo", UndoRow._fields, where), (centre, counter))
        return UndoRow._make(row) if row else None

    def save_undo(self, row: UndoRow) -> None:
        self.execute(SAVE_UNDO, row)

    def clear_undo(self, centre: str, counter: str) -> None:
        self.execute("DELETE FROM undo WHERE centre = ? AND counter = ?", (centre, counter))

    def close_day(self, centre: str, day: str, seq: int, head: str) -> None:
        sql = upsert("day_head", ("centre", "day", "seq", "hash"), ("centre", "day"))
        self.execute(sql, (centre, day, seq, head))
        self.execute(
            "UPDATE ticket SET track = NULL "
            "WHERE centre = ? AND day >= ? AND day < ? AND track IS NOT NULL",
            (centre, _days_before(day, _TRACK_SWEEP_DAYS), day),
        )
        self.execute("DELETE FROM ticket_note WHERE centre = ? AND day <= ?", (centre, day))
        self.execute("DELETE FROM seat WHERE centre = ? AND day <= ?", (centre, day))
        # The remembered answer of a note holds its words; they go with the note.
        sql = "DELETE FROM operation WHERE centre = ? AND scope LIKE ?"
        self.execute(sql, (centre, "% POST %/tickets/%/note"))

    def events_after(self, centre: str, seq: int, limit: int) -> list[Event]:
        where = "centre = ? AND seq > ? ORDER BY seq LIMIT ?"
        rows = self.all(select("event", Event._fields, where), (centre, seq, limit))
        return [Event._make(row) for row in rows]

    def all_tickets(self, centre: str) -> list[Ticket]:
        return self._tickets("centre = ?", (centre,))

    def counted_queues(self, centre: str) -> list[Queued]:
        sql = (
            "SELECT service, priority, pinned_to, COUNT(*) FROM ticket "
            "WHERE centre = ? AND state = 'waiting' GROUP BY service, priority, pinned_to"
        )
        return [Queued._make(row) for row in self.all(sql, (centre,))]

    def forget(self, before_ms: int, outbox_before_ms: int) -> int:
        gone = self.execute("DELETE FROM operation WHERE at_ms < ?", (before_ms,))
        return gone + self.execute(
            "DELETE FROM outbox WHERE at_ms < ? AND seq < "
            "(SELECT seq FROM ledger WHERE ledger.centre = outbox.centre) - 1000",
            (outbox_before_ms,),
        )
