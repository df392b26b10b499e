"""From what the command line names to a hall: a centre file, one of the project's own, a profile.

A day's profile is in times of day; a hall counts working time. What a profile has outside the
opening hours is left out, and the rest is the whole day.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from server.domain.centre import Centre
from server.domain.centre_file import read_centre
from simulation import dataset
from simulation.planning.hall import Hall, Sessions, hall_of
from wire.checks import Fault, FaultyFile, Table, did_you_mean, refuse_if_faulty
from wire.errors import LaySoError

OFFICE_HOURS: Final = Sessions(((7 * 60 + 30, 11 * 60 + 30), (13 * 60 + 30, 17 * 60)))
HALLS_DIR: Final = dataset.DATA_DIR / "halls"
_UNUSED: Final = frozenset(
    ("timezone", "note", "weekday_factor", "weekday_factor_note", "people_per_day",
     "people_per_day_note")
)  # fmt: skip
"""What the project's own profile says beside this, so that a copy of it can be read."""

_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")


class NoSuchCentre(LaySoError):
    """What was named is neither a file nor one of the project's own centres."""


@dataclass(frozen=True)
class Profile:
    """When people come on a day, in shares of slots, and who they are where that is known."""

    slot_min: int
    starts: Sequence[int]
    shares: Sequence[float]
    people: int | None = None
    services: Mapping[str, float] | None = None


def clock_min(text: str) -> int | None:
    """A time of day such as `8:00` in minutes since midnight; None where it is none."""
    match = _TIME.fullmatch(text)
    if match:
        return int(match[1]) * 60 + int(match[2])
    return 24 * 60 if text == "24:00" else None


def read_text(path: Path) -> str:
    """A file's text.

    Raises:
        FaultyFile: it cannot be read, or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        reason = error.strerror or str(error)
        raise FaultyFile([Fault(str(path), f"cannot be read ({reason})")]) from error
    except UnicodeDecodeError as error:
        raise FaultyFile([Fault(str(path), "is not UTF-8; save it as UTF-8 text")]) from error


def find_centre(name: str) -> Centre:
    """The centre of a file, or of the project's own data.

    Raises:
        FaultyFile: with every fault of the file, each after its path.
        NoSuchCentre: with the nearest name that there is.
    """
    path = Path(name)
    for folder in (dataset.DATA_DIR / "centres", HALLS_DIR):
        if not path.exists() and re.fullmatch(r"[a-z0-9-]+", name) and _own(folder, name).exists():
            path = _own(folder, name)
    if not path.is_file():
        raise NoSuchCentre(f"CENTRE: '{name}' is no file and no centre of the project{_near(name)}")
    text = read_text(path)
    try:
        return read_centre(text)[0]
    except FaultyFile as error:
        faults = [Fault(str(path), str(fault)) for fault in error.faults]
        raise FaultyFile(faults) from error


def _own(folder: Path, name: str) -> Path:
    return folder / f"{name}.toml"


def _near(name: str) -> str:
    own = [*dataset.centre_ids(), *sorted(path.stem for path in HALLS_DIR.glob("*.toml"))]
    return did_you_mean(name, own) or f"; give a centre file, or one such as {own[0]} or {own[-1]}"


# ---- the profile of a day
def built_in() -> Profile:
    """The project's own day."""
    day = dataset.day_profile()
    starts = [clock_min(slot.start) or 0 for slot in day.slots]
    return Profile(day.slot_min, starts, [slot.share for slot in day.slots])


def read_profile(path: Path) -> Profile:
    """Read a profile from JSON.

    Raises:
        FaultyFile: with every fault, each with its field and what would be right.
    """
    text = read_text(path)
    try:
        data = json.loads(text)
    except ValueError as error:
        raise FaultyFile([Fault(str(path), f"not valid JSON: {error}")]) from error
    if not isinstance(data, dict):
        raise FaultyFile([Fault(str(path), "must be an object with slot_minutes and arrivals")])
    whole = Table({key: data[key] for key in data if key not in _UNUSED}, str(path), [])
    slot_min = whole.integer("slot_minutes", low=1, high=240, what="whole minutes")
    starts, shares = _arrivals(whole, slot_min)
    people = whole.integer("people", 0, low=1, high=100_000, what="how many come on a day")
    services = whole.table("shares")
    found = _services(services) if services else None
    whole.finish()
    refuse_if_faulty(whole.faults)
    return Profile(slot_min, starts, shares, people or None, found)


def _arrivals(whole: Table, slot_min: int) -> tuple[list[int], list[float]]:
    starts: list[int] = []
    shares: list[float] = []
    for slot in whole.tables("arrivals"):
        text = slot.text("start")
        start = clock_min(text)
        if start is None and text:
            slot.fault("start", f"'{text}' is no time of day; write it as 07:30")
        if starts and start is not None and start < starts[-1] + slot_min:
            slot.fault("start", f"must be {slot_min} minutes after the slot before, or later")
        starts.append(start or 0)
        shares.append(slot.number("share", low=0.0, high=1e6, what="a share of the day's people"))
        slot.finish()
    if not whole.faults and sum(shares) <= 0.0:
        whole.fault("arrivals", 'must have a share above 0, such as {"start": "07:30", "share": 1}')
    return starts, shares


def _services(table: Table) -> dict[str, float]:
    names = list(table.rest())
    shares = {
        name: table.number(name, low=0.0, high=1e6, what="a share of the people") for name in names
    }
    if not table.faults and sum(shares.values()) <= 0.0:
        table.fault(next(iter(shares), "SERVICE"), "must be above 0 for one service at least")
    return shares


# ---- together
def sessions_of(centre: Centre) -> Sessions:
    """The opening hours of a weekday, the first that has any; office hours where none are set."""
    for weekday in range(7):
        spans = sorted(
            (session.open_min, session.close_min)
            for session in centre.hours.sessions
            if weekday in session.days
        )
        if spans:
            return Sessions(tuple(spans))
    return OFFICE_HOURS


def slots_of(profile: Profile, sessions: Sessions) -> tuple[list[float], int]:
    """A profile's shares by slots of working time, and how many minutes a slot is.

    Raises:
        FaultyFile: nobody comes within the opening hours.
    """
    bounds = [int(minute) for span in sessions.spans for minute in span] + list(profile.starts)
    slot_min = math.gcd(profile.slot_min, *(abs(bound - bounds[0]) for bound in bounds))
    shares = [0.0] * (int(sessions.length_min) // slot_min)
    for start, share in zip(profile.starts, profile.shares, strict=True):
        for minute in range(start, start + profile.slot_min, slot_min):
            if any(opens <= minute < closes for opens, closes in sessions.spans):
                shares[int(sessions.working(minute)) // slot_min] += share
    total = sum(shares)
    if total <= 0.0:
        raise FaultyFile([Fault("arrivals", "nobody comes within the centre's opening hours")])
    return [share / total for share in shares], slot_min


def shares_of(centre: Centre, profile: Profile) -> dict[str, float]:
    """Each service's part of the people.

    Those the profile names as it says. Those of the project's data as that says; services it
    does not know share equally what the known ones leave of 100, or come as often as a known
    one does on average where they leave nothing.

    Raises:
        FaultyFile: the profile names a service that the centre lacks.
    """
    offered = [service.id for service in centre.offered()]
    if profile.services is not None:
        faults = [
            Fault("shares", f"'{name}' is no service of {centre.id}{did_you_mean(name, offered)}")
            for name in profile.services
            if name not in offered
        ]
        refuse_if_faulty(faults)
        return dict(profile.services)
    usual: Mapping[str, float] = _hall_days().get(centre.id, {}).get("shares") or dataset.shares(
        centre.kind
    )
    known = {service: usual[service] for service in offered if service in usual}
    new = [service for service in offered if service not in usual]
    if not new:
        return known
    left = max(0.0, 100.0 - sum(known.values()))
    each = left / len(new) if left else sum(known.values()) / len(known)
    return {**known, **dict.fromkeys(new, each or 1.0)}


def people_of(centre: Centre, profile: Profile) -> int:
    """How many people come on a day."""
    if profile.people:
        return profile.people
    own = _hall_days().get(centre.id, {}).get("people")
    return own or dataset.people_per_day(centre.kind, len(centre.staffed()))


def _hall_days() -> dict[str, dict[str, Any]]:
    days: dict[str, dict[str, Any]] = json.loads(
        (HALLS_DIR / "days.json").read_text(encoding="utf-8")
    )
    return days


def hall_from(centre: Centre, profile: Profile, people: int | None) -> Hall:
    """A centre's hall on a day of this profile.

    Raises:
        FaultyFile: nobody would come, or nobody could be served.
    """
    shares = shares_of(centre, profile)
    served = {skill for counter in centre.staffed() for skill in counter.services}
    if not any(share > 0.0 for service, share in shares.items() if service in served):
        faults = [Fault("service", "no counter serves a service that people come for")]
        raise FaultyFile(faults)
    sessions = sessions_of(centre)
    arrivals, slot_min = slots_of(profile, sessions)
    count = people or people_of(centre, profile)
    return hall_of(centre, count, shares, arrivals, slot_min, sessions)
