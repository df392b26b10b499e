"""A centre's configuration as managers and admins change it: read whole, replaced whole.

What they send goes the way of a file: read by the same reader, refused for the same reasons,
stored as the file that `centre export` gives and `centre import` takes.
"""

import math
from typing import Any, Final

import msgspec

from server.domain.centre import Centre
from server.domain.centre_file import centre_of, read_centre
from server.domain.centre_text import data_of, text_of
from server.domain.ticket import instant, milliseconds
from server.service.book import Today, unknown_centre
from server.service.centre_change import Begin, CentreChange
from server.service.content_ports import DefinitionRow
from server.service.once import run_once
from server.service.ports import Caller, Clock, Operation, Reply, Store, Tx
from wire.checks import Fault, FaultyFile
from wire.configuration import (
    Changed,
    Configuration,
    ConfigurationRequest,
    ConfigurationView,
    Pending,
)
from wire.errors import FieldFault, Refusal

_NEVER: Final = "never"


class Configurations:
    """Reads and replaces configurations. Safe from any thread or greenlet.

    Args:
        store: Where the rows are.
        clock: The moment of a change.
        begin: Opens a command's work on a centre, on the business day of this moment.
    """

    def __init__(self, store: Store, clock: Clock, begin: Begin) -> None:
        self._store = store
        self._clock = clock
        self._change = CentreChange(clock, begin)

    def view(self, centre: str) -> ConfigurationView:
        """A centre's configuration, with what of it only applies from the next business day.

        Raises:
            Refusal: `unknown_centre`.
        """

        def ask(tx: Tx) -> ConfigurationView:
            row = tx.definition(centre)
            if row is None:
                raise unknown_centre(centre)
            return _view(tx, row)

        return self._store.read(ask)

    def replace(
        self, caller: Caller, centre: str, body: ConfigurationRequest, operation: Operation | None
    ) -> Reply:
        """Make this a centre's configuration, whole; version 0 makes a new centre.

        The same configuration again changes nothing. An admin of the province may make centres.

        Raises:
            Refusal: `unknown_centre`; `version_conflict` with who changed it; and
                `configuration_refused` with every fault by its field. Nothing was changed.
        """
        wanted, data = _checked(centre, body.configuration)

        def decide(tx: Tx) -> ConfigurationView:
            row = tx.definition(centre)
            self._check_version(tx, caller, centre, row, int(body.version))
            if row is None or data_of(read_centre(row.text)[0]) != data:
                try:
                    row = self._change.save(tx, wanted, text_of(data), caller)
                except FaultyFile as error:
                    raise refused(error.faults) from error
            return _view(tx, row)

        now_ms = milliseconds(self._clock.now())
        return run_once(self._store, centre, centre, operation, now_ms, decide)

    @staticmethod
    def _check_version(
        tx: Tx, caller: Caller, centre: str, row: DefinitionRow | None, version: int
    ) -> None:
        if row is None:
            if version != 0 or caller.role != "admin" or caller.centre is not None:
                raise unknown_centre(centre)
        elif version != row.edition:
            who = tx.name_of(row.changed_by) or "A command"
            when = f" at {instant(row.changed_ms).isoformat()}" if row.changed_ms else ""
            detail = f"{who} changed it{when}; read it again. Its version is {row.edition}."
            raise Refusal("version_conflict", detail)


def refused(faults: tuple[Fault, ...]) -> Refusal:
    """The refusal that names every fault by its field."""
    errors = tuple(FieldFault(fault.where, fault.message) for fault in faults)
    return Refusal("configuration_refused", "Nothing was changed.", errors=errors)


def _checked(centre: str, configuration: Configuration) -> tuple[Centre, dict[str, Any]]:
    """The centre of a configuration, and its data as they are stored.

    Raises:
        Refusal: `configuration_refused`.
    """
    given = _plain(msgspec.to_builtins(configuration))
    own = []
    if given["centre"]["id"] != centre:
        own.append(Fault("centre.id", f"must be '{centre}', the centre that is asked about"))
    try:
        wanted, _ = centre_of(given)
    except FaultyFile as error:
        raise refused((*own, *error.faults)) from None
    if own:
        raise refused(tuple(own))
    return wanted, data_of(wanted)


def _plain(value: Any) -> Any:
    """As a file would have it: what is null is absent, what is whole is a whole number."""
    if isinstance(value, dict):
        kept = {key: _plain(one) for key, one in value.items() if one is not None}
        if kept.get("patience_min") == _NEVER:
            kept["patience_min"] = math.inf
        return kept
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return int(value) if isinstance(value, float) and value == int(value) else value


def _view(tx: Tx, row: DefinitionRow) -> ConfigurationView:
    centre, warnings = read_centre(row.text)
    data = data_of(centre)
    if data["policy"].get("patience_min") == math.inf:
        data["policy"]["patience_min"] = _NEVER
    changed = None
    if row.changed_ms:
        changed = Changed(instant(row.changed_ms), tx.name_of(row.changed_by))
    return ConfigurationView(
        version=row.edition,
        configuration=msgspec.convert(data, Configuration),
        pending=_pending(centre, msgspec.json.decode(row.today, type=Today)),
        warnings=warnings,
        changed=changed,
    )


def _pending(centre: Centre, today: Today) -> list[Pending]:
    found = []
    zone = centre.hours.timezone
    if today.timezone is not None and today.timezone != zone:
        found.append(Pending("centre.timezone", today.timezone, zone))
    for at, service in enumerate(centre.offered(), start=1):
        prefix = today.prefixes.get(service.id, service.prefix)
        if prefix != service.prefix:
            found.append(Pending(f"service[{at}].prefix", prefix, service.prefix))
    return found
