"""Where today differs from the centre's file, changed by a command: a new version at once."""

import msgspec

from server.service.book import Today, effective, encode_today
from server.service.work import CentreWork


def read_today(work: CentreWork) -> Today:
    """Where the open business day differs from the file."""
    row = work.tx.definition(work.centre.id)
    assert row is not None
    return msgspec.json.decode(row.today, type=Today)


def save_today(work: CentreWork, today: Today) -> int:
    """Store where today differs; the rest of this command sees it, and every later one.

    The book reads it after the commit: what it kept of a command that failed would stay.

    Returns:
        The configuration's new version. No event: the caller tells of it.
    """
    row = work.tx.definition(work.centre.id)
    assert row is not None
    version = row.version + 1
    row = row._replace(version=version, today=encode_today(today))
    work.tx.save_definition(row)
    work.ledger = work.ledger._replace(version=version)
    work.centre = effective(row)
    return version
