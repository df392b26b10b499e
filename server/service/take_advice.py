"""A manager acts on advice: opens a counter, lends it to a service for today, takes that back.

The event keeps what was done and whether it was advised at that moment, with the figures.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import msgspec

from server.service import counters, undo
from server.service.today import read_today, save_today
from server.service.work import CentreWork, known_counter, offered_service
from wire.errors import FieldFault, Refusal
from wire.oversight import Advice
from wire.requests import AdviceRequest
from wire.words import AdviceKind


def matching(given: Iterable[Advice], body: AdviceRequest) -> Advice | None:
    """The advice that this is, if it was given; an opening need not say what for."""
    for one in given:
        asked = body.service in (None, one.service.id)
        if (one.kind, one.counter.id) == (body.kind, body.counter) and asked:
            return one
    return None


def take(work: CentreWork, body: AdviceRequest, advised: Advice | None) -> str | None:
    """Do what the body says, advised or not. Opening a counter that is open changes nothing.

    Returns:
        The service it was for, if that was said or advised.

    Raises:
        Refusal: `unknown_counter`, `unknown_service`; `invalid_body` for a loan of no service,
            of one that the counter serves already, or for ending one that there is not.
    """
    known_counter(work.centre, body.counter)
    service = body.service or (advised.service.id if advised else None)
    if service is not None:
        offered_service(work, service)
    _DO[body.kind](work, body.counter, service, _audit(body, service, advised))
    return service


def _audit(body: AdviceRequest, service: str | None, advised: Advice | None) -> dict[str, Any]:
    """What the log keeps: ids and figures, nothing that people typed."""
    done = {"kind": body.kind, "counter": body.counter, "service": service}
    if advised is None:
        return {**done, "advised": False}
    figures = ("drain_s", "drain_after_s", "gain_s", "saved_s")
    return {**done, "advised": True, **{name: getattr(advised, name) for name in figures}}


def _open(work: CentreWork, counter: str, service: str | None, audit: dict[str, Any]) -> None:
    counters.set_state(work, counter, "open", advice=audit)
    undo.remember(work, counter, "open")


def _lend(work: CentreWork, counter: str, service: str | None, audit: dict[str, Any]) -> None:
    if service is None:
        raise _fault("is missing")
    if service in work.centre.counters[counter].services:
        raise _fault(f"is served at {counter} already")
    today = read_today(work)
    _save_loans(work, counter, [*today.lent.get(counter, ()), service], audit)


def _take_back(work: CentreWork, counter: str, service: str | None, audit: dict[str, Any]) -> None:
    if service is None:
        raise _fault("is missing")
    if service not in work.centre.counters[counter].lent:
        raise _fault(f"is not lent to {counter}")
    left = [one for one in read_today(work).lent[counter] if one != service]
    _save_loans(work, counter, left, audit)


def _save_loans(work: CentreWork, counter: str, services: list[str], audit: dict[str, Any]) -> None:
    today = read_today(work)
    lent = {name: found for name, found in today.lent.items() if name != counter}
    if services:
        lent[counter] = services
    version = save_today(work, msgspec.structs.replace(today, lent=lent))
    work.tell("config_changed", version=version, advice=audit)


def _fault(message: str) -> Refusal:
    return Refusal("invalid_body", f"Service {message}.", errors=(FieldFault("service", message),))


_Do = Callable[[CentreWork, str, str | None, dict[str, Any]], None]

_DO: Final[Mapping[AdviceKind, _Do]] = {"open": _open, "lend": _lend, "take_back": _take_back}
