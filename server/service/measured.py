"""How good the waits told at a centre were: published, day by day."""

from typing import Final

from server.domain.accuracy import Accuracy
from server.domain.centre import Centre
from server.service.calibrated import accuracy_of
from server.service.ports import Tx
from wire import oversight

DAYS: Final = 30
ENOUGH: Final = 20
"""Tickets a day must have had before its accuracy is told to citizens."""


def measured(tx: Tx, centre: Centre, day: str) -> oversight.Accuracy:
    """Today's accuracy so far, and that of the last 30 days.

    Args:
        tx: An open snapshot.
        centre: The centre as it applies today.
        day: The business day of this moment.
    """
    today = accuracy_of(tx, centre, day)
    return oversight.Accuracy(
        centre=centre.id,
        today=_shown(day, today) if today else None,
        days=[_shown(row.day, row.accuracy) for row in tx.accuracies(centre.id, DAYS)],
    )


def last_measured(tx: Tx, centre: Centre) -> oversight.WaitAccuracy | None:
    """The accuracy of the last finished day, if it had enough tickets to speak of."""
    for row in tx.accuracies(centre.id, 1):
        if row.accuracy.tickets >= ENOUGH:
            return _shown(row.day, row.accuracy)
    return None


def _shown(day: str, found: Accuracy) -> oversight.WaitAccuracy:
    return oversight.WaitAccuracy(day, *found)
