"""The tables, the same on SQLite and PostgreSQL. Migrations are tested against them.

Times are whole milliseconds since 1970, UTC (`_ms`). Rows that are read by key alone live
WITHOUT ROWID on SQLite.
"""

import sqlalchemy as sa

metadata = sa.MetaData()


def by_key(name: str, *items: sa.schema.SchemaItem) -> sa.Table:
    """A table that is read by its key alone."""
    return sa.Table(name, metadata, *items, sqlite_with_rowid=False)


def text(name: str, *, primary_key: bool = False) -> sa.Column[str]:
    """A text column that is never null."""
    return sa.Column(name, sa.Text, nullable=False, primary_key=primary_key)


def optional(name: str) -> sa.Column[str]:
    """A text column that may be null."""
    return sa.Column(name, sa.Text)


def whole(name: str, *, primary_key: bool = False) -> sa.Column[int]:
    """A 64-bit whole number that is never null."""
    return sa.Column(
        name, sa.BigInteger, nullable=False, autoincrement=False, primary_key=primary_key
    )


def optional_whole(name: str) -> sa.Column[int]:
    """A 64-bit whole number that may be null."""
    return sa.Column(name, sa.BigInteger)


def counted(name: str) -> sa.Column[int]:
    """A whole number that is 0 unless said; rows older than the column have 0."""
    return sa.Column(name, sa.BigInteger, nullable=False, server_default="0")


centre = by_key(
    "centre",
    text("id", primary_key=True),
    whole("version"),
    text("text"),
    text("today"),
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
    sa.UniqueConstraint("centre", "day", "number", name="ticket_number"),
)

_waiting = sa.text("state = 'waiting'")
_active = sa.text("state IN ('called', 'serving')")
_held = sa.text("state = 'on_hold'")
_tracked = sa.text("track IS NOT NULL")
_finished = sa.text("state = 'served' AND cause IS NULL")
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
)

token = sa.Table(
    "token",
    metadata,
    text("id", primary_key=True),
    sa.Column("hash", sa.Text, nullable=False, unique=True),
    text("role"),
    optional("centre"),
    optional("counter"),
    text("name"),
    optional_whole("kiosk"),
    optional_whole("band_first"),
    optional_whole("band_last"),
    whole("created_ms"),
    optional_whole("revoked_ms"),
)
sa.Index("token_centre", token.c.centre)

person = sa.Table(
    "person",
    metadata,
    text("id", primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    text("role"),
    optional("centre"),
    text("password_hash"),
    whole("created_ms"),
    optional_whole("disabled_ms"),
)

session = sa.Table(
    "session",
    metadata,
    text("id_hash", primary_key=True),
    text("person"),
    text("csrf"),
    whole("created_ms"),
    whole("seen_ms"),
    whole("expires_ms"),
)

enrol_code = sa.Table(
    "enrol_code",
    metadata,
    text("hash", primary_key=True),
    text("role"),
    text("centre"),
    optional("counter"),
    whole("expires_ms"),
    optional_whole("used_ms"),
)

heartbeat = by_key(
    "heartbeat",
    text("token", primary_key=True),
    whole("seen_ms"),
    text("report"),
)

help_call = by_key(
    "help_call",
    text("centre", primary_key=True),
    text("caller", primary_key=True),
    text("id"),
    text("state"),
    text("day"),
    whole("called_ms"),
    optional_whole("coming_ms"),
    text("name"),
    optional_whole("kiosk"),
    optional("counter"),
)

rate = sa.Table(
    "rate",
    metadata,
    text("key", primary_key=True),
    whole("window_end_ms"),
    whole("hits"),
)
