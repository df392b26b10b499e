"""Centres as they apply today: the imported file, what only changes tomorrow, what is retired.

The parsed centre is kept by version, so that a command pays one short row for it.
"""

from dataclasses import replace
from typing import Any

import msgspec

from server.domain.centre import Bilingual, Centre, Counter, Service
from server.domain.centre_file import read_centre
from server.service.content_ports import DefinitionRow
from server.service.ports import Tx
from wire.errors import Refusal


class Retired(msgspec.Struct, frozen=True):
    """A service or counter that the file no longer has, as it was."""

    id: str
    mark: str
    vi: str
    en: str
    services: list[str] = []
    target_wait_min: float = 15.0
    typical_service_min: float = 8.0


class Today(msgspec.Struct, frozen=True):
    """Where today differs from the file: prefix and time zone change at the next day.

    `lent` are the services that a counter takes today beyond its own.
    """

    timezone: str | None = None
    prefixes: dict[str, str] = {}
    former: dict[str, list[str]] = {}
    services: list[Retired] = []
    counters: list[Retired] = []
    lent: dict[str, list[str]] = {}


def effective(row: DefinitionRow) -> Centre:
    """Read a stored centre as it applies to the open business day."""
    centre, _ = read_centre(row.text)
    today = msgspec.json.decode(row.today, type=Today)
    services = {}
    for service in centre.services.values():
        former = frozenset(today.former.get(service.id, ())) | {service.prefix}
        prefix = today.prefixes.get(service.id, service.prefix)
        services[service.id] = replace(service, prefix=prefix, former_prefixes=former)
    services.update((gone.id, _service(gone, today)) for gone in today.services)
    counters = {one.id: _lent(one, today) for one in centre.counters.values()}
    counters.update((gone.id, _counter(gone)) for gone in today.counters)
    hours = centre.hours
    if today.timezone:
        hours = replace(hours, timezone=today.timezone)
    return replace(centre, services=services, counters=counters, hours=hours)


def _service(gone: Retired, today: Today) -> Service:
    return Service(
        id=gone.id,
        prefix=gone.mark,
        name=Bilingual(gone.vi, gone.en),
        target_wait_min=gone.target_wait_min,
        typical_service_min=gone.typical_service_min,
        anywhere=False,
        retired=True,
        former_prefixes=frozenset(today.former.get(gone.id, ())) | {gone.mark},
    )


def _lent(counter: Counter, today: Today) -> Counter:
    more = today.lent.get(counter.id)
    if not more:
        return counter
    return replace(counter, services=(*counter.services, *more), lent=frozenset(more))


def _counter(gone: Retired) -> Counter:
    name = Bilingual(gone.vi, gone.en)
    return Counter(gone.id, int(gone.mark), name, tuple(gone.services), None, retired=True)


def retire_service(service: Service) -> Retired:
    """A service as it is remembered after the file drops it."""
    return Retired(
        service.id,
        service.prefix,
        service.name.vi,
        service.name.en,
        target_wait_min=service.target_wait_min,
        typical_service_min=service.typical_service_min,
    )


def retire_counter(counter: Counter) -> Retired:
    """A counter as it is remembered after the file drops it."""
    name = counter.name
    return Retired(counter.id, str(counter.number), name.vi, name.en, list(counter.own))


def encode_today(today: Today) -> str:
    """The text of a `Today`, for its row."""
    return msgspec.json.encode(today).decode()


class Book:
    """The centres known to this process. Safe from any thread: entries are replaced whole."""

    def __init__(self) -> None:
        self._pages: dict[str, tuple[int, Centre]] = {}

    def centre(self, tx: Tx, centre: str, version: int) -> Centre:
        """The centre at this version, read once and then from memory.

        Raises:
            Refusal: `unknown_centre`.
        """
        page = self._pages.get(centre)
        if page is not None and page[0] == version:
            return page[1]
        row = tx.definition(centre)
        if row is None:
            raise unknown_centre(centre)
        loaded = effective(row)
        self._pages[centre] = (row.version, loaded)
        return loaded


def unknown_centre(centre: str) -> Refusal:
    """The refusal for a centre that is not there."""
    return Refusal("unknown_centre", f"There is no centre '{centre}'.")


def as_text(value: Any) -> str:
    """Compact JSON of a value, as text columns hold it."""
    return msgspec.json.encode(value).decode()
