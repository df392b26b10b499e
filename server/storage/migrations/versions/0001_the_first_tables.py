"""The first tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

WAITING = sa.text("state = 'waiting'")
ACTIVE = sa.text("state IN ('called', 'serving')")
HELD = sa.text("state = 'on_hold'")
TRACKED = sa.text("track IS NOT NULL")


def text(name: str, *, primary_key: bool = False, unique: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, primary_key=primary_key, unique=unique)


def optional(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text())


def whole(name: str, *, primary_key: bool = False) -> sa.Column[int]:
    return sa.Column(
        name, sa.BigInteger(), nullable=False, autoincrement=False, primary_key=primary_key
    )


def optional_whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger())


def by_key(name: str, *items: Any) -> None:
    op.create_table(name, *items, sqlite_with_rowid=False)


def part(name: str, columns: list[str], where: Any, *, unique: bool = False) -> None:
    op.create_index(
        name, "ticket", columns, unique=unique, sqlite_where=where, postgresql_where=where
    )


def create_centres_days() -> None:
    by_key("centre", text("id", primary_key=True), whole("version"), text("text"), text("today"))
    by_key(
        "ledger",
        text("centre", primary_key=True),
        text("day"),
        whole("seq"),
        text("head"),
        whole("version"),
        whole("at_ms"),
    )
    by_key(
        "number_counter",
        text("centre", primary_key=True),
        text("day", primary_key=True),
        text("prefix", primary_key=True),
        whole("ordinal"),
    )
    by_key(
        "day_head",
        text("centre", primary_key=True),
        text("day", primary_key=True),
        whole("seq"),
        text("hash"),
    )
    op.create_table(
        "procedure",
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


def create_tickets() -> None:
    op.create_table(
        "ticket",
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
        sa.UniqueConstraint("centre", "day", "number", name="ticket_number"),
    )
    part("ticket_active", ["centre", "counter"], ACTIVE, unique=True)
    part("ticket_held", ["centre", "counter"], HELD)
    part("ticket_track", ["track"], TRACKED, unique=True)
    part(
        "ticket_waiting",
        ["centre", "service", "priority", "pinned_to", "t_ref_ms", "number"],
        WAITING,
    )


def create_queues_counters_calls() -> None:
    by_key(
        "queue",
        text("centre", primary_key=True),
        text("service", primary_key=True),
        text("priority", primary_key=True),
        text("pinned_to", primary_key=True),
        whole("waiting"),
        sa.CheckConstraint("waiting >= 0", name="queue_not_negative"),
    )
    by_key(
        "counter_state",
        text("centre", primary_key=True),
        text("counter", primary_key=True),
        text("state"),
        whole("since_ms"),
        optional("pause_code"),
        whole("served"),
        whole("seq"),
    )
    op.create_table(
        "call",
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
    op.create_index("call_newest", "call", ["centre", "day", "called_ms", "call_id"])
    op.create_table(
        "undo",
        text("centre", primary_key=True),
        text("counter", primary_key=True),
        text("action"),
        whole("at_ms"),
        text("before"),
        optional("number"),
    )


def create_history() -> None:
    by_key(
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
    by_key(
        "outbox",
        text("centre", primary_key=True),
        whole("seq", primary_key=True),
        whole("at_ms"),
        text("body"),
    )
    op.create_table(
        "operation",
        text("scope", primary_key=True),
        text("key", primary_key=True),
        text("digest"),
        whole("status"),
        text("body"),
        text("centre"),
        optional("ticket"),
        whole("at_ms"),
    )
    op.create_index("operation_age", "operation", ["at_ms"])


def create_devices_people() -> None:
    op.create_table(
        "token",
        text("id", primary_key=True),
        text("hash", unique=True),
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
    op.create_index("token_centre", "token", ["centre"])
    op.create_table(
        "person",
        text("id", primary_key=True),
        text("name", unique=True),
        text("role"),
        optional("centre"),
        text("password_hash"),
        whole("created_ms"),
        optional_whole("disabled_ms"),
    )
    op.create_table(
        "session",
        text("id_hash", primary_key=True),
        text("person"),
        text("csrf"),
        whole("created_ms"),
        whole("seen_ms"),
        whole("expires_ms"),
    )
    op.create_table(
        "enrol_code",
        text("hash", primary_key=True),
        text("role"),
        text("centre"),
        optional("counter"),
        whole("expires_ms"),
        optional_whole("used_ms"),
    )
    op.create_table("rate", text("key", primary_key=True), whole("window_end_ms"), whole("hits"))


def upgrade() -> None:
    create_centres_days()
    create_tickets()
    create_queues_counters_calls()
    create_history()
    create_devices_people()


def downgrade() -> None:
    for name in (
        "centre",
        "ledger",
        "number_counter",
        "day_head",
        "procedure",
        "ticket",
        "queue",
        "counter_state",
        "call",
        "undo",
        "event",
        "outbox",
        "operation",
        "token",
        "person",
        "session",
        "enrol_code",
        "rate",
    ):
        op.drop_table(name)
