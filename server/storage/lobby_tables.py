"""What goes on in a lobby beside its queues: devices, help, notices, notes, seats, prints."""

import sqlalchemy as sa

from server.storage.columns import by_key, optional, optional_whole, text, whole

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

notice = by_key(
    "notice",
    text("id", primary_key=True),
    text("centre"),
    text("text_vi"),
    text("text_en"),
    text("audience"),
    whole("urgent"),
    whole("posted_ms"),
    optional_whole("until_ms"),
    text("posted_by"),
    optional_whole("ended_ms"),
    optional("ended_by"),
)
_holding = notice.c.ended_ms.is_(None)
sa.Index(
    "notice_holding",
    notice.c.centre,
    notice.c.posted_ms,
    sqlite_where=_holding,
    postgresql_where=_holding,
)

ticket_note = by_key(
    "ticket_note",
    text("ticket", primary_key=True),
    text("centre"),
    text("day"),
    text("text"),
)
sa.Index("ticket_note_day", ticket_note.c.centre, ticket_note.c.day)

seat = by_key(
    "seat",
    text("centre", primary_key=True),
    text("counter", primary_key=True),
    text("day"),
    text("person"),
    text("name"),
    whole("since_ms"),
)

print_order = by_key(
    "print_order",
    text("id", primary_key=True),
    text("centre"),
    text("device"),
    text("ticket"),
    whole("papers"),
    whole("asked_ms"),
    text("asked_by"),
    optional_whole("fetched_ms"),
    optional_whole("ended_ms"),
    optional("outcome"),
    text("reason"),
)
sa.Index("print_order_newest", print_order.c.centre, print_order.c.asked_ms)
sa.Index("print_order_ticket", print_order.c.ticket)
