"""The tables of what citizens say of their own visit; no part of a centre's log."""

import sqlalchemy as sa

from server.storage.columns import by_key, counted, metadata, optional, text, whole

visit = by_key(
    "visit",
    text("ticket", primary_key=True),
    text("centre"),
    counted("steps_back"),
    optional("coming_call"),
)

rating = sa.Table(
    "rating",
    metadata,
    text("ticket", primary_key=True),
    text("centre"),
    text("day"),
    text("service"),
    optional("counter"),
    whole("score"),
    text("reasons"),
    optional("comment"),
    text("place"),
    whole("at_ms"),
)
sa.Index("rating_day", rating.c.centre, rating.c.day)
