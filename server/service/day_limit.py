"""How many numbers of a service a day may have: the centre file's word, or the manager's for today.

Counted with every number that is given out, whoever gave it, by one row of a service and day.
"""

from typing import Final

from server.domain.centre import Service
from server.domain.ticket import IssuedToday
from server.service.work import CentreWork, offered_service
from wire.answers import DayLimit
from wire.errors import Refusal
from wire.words import Role

MAY_EXCEED: Final = frozenset({"greeter", "manager", "admin"})


def limit_of(service: Service, given_out: IssuedToday) -> int | None:
    """The limit that holds on this day: its own, else the file's, else none."""
    return service.daily_limit if given_out.most is None else given_out.most


def numbers_left(service: Service, given_out: IssuedToday) -> int | None:
    """How many more numbers the day's limit leaves; None where there is no limit."""
    most = limit_of(service, given_out)
    return None if most is None else max(0, most - given_out.issued)


def refuse_over_limit(work: CentreWork, service: Service, role: Role | None = None) -> None:
    """Take back the number that was just given out where it is one too many.

    Raises:
        Refusal: `day_full`, saying the limit and who may exceed it.
    """
    assert work.given_out is not None
    most = limit_of(service, work.given_out)
    if most is None or work.given_out.issued <= most or role in MAY_EXCEED:
        return
    raise Refusal(
        "day_full",
        f"The {most} numbers of {service.id} for today are given out; "
        "a greeter or manager may give out more.",
    )


def limit_today(work: CentreWork, name: str, most: int | None) -> DayLimit:
    """Set a service's limit for this business day alone; None goes back to the file's.

    Raises:
        Refusal: `unknown_service`.
    """
    service = offered_service(work, name)
    given_out = work.tx.limit_day(work.centre.id, work.day, name, most)
    work.tell("config_changed", service=name, day=work.day, limit=most)
    return DayLimit(name, work.day, limit_of(service, given_out), given_out.issued)
