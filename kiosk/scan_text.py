"""What a scanned text means: an age group, a ticket's link, or nothing we know. Pure.

Of a citizen's card nothing but "old enough: yes or no" leaves this module, whatever goes wrong.
The card's code is a line of fields, told apart by `|`: number (12 digits), old number or
nothing, name, date of birth as ddmmyyyy, sex, address, date of issue; newer cards add more.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from wire.ids import is_track

MAX_CHARS: Final = 2048
OLDEST_YEARS: Final = 130
_CARD_NUMBER: Final = re.compile(r"[0-9]{12}")
_BIRTH: Final = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_CARD_FIELDS: Final = 6
_BIRTH_FIELD: Final = 3


@dataclass(frozen=True)
class AgeGroup:
    """A citizen's card: whether its holder belongs to the elderly."""

    elderly: bool


@dataclass(frozen=True)
class TicketLink:
    """A ticket's own link, by its track token."""

    track: str


@dataclass(frozen=True)
class Unreadable:
    """Nothing that a kiosk knows."""


Meaning = AgeGroup | TicketLink | Unreadable


def meaning_of(text: str, *, hosts: Collection[str], today: date, elderly_age: int) -> Meaning:
    """Say what `text` is. Never raises, and keeps nothing of it.

    Args:
        text: As the scanner sent it.
        hosts: Lower-case names under which the centre's server is known.
        today: The centre's own day.
        elderly_age: From this birthday on one is elderly.
    """
    if len(text) > MAX_CHARS:
        return Unreadable()
    fields = text.strip().split("|")
    if len(fields) >= _CARD_FIELDS and _CARD_NUMBER.fullmatch(fields[0].strip()):
        return AgeGroup(_old_enough(fields[_BIRTH_FIELD].strip(), today, elderly_age))
    track = _track(text.strip(), hosts)
    return TicketLink(track) if track else Unreadable()


def _old_enough(birth: str, today: date, elderly_age: int) -> bool:
    """False as well where the card does not say the day of birth, or says an impossible one."""
    found = _BIRTH.fullmatch(birth)
    if found is None:
        return False
    day, month, year = (int(part) for part in found.groups())
    try:
        born = date(year, month, day)
    except ValueError:
        return False
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return elderly_age <= age <= OLDEST_YEARS


def _track(text: str, hosts: Collection[str]) -> str:
    """The token of a link `…/t/TRACK` to one of these hosts, or of a bare one; else nothing."""
    if is_track(text):
        return text
    try:
        link = urlsplit(text)
        host = link.hostname or ""
    except ValueError:
        return ""
    _, found, track = link.path.rstrip("/").rpartition("/t/")
    ours = link.scheme in ("http", "https") and host in hosts
    return track if found and ours and is_track(track) else ""
