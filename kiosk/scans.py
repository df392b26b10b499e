"""What a scanned code does: sets an age group, prints a copy, checks in, or says how it stands.

Of a citizen's card only "elderly: yes or no" is passed on. Its text is never kept, logged or
answered; to know a repeat, a hash is held in memory for seconds, keyed anew at each start.
"""

import hmac
import logging
import threading
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from edge.client import ServerClient
from edge.clock import TrustedClock
from edge.errors import ServerRefused, ServerUnreachable
from kiosk.answers import PressAnswer, PressRefused, outcome_of
from kiosk.contact import Contact
from kiosk.journal import Attempt, Entry, Journal
from kiosk.picture import Picture
from kiosk.press import PRESS_S, Press, online_entry, place_and_zone
from kiosk.scan_text import AgeGroup, Meaning, TicketLink, Unreadable, meaning_of
from wire.answers import Ticket
from wire.words import Name

log = logging.getLogger(__name__)

REPEAT_S: Final = 5.0
"""A code held before the scanner is read again and again: that is one scan."""

SERVER_S: Final = 1.2
"""The server's share of a scan: there is nothing of the kiosk's own to fall back on."""

_FALLBACK_ZONE: Final = "Asia/Ho_Chi_Minh"
_COPIED: Final = frozenset({"waiting", "called"})
_AWAY: Final = "press.scan_away"

Scan = dict[str, Any]


class Checked(msgspec.Struct, frozen=True):
    """The server's answer to a scan."""

    ticket: Ticket
    checked_in: bool
    can_rate: bool = False


class ScannedTicket(msgspec.Struct, frozen=True):
    """A ticket as the page shows it after a scan that printed nothing."""

    id: str
    number: str
    service: str
    state: str
    counter: int | None
    counters: tuple[int, ...]
    zone: Name | None
    can_rate: bool = False


class Scans:
    """The use case behind every scan. Safe to use from several threads; one scan at a time.

    Args:
        centre: The kiosk's own.
        server: The configured address; its host is one of those that links may name.
        elderly_age: From this birthday on a citizen's card says elderly.
        key: Random bytes of this run, for knowing a repeat without keeping the text.
    """

    def __init__(
        self,
        *,
        centre: str,
        server: str,
        elderly_age: int,
        client: ServerClient,
        contact: Contact,
        picture: Picture,
        clock: TrustedClock,
        journal: Journal,
        press: Press,
        key: bytes,
        ticks_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._centre = centre
        self._server = server
        self._elderly_age = elderly_age
        self._client = client
        self._contact = contact
        self._picture = picture
        self._clock = clock
        self._journal = journal
        self._press = press
        self._key = key
        self._ticks_s = ticks_s
        self._lock = threading.Lock()
        self._last: tuple[bytes, float, Scan] | None = None
        self.counts: dict[str, int] = {}

    def scan(self, text: str) -> Scan:
        """Do what the code asks for; the same code again within `REPEAT_S` does nothing more.

        Returns:
            `{"kind": "age_group" | "ticket" | "checked_in" | "state" | "unknown", …}` as
            described in `kiosk.local_api`.

        Raises:
            PressRefused: too often, or the server is needed and does not answer.
        """
        deadline_s = time.monotonic() + PRESS_S
        if not self._lock.acquire(timeout=PRESS_S):
            raise PressRefused("too_many_requests", 429, retry_after_s=1)
        try:
            return self._once(text, deadline_s)
        finally:
            self._lock.release()

    def _once(self, text: str, deadline_s: float) -> Scan:
        digest = hmac.digest(self._key, text.strip().encode("utf-8", "replace"), "sha256")
        last, now_s = self._last, self._ticks_s()
        if last is not None and last[0] == digest and now_s - last[1] < REPEAT_S:
            answer = self._as_it_is_now(last[2])
        else:
            answer = self._do(self._read(text), deadline_s)
            self.counts[answer["kind"]] = self.counts.get(answer["kind"], 0) + 1
        self._last = (digest, self._ticks_s(), answer)
        return answer

    def _as_it_is_now(self, answer: Scan) -> Scan:
        if answer["kind"] != "ticket":
            return answer
        return _printed(self._press.answer(answer["ticket"]["id"]))

    def _read(self, text: str) -> Meaning:
        hosts = {
            urllib.parse.urlsplit(address).hostname or ""
            for address in (self._server, self._picture.track_url(""))
        }
        centre = self._picture.centre
        zone = ZoneInfo(centre.timezone if centre else _FALLBACK_ZONE)
        today = self._clock.now().astimezone(zone).date()
        try:
            return meaning_of(text, hosts=hosts, today=today, elderly_age=self._elderly_age)
        except Exception as error:  # noqa: BLE001 - only its kind is told: see the top
            log.error("a scan cannot be read: %s", type(error).__name__)
            return Unreadable()

    def _do(self, meaning: Meaning, deadline_s: float) -> Scan:
        if isinstance(meaning, AgeGroup):
            return {"kind": "age_group", "elderly": meaning.elderly}
        if isinstance(meaning, Unreadable):
            return {"kind": "unknown"}
        entry = self._journal.find_by_track(meaning.track)
        ours = entry if entry is not None and self._is_of_today(entry) else None
        if ours is not None and outcome_of(ours) == "printing":
            return _printed(self._press.answer(ours.id))
        with self._press.counted():
            self._press.take_turn("touch")
        try:
            checked = self._check(meaning)
        except PressRefused:
            if ours is None:
                raise
            checked = None  # what is not known to be over is printed
        if checked is not None:
            return self._told(checked, meaning.track, deadline_s, ours=ours is not None)
        if ours is None:
            return {"kind": "unknown"}
        return _printed(self._again(ours, deadline_s))

    def _is_of_today(self, entry: Entry) -> bool:
        return entry.day in (None, self._today())

    def _today(self) -> str | None:
        centre = self._picture.centre
        return self._clock.day(ZoneInfo(centre.timezone if centre else _FALLBACK_ZONE))

    def _told(self, checked: Checked, track: str, deadline_s: float, *, ours: bool) -> Scan:
        """What the server's word on a ticket leads to."""
        ticket = checked.ticket
        if checked.checked_in:
            return {"kind": "checked_in", "ticket": self._shown(ticket)}
        here = ticket.centre == self._centre and (ours or ticket.day == self._today())
        if here and ticket.state in _COPIED:
            return _printed(self._copy_of(ticket, track, deadline_s))
        return {"kind": "state", "ticket": self._shown(ticket, can_rate=checked.can_rate)}

    def _check(self, link: TicketLink) -> Checked | None:
        """The server's word on a ticket; None where it has no such one."""
        if not self._contact.reachable:
            raise PressRefused("unavailable", 503, said=_AWAY)
        path = f"/api/v1/centres/{self._centre}/scans"
        try:
            reply = self._client.post(path, {"track": link.track}, timeout_s=SERVER_S)
            return msgspec.convert(reply.body, Checked)
        except ServerRefused as error:
            if error.problem.status == 404:
                return None
            log.warning("the server refuses a scan: %s", error)
            if error.problem.status == 429:
                retry_s = error.retry_after_s or 1
                raise PressRefused("too_many_requests", 429, retry_after_s=retry_s) from error
            raise PressRefused("unavailable", 503, said=_AWAY) from error
        except (ServerUnreachable, msgspec.ValidationError) as error:
            log.warning("a scan went unanswered: %s", error)
            raise PressRefused("unavailable", 503, said=_AWAY) from error

    def _copy_of(self, ticket: Ticket, track: str, deadline_s: float) -> PressAnswer:
        """A paper for another kiosk's number: kept like our own, as one that has a paper out."""
        known = self._journal.find(ticket.id)
        if known is None:
            made = Attempt("", ticket.id, ticket.service, ticket.priority, ticket.language, track)
            link = self._picture.track_url(track)
            entry = online_entry(made, ticket, link, self._clock)
            self._journal.add(replace(entry, papers=1))
            return self._press.hand_over(entry, deadline_s)
        return self._again(known, deadline_s)

    def _again(self, entry: Entry, deadline_s: float) -> PressAnswer:
        if not self._journal.queue_again(entry.id):
            return self._press.answer(entry.id)
        return self._press.hand_over(entry, deadline_s)

    def _shown(self, ticket: Ticket, *, can_rate: bool = False) -> dict[str, Any]:
        here = self._picture.centre if ticket.centre == self._centre else None
        place, zone = place_and_zone(here, ticket.service)
        shown = ScannedTicket(
            id=ticket.id,
            number=ticket.number,
            service=ticket.service,
            state=ticket.state,
            counter=ticket.counter.number if ticket.counter else None,
            counters=place.counters,
            zone=zone.name if zone else None,
            can_rate=can_rate,
        )
        told: dict[str, Any] = msgspec.to_builtins(shown)
        return told


def _printed(answer: PressAnswer) -> Scan:
    return {"kind": "ticket", **msgspec.to_builtins(answer)}
