"""A centre's file takes effect: one way for the command and for the page."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from server.domain.centre import Centre
from server.domain.centre_diff import differences
from server.domain.centre_file import read_centre
from server.domain.centre_text import data_of
from server.domain.chain import GENESIS
from server.domain.ticket import Ledger, milliseconds
from server.service.audit import record
from server.service.book import (
    Retired,
    Today,
    effective,
    encode_today,
    retire_counter,
    retire_service,
)
from server.service.content_ports import DefinitionRow
from server.service.ports import Caller, Clock, Tx
from server.service.work import CentreWork
from wire.checks import Fault, refuse_if_faulty

Begin = Callable[[Tx, str, str], CentreWork]

CHANGES_MOST: Final = 2000
"""Letters of an audit entry that say what changed."""


class CentreChange:
    """Makes and changes centres inside a transaction that holds the centre's lock.

    Args:
        clock: The moment of a change.
        begin: Opens a command's work on a centre, on the business day of this moment.
    """

    def __init__(self, clock: Clock, begin: Begin) -> None:
        self._clock = clock
        self._begin = begin

    def save(self, tx: Tx, wanted: Centre, text: str, caller: Caller | str) -> DefinitionRow:
        """Make a centre of a file that was read, or make the file the centre's own.

        What the file omits is retired. A changed prefix or time zone applies from the next
        business day. The same text again changes nothing. One event and one entry of the audit
        log say that it changed.

        Raises:
            FaultyFile: People depend on what the file omits; nothing is changed.
        """
        row = tx.definition(wanted.id)
        if row is None:
            return self._make(tx, wanted, text, caller)
        if row.text == text:
            return row
        work = self._begin(tx, wanted.id, _actor(caller))
        row = tx.definition(wanted.id)
        assert row is not None
        old = effective(row)
        refuse_if_faulty(_in_use(tx, old, wanted))
        today = _today(old, wanted, msgspec.json.decode(row.today, type=Today))
        before = data_of(read_centre(row.text)[0])
        row = row._replace(
            text=text,
            today=encode_today(today),
            edition=row.edition + 1,
            changed_ms=work.now_ms,
            changed_by=_actor(caller),
        )
        row = new_version(work, row)
        _note(work, caller, "configuration_changed", before, data_of(wanted))
        work.finish()
        return row

    def _make(self, tx: Tx, wanted: Centre, text: str, caller: Caller | str) -> DefinitionRow:
        now_ms = milliseconds(self._clock.now())
        today = encode_today(Today())
        row = DefinitionRow(wanted.id, 1, text, today, 1, now_ms, _actor(caller))
        tx.save_definition(row)
        tx.save_ledger(Ledger(wanted.id, "", 0, GENESIS, 1, now_ms))
        work = self._begin(tx, wanted.id, _actor(caller))
        work.tell("config_changed", version=1)
        record(tx, work.now_ms, caller, wanted.id, "centre_created", wanted.id, {})
        work.finish()
        return row


def new_version(work: CentreWork, row: DefinitionRow, **data: Any) -> DefinitionRow:
    """Store a centre's row as a new version and tell of it; `data` is more for the event."""
    row = row._replace(version=row.version + 1)
    work.tx.save_definition(row)
    work.ledger = work.ledger._replace(version=row.version)
    work.tell("config_changed", version=row.version, **data)
    return row


def _actor(caller: Caller | str) -> str:
    return caller if isinstance(caller, str) else caller.id


def _note(
    work: CentreWork,
    caller: Caller | str,
    action: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    changes = "; ".join(differences(before, after))
    if len(changes) > CHANGES_MOST:
        changes = changes[: CHANGES_MOST - 1] + "…"
    centre = work.centre.id
    record(work.tx, work.now_ms, caller, centre, action, centre, {"changes": changes})


def _in_use(tx: Tx, old: Centre, wanted: Centre) -> list[Fault]:
    """What the file drops although people depend on it now."""
    faults = []
    kept = set(wanted.services)
    open_ = tx.open_tickets(old.id)
    waiting = {ticket.service for ticket in open_}
    waited_for: set[str | None] = {
        ticket.pinned_to for ticket in open_ if ticket.state == "waiting"
    }
    waited_for |= {ticket.counter for ticket in open_ if ticket.state == "on_hold"}
    for service in old.offered():
        if service.id not in kept and service.id in waiting:
            faults.append(Fault(f"service '{service.id}'", "is missing, but people wait for it"))
    opened = {row.counter for row in tx.counters(old.id) if row.state != "closed"}
    for counter in old.staffed():
        if counter.id in wanted.counters:
            continue
        if counter.id in opened:
            faults.append(Fault(f"counter '{counter.id}'", "is missing, but it is open"))
        elif counter.id in waited_for:
            faults.append(Fault(f"counter '{counter.id}'", "is missing, but people wait for it"))
    return faults


def _today(old: Centre, wanted: Centre, today: Today) -> Today:
    """What stays as it was until the next business day, and what is remembered as retired."""
    prefixes = {}
    former = {name: list(found) for name, found in today.former.items()}
    for service in wanted.services.values():
        before = old.services.get(service.id)
        if before is not None and before.prefix != service.prefix:
            prefixes[service.id] = before.prefix
            former.setdefault(service.id, []).append(before.prefix)
    zone = old.hours.timezone if old.hours.timezone != wanted.hours.timezone else None
    return Today(
        timezone=zone,
        prefixes=prefixes,
        former=former,
        services=[
            retire_service(service)
            for service in old.services.values()
            if service.id not in wanted.services
        ],
        counters=_retired_counters(old, wanted),
        lent=_still_lent(wanted, today.lent),
    )


def _still_lent(wanted: Centre, lent: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The loans that still make sense: counter and service are there, and it is not its own."""
    found = {}
    for name, services in lent.items():
        counter = wanted.counters.get(name)
        own = counter.services if counter else wanted.services
        kept = [one for one in services if one in wanted.services and one not in own]
        if kept:
            found[name] = kept
    return found


def _retired_counters(old: Centre, wanted: Centre) -> list[Retired]:
    return [
        retire_counter(counter)
        for counter in old.counters.values()
        if counter.id not in wanted.counters
    ]
