"""One touch, one number: from the server if it answers in time, else from the kiosk's own band.

Whatever happens, the citizen has an answer within two seconds. A number is durable before any
paper moves, and a try that the server never answered is replaced, so that one touch is one
ticket whichever of the two arrives first.
"""

import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from edge.client import ServerClient
from edge.clock import Stamp, TrustedClock
from edge.errors import ServerRefused, ServerUnreachable
from edge.spool import Spool
from kiosk.answers import PressAnswer, PressRefused, PressRequest, Wording, answer_of
from kiosk.contact import Contact
from kiosk.elsewhere import Elsewhere
from kiosk.journal import Attempt, Entry, Journal, unsent
from kiosk.numbers import Numbers, NumbersSpent
from kiosk.picture import Picture
from kiosk.printing import PrintQueue
from kiosk.rate import By, Turns
from kiosk.slip import Place, place_of
from wire import ids
from wire.answers import Band, CentreInfo, ServiceInfo, Ticket
from wire.answers import ZoneInfo as Area
from wire.words import Language, Priority

log = logging.getLogger(__name__)

SERVER_S: Final = 0.7
"""The server's share of a press; after it the citizen gets a number from the band."""

PRESS_S: Final = 1.85
"""When the answer leaves at the latest, paper or not."""

HAND_IN: Final = "ticket"
"""The kind of spool item that is a ticket of the kiosk's own."""

_PASSED_ON: Final = frozenset({"centre_closed", "day_full", "unknown_service"})


@dataclass(frozen=True)
class Randomness:
    """Where identities come from; handed in, so that a test can know them."""

    take: Callable[[int], bytes]


class Press:
    """The use case behind every touch and key. Safe to use from several threads."""

    def __init__(
        self,
        *,
        centre: str,
        client: ServerClient,
        contact: Contact,
        picture: Picture,
        clock: TrustedClock,
        journal: Journal,
        numbers: Numbers,
        spool: Spool,
        printing: PrintQueue,
        turns: Turns,
        words: Wording,
        randomness: Randomness,
        on_hand_in: Callable[[], None],
        on_lost_try: Callable[[Attempt], None],
    ) -> None:
        self._path = f"/api/v1/centres/{centre}/tickets"
        self._client = client
        self._contact = contact
        self._picture = picture
        self._clock = clock
        self._journal = journal
        self._numbers = numbers
        self._spool = spool
        self._printing = printing
        self._turns = turns
        self._words = words
        self._randomness = randomness
        self._on_hand_in = on_hand_in
        self._on_lost_try = on_lost_try
        self.refused: dict[str, int] = {}

    def press(self, request: PressRequest, *, paper_s: float = PRESS_S) -> PressAnswer:
        """Give a number and print it.

        Args:
            request: What was pressed.
            paper_s: How long to wait for the paper, once there is a number, at most.

        Raises:
            PressRefused: no number was given, and why.
        """
        deadline_s = time.monotonic() + PRESS_S
        with self.counted():
            self.take_turn(request.by)
            entry = self._issue(request)
        return self.hand_over(entry, min(deadline_s, time.monotonic() + paper_s))

    def copy(self, ticket_id: str) -> PressAnswer:
        """Print a ticket of this kiosk once more; the slip says so if a paper may be out.

        Always a finger's turn, also by a code that is held under the scanner: a child drains
        the paper with one number as well as with many.

        Raises:
            PressRefused: unknown, still printing, or pressed too often.
        """
        deadline_s = time.monotonic() + PRESS_S
        with self.counted():
            entry = self._found(ticket_id)
            if unsent(entry):
                raise PressRefused("invalid_transition", 409)
            self.take_turn("touch")
            if not self._journal.queue_again(ticket_id):
                raise PressRefused("invalid_transition", 409)
        return self.hand_over(entry, deadline_s)

    def answer(self, ticket_id: str) -> PressAnswer:
        """What is known of a ticket of this kiosk.

        Raises:
            PressRefused: the kiosk does not know it.
        """
        return self._answer(self._found(ticket_id))

    def _found(self, ticket_id: str) -> Entry:
        entry = self._journal.find(ticket_id)
        if entry is None:
            raise PressRefused("unknown_ticket", 404)
        return entry

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count the refusal that ends this block, if one does."""
        try:
            yield
        except PressRefused as refusal:
            self.refused[refusal.code] = self.refused.get(refusal.code, 0) + 1
            raise

    def take_turn(self, by: By) -> None:
        """Refuse who presses too often.

        Raises:
            PressRefused: `too_many_requests`.
        """
        wait_s = self._turns.take(by, time.monotonic())
        if wait_s:
            raise PressRefused("too_many_requests", 429, retry_after_s=wait_s)

    def _issue(self, request: PressRequest) -> Entry:
        if not self._contact.reachable:
            return self._own(request, replaces=None)
        attempt = self.new_attempt(
            "press", request.service, request.priority, request.language,
            procedure=request.procedure,
        )  # fmt: skip
        self._journal.begin(attempt)
        try:
            reply = self._client.post(
                self._path, _online_body(attempt), key=attempt.key, timeout_s=SERVER_S
            )
            ticket = msgspec.convert(reply.body, Ticket)
        except ServerUnreachable as error:
            log.warning("a press went unanswered: %s", error)
            self._contact.lost()
            return self._own(request, replaces=attempt, maybe_received=error.maybe_received)
        except ServerRefused as error:
            self._journal.end(attempt.key)
            raise self._passed_on(error) from error
        except msgspec.ValidationError as error:
            log.error("the server's ticket is not understood: %s", error)
            return self._own(request, replaces=attempt)
        return self._keep_online(attempt, ticket)

    def new_attempt(
        self,
        kind: str,
        service: str,
        priority: Priority,
        language: Language,
        going_to: str = "",
        *,
        procedure: str | None = None,
    ) -> Attempt:
        """A try with an identity of its own; another centre gives its tickets theirs."""
        ticket_id, track = self._identity()
        track = "" if going_to else track
        key = f"{kind}-{ticket_id}"
        return Attempt(key, ticket_id, service, priority, language, track, going_to, procedure)

    def _identity(self) -> tuple[str, str]:
        unix_ms = int(self._clock.now().timestamp() * 1000)
        take = self._randomness.take
        return ids.uuid7(unix_ms, take(10)), ids.track_token(take(16))

    def _passed_on(self, error: ServerRefused) -> PressRefused:
        """The server's refusal, as a citizen can be told it."""
        code, status = error.problem.code, error.problem.status
        if status == 429:
            return PressRefused("too_many_requests", 429, retry_after_s=error.retry_after_s or 1)
        if code in _PASSED_ON:
            centre = self._picture.centre
            opens_at = centre.opens_at if centre and code == "centre_closed" else None
            return PressRefused(code, status, opens_at=opens_at)
        log.error("the server refuses the kiosk's presses: %s", error)
        return PressRefused("unavailable", 503)

    def _keep_online(self, attempt: Attempt, ticket: Ticket) -> Entry:
        try:
            if isinstance(ticket.track_url, str):
                self._picture.take_track_url(ticket.track_url, attempt.track)
            link = self._picture.track_url(attempt.track)
            entry = online_entry(attempt, ticket, link, self._clock)
            with self._journal.database.transaction():
                self._journal.end(attempt.key)
                self._journal.add(entry)
        except sqlite3.Error:
            self._on_lost_try(attempt)
            raise
        return entry

    def _own(
        self, request: PressRequest, *, replaces: Attempt | None, maybe_received: bool = True
    ) -> Entry:
        """A number of the kiosk's own, durable together with its hand-in."""
        centre, stamp = self._picture.centre, self._clock.stamp()
        try:
            self._refuse_offline(request, centre, stamp)
            assert centre is not None
            entry, body = self._draw(request, centre, stamp, replaces, maybe_received)
        except (PressRefused, sqlite3.Error):
            self._give_up(replaces, maybe_received)
            raise
        self._on_hand_in()
        log.info("%s given out by the kiosk itself (%s)", entry.number, body["id"])
        return entry

    def _give_up(self, attempt: Attempt | None, maybe_received: bool) -> None:
        """No number after all; if the server may have made one, somebody must find out."""
        if attempt is None:
            return
        if maybe_received:
            self._on_lost_try(attempt)
        else:
            self._journal.end(attempt.key)

    def _refuse_offline(
        self, request: PressRequest, centre: CentreInfo | None, stamp: Stamp
    ) -> None:
        if centre is None or self._picture.band is None or self._picture.kiosk is None:
            raise PressRefused("unavailable", 503)
        if self._picture.service(request.service) is None:
            raise PressRefused("unknown_service", 404)
        opens_at = centre.opens_at
        if stamp.trusted and not centre.tickets and opens_at and stamp.shown < opens_at:
            raise PressRefused("centre_closed", 409, opens_at=opens_at)

    def _draw(
        self,
        request: PressRequest,
        centre: CentreInfo,
        stamp: Stamp,
        replaces: Attempt | None,
        maybe_received: bool,
    ) -> tuple[Entry, dict[str, Any]]:
        info, band, kiosk = self._own_range(request.service)
        # Of the stamp's own moment: midnight may pass before the next question.
        zone = ZoneInfo(centre.timezone)
        day = stamp.shown.astimezone(zone).date().isoformat() if stamp.trusted else None
        ticket_id, track = self._identity()
        with self._journal.database.transaction():
            try:
                number = self._numbers.draw(day=day, prefix=info.prefix, band=band, kiosk=kiosk)
            except NumbersSpent as error:
                raise PressRefused("unavailable", 503) from error
            entry = Entry(
                id=ticket_id, day=day, number=number, service=request.service,
                priority=request.priority, language=request.language,
                track_url=self._picture.track_url(track), mode="offline", stamp=stamp,
                ahead=None, wait=None, paper="queued", reason="", papers=0, handed="pending",
                procedure=request.procedure,
            )  # fmt: skip
            body = _hand_in_body(entry, track)
            if replaces is not None:
                self._journal.end(replaces.key)
                if maybe_received:
                    body["replaces"] = replaces.key
            self._journal.add(entry)
            self._spool.put(f"own-{ticket_id}", HAND_IN, body)
        return entry, body

    def _own_range(self, service: str) -> tuple[ServiceInfo, Band, int]:
        info, band, kiosk = self._picture.service(service), self._picture.band, self._picture.kiosk
        assert info is not None
        assert band is not None
        assert kiosk is not None
        return info, band, kiosk

    def hand_over(self, entry: Entry, deadline_s: float) -> PressAnswer:
        """Print a ticket that the journal holds as queued; the answer leaves at the deadline."""
        job = self._printing.put(entry.id)
        job.done.wait(max(0.0, deadline_s - time.monotonic()))
        return self._answer(self._found(entry.id))

    def _answer(self, entry: Entry) -> PressAnswer:
        centre = None if entry.elsewhere else self._picture.centre
        place, zone = place_and_zone(centre, entry.service)
        return answer_of(entry, place, zone, self._words)


def place_and_zone(centre: CentreInfo | None, service: str) -> tuple[Place, Area | None]:
    """Where a service is served, as far as the kiosk knows."""
    if centre is None:
        return Place((), None), None
    place = place_of(centre, service)
    return place, next((zone for zone in centre.zones if zone.id == place.zone), None)


def online_entry(
    attempt: Attempt,
    ticket: Ticket,
    track_url: str,
    clock: TrustedClock,
    elsewhere: Elsewhere | None = None,
) -> Entry:
    """A ticket of the server's, as the journal keeps it."""
    here = clock.stamp()
    return Entry(
        id=ticket.id,
        day=ticket.day,
        number=ticket.number,
        service=ticket.service,
        priority=ticket.priority,
        language=attempt.language,
        track_url=track_url,
        mode="online",
        stamp=Stamp(here.boot_id, here.ticks_s, ticket.issued_at, True),
        ahead=ticket.ahead,
        wait=ticket.wait,
        paper="queued",
        reason="",
        papers=0,
        handed="not_needed",
        elsewhere=elsewhere,
        procedure=attempt.procedure,
    )


def named_procedure(code: str | None) -> dict[str, Any]:
    """The part of a body that says what somebody came for; nothing where they did not say."""
    return {"procedure": code} if code else {}


def _online_body(attempt: Attempt) -> dict[str, Any]:
    return {
        "service": attempt.service,
        "priority": attempt.priority,
        "language": attempt.language,
        "id": attempt.id,
        "track": attempt.track,
        **named_procedure(attempt.procedure),
    }


def _hand_in_body(entry: Entry, track: str) -> dict[str, Any]:
    return {
        "service": entry.service,
        "priority": entry.priority,
        "language": entry.language,
        "id": entry.id,
        "track": track,
        "number": entry.number,
        "issued_at": entry.issued_at.isoformat(),
        **named_procedure(entry.procedure),
    }
