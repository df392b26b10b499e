"""The kinds of column and table that the schema is made of.

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
