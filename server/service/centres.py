"""Centres and their procedures: import, export, list. A faulty file changes nothing."""

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec

from server.domain.centre import Centre
from server.domain.centre_file import read_centre
from server.domain.chain import GENESIS
from server.domain.ticket import Ledger, milliseconds
from server.service.book import (
    Book,
    Retired,
    Today,
    effective,
    encode_today,
    retire_counter,
    retire_service,
)
from server.service.ports import Clock, DefinitionRow, Store, Tx
from server.service.work import CentreWork
from wire.checks import Fault, did_you_mean, refuse_if_faulty
from wire.ids import PROCEDURE

_CSV_COLUMNS: Final = {
    "code": "code",
    "service": "service",
    "name_vi": "name_vi",
    "name_en": "name_en",
    "field_vi": "field",
    "level": "level",
    "on_the_spot": "on_the_spot",
    "documents_vi": "documents",
}

_CODE: Final = re.compile(PROCEDURE)


class Centres:
    """Configuration of centres. Safe from any thread or greenlet.

    Args:
        store: Where the rows are.
        clock: The moment of a change.
        book: The centres as configured.
        begin: Opens a command's work on a centre, on the business day of this moment.
    """

    def __init__(
        self, store: Store, clock: Clock, book: Book, begin: Callable[[Tx, str, str], CentreWork]
    ) -> None:
        self._store = store
        self._clock = clock
        self._book = book
        self._begin = begin

    def import_file(self, text: str, actor: str = "cli") -> tuple[str, list[str]]:
        """Create or change a centre from its file; what the file omits is retired.

        A changed prefix or time zone applies from the next business day. Importing the same
        file again changes nothing.

        Returns:
            The centre's id, and warnings.

        Raises:
            FaultyFile: Every fault; the centre is as it was.
        """
        wanted, warnings = read_centre(text)
        self._store.run(wanted.id, lambda tx: self._import(tx, wanted, text, actor))
        return wanted.id, warnings

    def _import(self, tx: Tx, wanted: Centre, text: str, actor: str) -> None:
        row = tx.definition(wanted.id)
        if row is None:
            tx.save_definition(DefinitionRow(wanted.id, 1, text, encode_today(Today())))
            tx.save_ledger(Ledger(wanted.id, "", 0, GENESIS, 1, milliseconds(self._clock.now())))
            self._tell(tx, wanted.id, actor, 1)
            return
        if row.text == text:
            return
        work = self._begin(tx, wanted.id, actor)
        row = tx.definition(wanted.id)
        assert row is not None
        old = effective(row)
        refuse_if_faulty(_in_use(tx, old, wanted))
        today = _today(old, wanted, msgspec.json.decode(row.today, type=Today))
        version = row.version + 1
        tx.save_definition(DefinitionRow(wanted.id, version, text, encode_today(today)))
        work.ledger = work.ledger._replace(version=version)
        work.tell("config_changed", version=version)
        work.finish()

    def _tell(self, tx: Tx, centre: str, actor: str, version: int) -> None:
        work = self._begin(tx, centre, actor)
        work.tell("config_changed", version=version)
        work.finish()

    def export(self, centre: str) -> str | None:
        """The file a centre was last imported from; None where there is no such centre."""
        row = self._store.read(lambda tx: tx.definition(centre))
        return row.text if row else None

    def list(self) -> list[str]:
        """The ids of all centres."""
        return self._store.read(lambda tx: tx.centres())

    def import_procedures(self, centre: str, text: str, actor: str = "cli") -> int:
        """Replace a centre's procedures by a CSV table; how many there are now.

        Columns: code, name_vi, name_en, field_vi, level, on_the_spot, documents_vi, service.
        A procedure whose service the centre lacks is left out. The kiosks are told of a table
        that differs from the one before; the same table again changes nothing.

        Raises:
            FaultyFile: Every fault, with its line; nothing changed.
        """
        rows = read_procedures(text)

        def replace(tx: Tx) -> int:
            row = tx.definition(centre)
            refuse_if_faulty([] if row else [Fault("--centre", f"there is no centre '{centre}'")])
            assert row is not None
            offered = {service.id for service in effective(row).offered()}
            kept = [values for values in rows if values["service"] in offered]
            if sorted(kept, key=_code) != tx.procedures(centre):
                self._replace_procedures(tx, centre, kept, actor)
            return len(kept)

        return self._store.run(centre, replace)

    def _replace_procedures(
        self, tx: Tx, centre: str, kept: Sequence[Mapping[str, str]], actor: str
    ) -> None:
        """A new version of the configuration: whoever keeps the procedures goes by it."""
        work = self._begin(tx, centre, actor)
        tx.replace_procedures(centre, kept)
        row = tx.definition(centre)
        assert row is not None
        version = row.version + 1
        tx.save_definition(row._replace(version=version))
        work.ledger = work.ledger._replace(version=version)
        work.tell("config_changed", version=version, procedures=len(kept))
        work.finish()


def _code(row: Mapping[str, str]) -> str:
    return row["code"]


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


def read_procedures(text: str) -> list[Mapping[str, str]]:
    """Read a table of procedures.

    Raises:
        FaultyFile: Every fault, with its line.
    """
    reader = csv.DictReader(io.StringIO(text))
    faults = []
    for column in reader.fieldnames or ():
        if column not in _CSV_COLUMNS:
            hint = did_you_mean(column, _CSV_COLUMNS)
            faults.append(Fault("line 1", f"column '{column}' is not known here{hint}"))
    for column in _CSV_COLUMNS:
        if column not in (reader.fieldnames or ()):
            faults.append(Fault("line 1", f"column '{column}' is missing"))
    refuse_if_faulty(faults)
    seen: set[str] = set()
    rows: list[Mapping[str, str]] = []
    for line, record in enumerate(reader, start=2):
        faults += [Fault(f"line {line}", message) for message in _row_faults(record, seen)]
        rows.append({name: record[column] or "" for column, name in _CSV_COLUMNS.items()})
    refuse_if_faulty(faults)
    return rows


def _row_faults(record: Mapping[str, str | None], seen: set[str]) -> list[str]:
    if None in record or None in record.values():
        return ["does not have one value for each column"]
    faults = [f"{name} is empty" for name in ("code", "name_vi", "service") if not record[name]]
    code = record["code"] or ""
    if code and not _CODE.fullmatch(code):
        faults.append(f"code {code} must be up to 32 letters, digits, dots and hyphens")
    if code in seen:
        faults.append(f"code {code} stands here twice")
    seen.add(code)
    return faults
