"""Centres with their days, tickets, calls, counters and log."""

import sqlalchemy as sa

from server.storage.columns import by_key, counted, metadata, optional, optional_whole, text, whole

centre = by_key(
    "centre",
    text("id", primary_key=True),
    whole("version"),
    text("text"),
    text("today"),
    sa.Column("edition", sa.BigInteger, nullable=False, server_default="1"),
    counted("changed_ms"),
    sa.Column("changed_by", sa.Text, nullable=False, server_default=""),
)

ledger = by_key(
    "ledger",
    text("centre", primary_key=True),
    text("day"),
    whole("seq"),
    text("head"),
    whole("version"),
    whole("at_ms"),
)

number_counter = by_key(
    "number_counter",
    text("centre", primary_key=True),
    text("day", primary_key=True),
    text("prefix", primary_key=True),
    whole("ordinal"),
)

ticket = sa.Table(
    "ticket",
    metadata,
    text("id", primary_key=True),
    text("centre"),
    text("day"),
    text("number"),
    text("service"),
    text("priority"),
    text("state"),
    optional("counter"),
    text("pinned_to"),
    whole("t_ref_ms"),
    whole("issued_ms"),
    optional_whole("called_ms"),
    optional_whole("started_ms"),
    optional_whole("ended_ms"),
    optional("cause"),
    text("source"),
    text("language"),
    optional("procedure"),
    optional("track"),
    optional("call_id"),
    whole("times"),
    optional("note"),
    optional("outcome"),
    whole("seq"),
    counted("behind"),
    counted("ready_ms"),
    optional_whole("expected_s"),
    optional_whole("likely_s"),
    optional_whole("high_s"),
    optional_whole("dossiers"),
    sa.UniqueConstraint("centre", "day", "number", name="ticket_number"),
)

_waiting = sa.text("state = 'waiting'")
_active = sa.text("state IN ('called', 'serving')")
_held = sa.text("state = 'on_hold'")
_tracked = sa.text("track IS NOT NULL")
_finished = sa.text("state = 'served' AND cause IS NULL")
_served = sa.text("state = 'served'")
_set_back = sa.text("state = 'waiting' AND behind > 0")
_on_the_way = sa.text("state = 'waiting' AND ready_ms > 0")

sa.Index(
    "ticket_waiting",
    ticket.c.centre,
    ticket.c.service,
    ticket.c.priority,
    ticket.c.pinned_to,
    ticket.c.t_ref_ms,
    ticket.c.number,
    sqlite_where=_waiting,
    postgresql_where=_waiting,
)
sa.Index(
    "ticket_active",
    ticket.c.centre,
    ticket.c.counter,
    unique=True,
    sqlite_where=_active,
    postgresql_where=_active,
)
sa.Index(
    "ticket_held", ticket.c.centre, ticket.c.counter, sqlite_where=_held, postgresql_where=_held
)
sa.Index(
    "ticket_track", ticket.c.track, unique=True, sqlite_where=_tracked, postgresql_where=_tracked
)
sa.Index(
    "ticket_finished",
    ticket.c.centre,
    ticket.c.service,
    ticket.c.ended_ms,
    sqlite_where=_finished,
    postgresql_where=_finished,
)
sa.Index(
    "ticket_served",
    ticket.c.centre,
    ticket.c.day,
    ticket.c.service,
    sqlite_where=_served,
    postgresql_where=_served,
)

sa.Index("ticket_newest", ticket.c.centre, ticket.c.day, ticket.c.issued_ms, ticket.c.number)
sa.Index("ticket_set_back", ticket.c.centre, sqlite_where=_set_back, postgresql_where=_set_back)
sa.Index(
    "ticket_on_the_way", ticket.c.ready_ms, sqlite_where=_on_the_way, postgresql_where=_on_the_way
)

queue = by_key(
    "queue",
    text("centre", primary_key=True),
    text("service", primary_key=True),
    text("priority", primary_key=True),
    text("pinned_to", primary_key=True),
    whole("waiting"),
    sa.CheckConstraint("waiting >= 0", name="queue_not_negative"),
)

counter_state = by_key(
    "counter_state",
    text("centre", primary_key=True),
    text("counter", primary_key=True),
    text("state"),
    whole("since_ms"),
    optional("pause_code"),
    whole("served"),
    whole("seq"),
    counted("idle_ms"),
)

called_count = by_key(
    "called_count",
    text("centre", primary_key=True),
    text("service", primary_key=True),
    whole("calls"),
)

issued_count = by_key(
    "issued_count",
    text("centre", primary_key=True),
    text("day", primary_key=True),
    text("service", primary_key=True),
    whole("issued"),
    optional_whole("most"),
)

call = sa.Table(
    "call",
    metadata,
    text("centre", primary_key=True),
    text("call_id", primary_key=True),
    text("day"),
    text("ticket"),
    text("number"),
    text("service"),
    text("counter"),
    whole("called_ms"),
    whole("times"),
    text("reason"),
    whole("hidden"),
)
sa.Index("call_newest", call.c.centre, call.c.day, call.c.called_ms, call.c.call_id)
sa.Index("call_ticket", call.c.ticket)

event = by_key(
    "event",
    text("centre", primary_key=True),
    whole("seq", primary_key=True),
    whole("at_ms"),
    text("day"),
    text("kind"),
    optional("ticket"),
    optional("counter"),
    text("actor"),
    text("data"),
    text("hash"),
)

outbox = by_key(
    "outbox",
    text("centre", primary_key=True),
    whole("seq", primary_key=True),
    whole("at_ms"),
    text("body"),
)

operation = sa.Table(
    "operation",
    metadata,
    text("scope", primary_key=True),
    text("key", primary_key=True),
    text("digest"),
    whole("status"),
    text("body"),
    text("centre"),
    optional("ticket"),
    whole("at_ms"),
)
sa.Index("operation_age", operation.c.at_ms)

undo = sa.Table(
    "undo",
    metadata,
    text("centre", primary_key=True),
    text("counter", primary_key=True),
    text("action"),
    whole("at_ms"),
    text("before"),
    optional("number"),
)

day_head = by_key(
    "day_head",
    text("centre", primary_key=True),
    text("day", primary_key=True),
    whole("seq"),
    text("hash"),
)

day_accuracy = by_key(
    "day_accuracy",
    text("centre", primary_key=True),
    text("day", primary_key=True),
    whole("tickets"),
    whole("mean_error_s"),
    whole("median_error_s"),
    sa.Column("covered", sa.Double, nullable=False),
)

procedure = sa.Table(
    "procedure",
    metadata,
    text("centre", primary_key=True),
    text("code", primary_key=True),
    text("service"),
    text("name_vi"),
    text("name_en"),
    text("field"),
    text("level"),
    text("on_the_spot"),
    text("documents"),
    sa.Column("accepting", sa.Text, nullable=False, server_default="true"),
)
