"""What is told before a number is taken: the wait, whether today is long enough, where else.

Read from one snapshot of each centre, without a lock. Nothing is asked of other centres while
the wait here is too short for any way to pay.
"""

import math
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from server.domain.calendar import (
    business_day,
    last_closing,
    numbers_after_today,
    open_s_left,
    opening,
)
from server.domain.calibration import Told
from server.domain.centre import Centre, Service
from server.domain.redirect import Elsewhere, offers
from server.domain.redirect import Offer as Worthwhile
from server.domain.ticket import milliseconds
from server.domain.travel import kilometres, travel_min
from server.service.answers import name, newcomer_standing
from server.service.book import Book
from server.service.day_limit import numbers_left
from server.service.ports import Clock, Store, Tx
from server.service.snapshot import Snapshot, snapshot_of
from server.service.waits import Waits
from wire.answers import Offer, Offers, Wait
from wire.errors import Refusal
from wire.words import Priority

NEAR_MIN: Final = 60
"""Centres further away than this, in minutes' way, are never offered."""

LOOKED_AT: Final = 8
"""How many centres one question looks at, the nearest first."""

SHOWN: Final = 3

FRESH_S: Final = 10.0
"""Waits that were worked out longer ago than this are no reason to send anybody anywhere."""

NEIGHBOURS_S: Final = 60.0
"""How long it is remembered which centres are near."""


class Neighbour(NamedTuple):
    """A centre near another: how far, and what it serves for people from anywhere."""

    centre: str
    km: float
    travel_min: int
    anywhere: frozenset[str]


class Look(NamedTuple):
    """One centre as somebody finds it who wants one service: the queue, the wait, the limit."""

    centre: Centre
    service: Service
    waiting: int
    wait: Told | None
    left: int | None
    mean_s: float


class Offering:
    """Answers what is asked before a number is taken. Safe from any thread or greenlet.

    Args:
        store: Read on snapshots.
        clock: The present moment.
        book: The centres as configured, shared with the commands.
        waits: The table of waits, shared with the commands.
        elapsed: Seconds on a clock that only goes forward.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        book: Book,
        waits: Waits,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._clock = clock
        self._book = book
        self._waits = waits
        self._elapsed = elapsed
        self._near: dict[str, tuple[float, tuple[float, float], list[Neighbour]]] = {}

    def before(self, centre: str, service: str, priority: Priority = "none") -> Offers:
        """The wait here, whether a number still fits into today, and where it is shorter.

        Raises:
            Refusal: `unknown_centre`, `unknown_service`.
        """
        now = self._clock.now()
        here = self._here(centre, service, priority, now)
        hours = here.centre.hours
        fits = _fits(here, open_s_left(hours, now))
        return Offers(
            centre=centre,
            service=service,
            as_of=now,
            waiting=here.waiting,
            wait=Wait(*here.wait) if here.wait else None,
            fits=fits,
            closes_at=last_closing(hours, now),
            left=here.left,
            opens_next=numbers_after_today(hours, now),
            offers=self._elsewhere(here, fits, now) if priority == "none" else [],
        )

    # ---- one centre
    def _here(self, centre: str, service: str, priority: Priority, now: datetime) -> Look:
        pacing = self._waits.of(centre)

        def ask(tx: Tx) -> Look:
            snap = snapshot_of(tx, self._book, now, centre)
            known = snap.centre.services.get(service)
            if known is None or known.retired:
                raise Refusal("unknown_service", f"{centre} has no service '{service}'.")
            standing = newcomer_standing(pacing, tx, centre, milliseconds(now))
            return self._look(snap, known, standing(service, priority).wait)

        return self._store.read(ask)

    def _there(self, centre: str, service: str, now: datetime) -> Look | None:
        """Another centre as it is for somebody who comes after all who are on the way to it."""
        pacing = self._waits.fresh(centre, FRESH_S)
        if not pacing.table.served(service):
            return None

        def ask(tx: Tx) -> Look | None:
            snap = snapshot_of(tx, self._book, now, centre)
            known = snap.centre.services.get(service)
            if known is None or not known.anywhere:
                return None
            regular = sum(q.waiting for q in snap.queues() if q[:3] == (service, "none", ""))
            return self._look(snap, known, pacing.newcomer(service, regular))

        return self._store.read(ask)

    def _look(self, snap: Snapshot, service: Service, wait: Told | None) -> Look:
        waiting = sum(queue.waiting for queue in snap.queues() if queue.service == service.id)
        given_out = snap.tx.issued(snap.centre.id, snap.day, service.id)
        times = self._waits.learned.last(snap.centre.id)
        mean_s = times.of(service).mean_min * 60
        left = numbers_left(service, given_out)
        return Look(snap.centre, service, waiting, wait, left, mean_s)

    # ---- the others
    def _elsewhere(self, here: Look, fits: bool, now: datetime) -> list[Offer]:
        rules = here.centre.rules
        if here.wait is None or not (here.service.anywhere and rules.redirect):
            return []
        here_min = here.wait.likely_s / 60
        threshold_min = rules.redirect_saves_min if fits else -math.inf
        near = [
            one
            for one in self._neighbours(here.centre)
            if here.service.id in one.anywhere and here_min - one.travel_min > threshold_min
        ][:LOOKED_AT]
        ways, serving, candidates = {one.centre: one for one in near}, {}, []
        for one in near:
            look = self._there(one.centre, here.service.id, now)
            if look and look.wait and _can_take(look, look.wait, one.travel_min, now):
                serving[one.centre] = look
                wait_min = look.wait.likely_s / 60
                candidates.append(Elsewhere(one.centre, wait_min, one.travel_min))
        found = offers(here_min, candidates, threshold_min)[:SHOWN]
        return [_offer(one, ways[one.centre], serving[one.centre]) for one in found]

    def _neighbours(self, here: Centre) -> list[Neighbour]:
        """The centres within an hour's way, nearest first; looked up once a minute."""
        if here.lat is None or here.lon is None:
            return []
        place = (here.lat, here.lon)
        now = self._elapsed()
        kept = self._near.get(here.id)
        if kept is not None and now - kept[0] < NEIGHBOURS_S and kept[1] == place:
            return kept[2]
        others = self._store.read(self._centres)
        near = [one for other in others if other.id != here.id and (one := _way(place, other))]
        near.sort(key=lambda one: (one.km, one.centre))
        self._near[here.id] = (now, place, near)
        return near

    def _centres(self, tx: Tx) -> list[Centre]:
        ledgers = filter(None, (tx.ledger(centre) for centre in tx.centres()))
        return [self._book.centre(tx, ledger.centre, ledger.version) for ledger in ledgers]


def _way(place: tuple[float, float], other: Centre) -> Neighbour | None:
    if other.lat is None or other.lon is None:
        return None
    km = kilometres(place, (other.lat, other.lon))
    minutes = travel_min(km)
    if minutes > NEAR_MIN:
        return None
    anywhere = frozenset(service.id for service in other.offered() if service.anywhere)
    return Neighbour(other.id, km, minutes, anywhere)


def _fits(look: Look, left_s: float | None) -> bool:
    if look.wait is None or left_s is None:
        return True
    return look.wait.likely_s + look.mean_s <= left_s


def _can_take(look: Look, wait: Told, way_min: int, now: datetime) -> bool:
    """Whether a number is to be had there, and its holder is served before the doors close.

    They are open now and on arrival, and stay open until then: a wait over lunch is no gain.
    """
    hours = look.centre.hours
    there = now + timedelta(minutes=way_min)
    today = business_day(now, hours.timezone) == business_day(there, hours.timezone)
    state = opening(hours, there)
    if look.left == 0 or not today or not (state.open and opening(hours, now).open):
        return False
    if state.closes_at is None:
        return True
    return wait.likely_s + look.mean_s <= (state.closes_at - there).total_seconds()


def _offer(found: Worthwhile, way: Neighbour, look: Look) -> Offer:
    travel_s, wait_s = way.travel_min * 60, round(found.wait_min * 60)
    return Offer(
        centre=found.centre,
        name=name(look.centre.name),
        address=look.centre.address,
        km=round(way.km, 2),
        travel_s=travel_s,
        wait_s=wait_s,
        total_s=travel_s + wait_s,
        saved_s=round(found.saved_min * 60),
        waiting=look.waiting,
    )
