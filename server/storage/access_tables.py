"""The tables of access: tokens, people, sessions, one-time codes, tries, and the audit log."""

import sqlalchemy as sa

from server.storage.columns import by_key, metadata, optional, optional_whole, text, whole

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
    sa.Column("name", sa.Text, nullable=False, server_default=""),
)

setup_code = by_key(
    "setup_code",
    text("hash", primary_key=True),
    whole("expires_ms"),
    whole("tries"),
)

audit = by_key(
    "audit",
    text("id", primary_key=True),
    whole("at_ms"),
    text("actor"),
    optional("centre"),
    text("action"),
    text("subject"),
    text("detail"),
)
sa.Index("audit_newest", audit.c.centre, audit.c.id)
sa.Index("audit_age", audit.c.at_ms)

rate = sa.Table(
    "rate",
    metadata,
    text("key", primary_key=True),
    whole("window_end_ms"),
    whole("hits"),
)
