"""Each centre's calibration, kept up to date with the calls that were made since the last look.

Learnt anew from the last calls when the process starts, so that nothing of it is stored twice
and every process of a province knows the same.
"""

from typing import Final

from server.domain.accuracy import Accuracy, ToldWait, accuracy
from server.domain.calendar import Hours, open_s_between
from server.domain.calibration import BANDS_MIN, WINDOW, Calibration
from server.domain.centre import Centre
from server.domain.ticket import instant
from server.service.ports import Tx
from server.service.wait_ports import CallKey, TicketTold

REMEMBERED: Final = WINDOW * (len(BANDS_MIN) + 2)
"""Calls looked back on at the start: enough to fill every band."""

AT_ONCE: Final = 500
"""Calls learnt from in one look; more than are made in a second anywhere."""


class Calibrations:
    """One calibration for each centre. Not for use inside a command's transaction."""

    def __init__(self) -> None:
        self._pages: dict[str, tuple[Calibration, CallKey | None]] = {}

    def of(self, tx: Tx, centre: str, hours: Hours) -> Calibration:
        """The centre's calibration, after the newest calls on this snapshot."""
        calibration, last = self._pages.get(centre) or (Calibration(), None)
        called = (
            tx.last_called(centre, REMEMBERED)
            if last is None
            else tx.called_after(centre, last, AT_ONCE)
        )
        if (self._pages.get(centre) or (calibration, None))[1] != last:
            return calibration  # Somebody has learnt from them while this one was reading.
        for key, told in called:
            if told is not None:
                waited_min = waited_s(key, told, hours) / 60.0
                calibration.learn(told.expected_s / 60.0, waited_min)
        self._pages[centre] = (calibration, called[-1].key if called else last)
        return calibration


def waited_s(key: CallKey, told: TicketTold, hours: Hours) -> int:
    """How long a ticket waited in opening time, as waits are told."""
    return round(open_s_between(hours, instant(told.issued_ms), instant(key.called_ms)))


def accuracy_of(tx: Tx, centre: Centre, day: str) -> Accuracy | None:
    """How good the waits told on a day were, of those who have been called; None without any."""
    return accuracy(
        ToldWait(waited_s(key, told, centre.hours), told.likely_s, told.high_s)
        for key, told in tx.called_on(centre.id, day)
        if told is not None
    )
