"""From a ticket and its centre to the words of a slip. Pure: words, time zone and now come in."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from kiosk.elsewhere import Elsewhere
from kiosk.ticket_layout import Fact, PaperList, SlipContent
from wire.answers import CentreInfo, ServiceInfo, Wait
from wire.words import Language, Name

_MANY_COUNTERS: Final = 3
"""More counters than this say nothing to a citizen; the area does."""

Words = Mapping[str, str]


@dataclass(frozen=True)
class TicketFacts:
    """What a slip says about one ticket. `copy` counts the papers before this one.

    `elsewhere` is the centre the number is for, where that is another than the one it is
    printed at. `papers` are what `procedure` usually asks for, where one was chosen.
    """

    number: str
    service: str
    issued_at: datetime
    track_url: str
    language: Language = "vi"
    ahead: int | None = None
    wait: Wait | None = None
    offline: bool = False
    copy: int = 0
    elsewhere: Elsewhere | None = None
    procedure: Name | None = None
    papers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """Where a service is served: its counters in order, and its area when it is one."""

    counters: tuple[int, ...]
    zone: str | None


def place_of(centre: CentreInfo, service: str) -> Place:
    """The counters able to serve `service`, and the one zone they stand in, if it is one."""
    able = [counter for counter in centre.counters if service in counter.services]
    zones = {counter.zone for counter in able}
    only = zones.pop() if len(zones) == 1 else None
    return Place(tuple(sorted(counter.number for counter in able)), only)


def service_of(centre: CentreInfo, service: str) -> ServiceInfo | None:
    """The service of that id, or None."""
    return next((info for info in centre.services if info.id == service), None)


def compose(
    ticket: TicketFacts, centre: CentreInfo, vi: Words, en: Words, *, now: datetime
) -> SlipContent:
    """Write a slip.

    Args:
        ticket: What is particular to this number.
        centre: The centre as last heard of.
        vi, en: Catalogue area `slip` in both languages.
        now: Aware; only a copy shows it.
    """
    info = service_of(centre, ticket.service)
    own = en if ticket.language == "en" else vi
    there, zone = ticket.elsewhere, ZoneInfo(centre.timezone)
    house = there.name.vi if there else centre.name.vi
    organisation, place = split_name(house, vi["slip.organisation"])
    facts = _facts_elsewhere(there, zone, vi, en) if there else _facts(ticket, centre, vi, en)
    return SlipContent(
        organisation=organisation,
        place=place,
        service=info.name.vi if info else ticket.service,
        service_en=info.name.en if info else ticket.service,
        number=ticket.number,
        facts=tuple(facts),
        track_url=ticket.track_url,
        scan=vi["slip.scan"],
        scan_en=en["slip.scan"],
        issued=_issued(ticket, own, zone, now),
        closing="" if there else own["slip.missed"],  # void once its time is over
        marks=_marks(ticket, own),
        notice=_notice(there, ticket.language, zone, own) if there else "",
        papers=_papers(ticket, own),
        english=ticket.language == "en",
    )


def plain_name(name: str) -> str:
    """A procedure's name without the word that every one of them begins with."""
    rest = re.sub(r"^thủ tục (?:hành chính )?", "", name, flags=re.IGNORECASE)
    return rest[:1].upper() + rest[1:]


def _papers(ticket: TicketFacts, own: Words) -> PaperList | None:
    if ticket.procedure is None or not ticket.papers:
        return None
    english = ticket.language == "en" and ticket.procedure.en
    return PaperList(
        procedure=plain_name(ticket.procedure.en if english else ticket.procedure.vi),
        title=own["slip.papers"],
        names=ticket.papers,
        more=own["slip.papers_more"],
    )


def split_name(name: str, organisation: str) -> tuple[str, str]:
    """The words that all centres of a kind share, and the place that tells this one apart."""
    shared, found, rest = name.partition(organisation)
    place = rest.strip(" ,-–")
    if not found or not place:
        return "", name
    return shared + found, place[0].upper() + place[1:]


def wait_words(wait: Wait, words: Words) -> str:
    """An honest range in minutes; never a false exact one."""
    low, high = -(-wait.likely_s // 60), -(-wait.high_s // 60)
    if high <= _SOON_MIN:
        return words["slip.wait_soon"].format(high=_SOON_MIN)
    if low >= high:
        return words["slip.wait_about"].format(high=high)
    return words["slip.wait_range"].format(low=low, high=high)


_SOON_MIN: Final = 5


def _facts(ticket: TicketFacts, centre: CentreInfo, vi: Words, en: Words) -> list[Fact]:
    own = en if ticket.language == "en" else vi
    facts = []
    if ticket.ahead is not None:
        people = "slip.people_one" if ticket.ahead == 1 else "slip.people"
        facts.append(_fact("slip.ahead", own[people].format(n=ticket.ahead), vi, en))
    if ticket.wait is not None:
        facts.append(_fact("slip.wait", wait_words(ticket.wait, own), vi, en))
    elif ticket.offline:
        facts.append(_fact("slip.wait", own["slip.wait_board"], vi, en))
    where = _where(ticket, centre, own)
    if where is not None:
        facts.append(_fact(where[0], where[1], vi, en))
    return facts


def _facts_elsewhere(there: Elsewhere, zone: ZoneInfo, vi: Words, en: Words) -> list[Fact]:
    """Until when to be where: what counts in another queue is told once one is there."""
    until = f"{there.void_at.astimezone(zone):%H:%M}"
    facts = [_fact("slip.arrive_before", until, vi, en)]
    if there.address:
        facts.append(_fact("slip.address", there.address, vi, en))
    return facts


def _notice(there: Elsewhere, language: Language, zone: ZoneInfo, words: Words) -> str:
    """For which centre the number is, and from when until when."""
    times = {
        "due": f"{there.due_at.astimezone(zone):%H:%M}",
        "until": f"{there.void_at.astimezone(zone):%H:%M}",
    }
    name = there.name.en if language == "en" else there.name.vi
    shared = re.escape(words["slip.organisation"])
    short = " ".join(re.sub(shared, "", name, flags=re.IGNORECASE).split()).strip(" ,")
    return words["slip.elsewhere"].format(centre=short or name, **times)


def _fact(key: str, value: str, vi: Words, en: Words) -> Fact:
    return Fact(vi[key], en[key], value)


def _where(ticket: TicketFacts, centre: CentreInfo, own: Words) -> tuple[str, str] | None:
    """Which counters while they are few, and the area; None where neither says anything."""
    place = place_of(centre, ticket.service)
    zone = next((zone for zone in centre.zones if zone.id == place.zone), None)
    area = ""
    if zone is not None:
        area = zone.name.en if ticket.language == "en" else zone.name.vi
        if len({other.floor for other in centre.zones}) > 1:
            area = own["slip.zone_floor"].format(zone=area, floor=zone.floor)
    if 0 < len(place.counters) <= _MANY_COUNTERS:
        counters = _either(place.counters, own["slip.or"])
        return "slip.counter", f"{counters} · {area}" if area else counters
    return ("slip.zone", area) if area else None


def _either(numbers: Sequence[int], word: str) -> str:
    first = ", ".join(map(str, numbers[:-1]))
    return f"{first} {word} {numbers[-1]}" if first else str(numbers[-1])


def _issued(ticket: TicketFacts, own: Words, zone: ZoneInfo, now: datetime) -> str:
    at = ticket.issued_at.astimezone(zone)
    words = {
        "time": f"{at:%H:%M}",
        "date": f"{at:%d/%m/%Y}",
        "weekday": own[f"slip.weekday_{at.isoweekday()}"],
        "again": f"{now.astimezone(zone):%H:%M}",
    }
    return own["slip.issued_again" if ticket.copy else "slip.issued"].format(**words)


def _marks(ticket: TicketFacts, own: Words) -> tuple[str, ...]:
    marks = []
    if ticket.offline:
        marks.append(own["slip.offline"])
    if ticket.copy:
        marks.append(own["slip.copy"].format(n=ticket.copy + 1))
    return tuple(marks)
