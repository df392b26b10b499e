"""The end of the business day, run once, before the first command of the next one."""

import msgspec

from server.domain.calendar import business_day, day_end
from server.domain.lifecycle import DAY_END
from server.domain.ticket import instant, milliseconds
from server.service.calibrated import accuracy_of
from server.service.today import read_today, save_today
from server.service.wait_ports import DayAccuracy
from server.service.work import CentreWork
from wire.words import Kind


def begin_day(work: CentreWork) -> None:
    """Bring the ledger to the business day of this moment, ending the one before it.

    Every open ticket ends with cause `day_end`, every counter closes, the day's chain head is
    kept, loans end, and changes of prefix and time zone that waited for a new day take effect.
    A clock that went back changes nothing. Repeating it does nothing.
    """
    today = business_day(instant(work.now_ms), work.centre.hours.timezone)
    if work.ledger.day >= today:
        return
    if work.ledger.day:
        _end_day(work)
    _apply_pending(work)
    today = business_day(instant(work.now_ms), work.centre.hours.timezone)
    work.day = max(today, work.ledger.day)
    work.ledger = work.ledger._replace(day=work.day)


def _end_day(work: CentreWork) -> None:
    midnight = day_end(work.ledger.day, work.centre.hours.timezone)
    ended_ms = min(work.now_ms, milliseconds(midnight))
    actor, work.actor = work.actor, "day"
    for ticket in work.tx.open_tickets(work.centre.id):
        state = DAY_END[ticket.state]
        kind: Kind = "served" if state == "served" else "cancelled"
        changes = {
            "state": state,
            "ended_ms": max(ended_ms, ticket.issued_ms),
            "cause": "day_end",
            "pinned_to": "",
        }
        work.move(ticket, kind, changes)
    for row in work.tx.counters(work.centre.id):
        if row.state != "closed":
            row = work.set_counter(row, "closed", "counter_closed")
        work.save_counter(row._replace(served=0))
        work.tx.clear_undo(work.centre.id, row.counter)
    work.actor = actor
    _measure_waits(work)
    work.tx.close_day(work.centre.id, work.ledger.day, work.ledger.seq, work.ledger.head)
    work.touched.clear()
    work.left.clear()
    work.counter_before = None


def _measure_waits(work: CentreWork) -> None:
    """Keep how good the waits told on the ending day were."""
    measured = accuracy_of(work.tx, work.centre, work.ledger.day)
    if measured is not None:
        work.tx.save_accuracy(work.centre.id, DayAccuracy(work.ledger.day, measured))


def _apply_pending(work: CentreWork) -> None:
    today = read_today(work)
    if today.prefixes or today.timezone is not None or today.lent:
        save_today(work, msgspec.structs.replace(today, prefixes={}, timezone=None, lent={}))
