"""One visit as the holder of its link sees it, and what they may do about it now."""

from datetime import datetime, timedelta
from typing import Final

from server.domain.calendar import day_end
from server.domain.lifecycle import TABLE
from server.domain.rating import is_open
from server.domain.ticket import Ticket
from server.domain.turns import STEPS_BACK_MOST
from server.service.answers import name, ticket_answer
from server.service.book import Book
from server.service.pacing import Standing
from server.service.ports import Tx
from server.service.procedures import ProcedureTables
from server.service.snapshot import Snapshot, snapshot_of
from server.service.visit_ports import VisitRow
from server.service.work import open_counters
from wire.visits import GivenRating, PublicTicket
from wire.words import LinkAction

LINK_LIVES: Final = timedelta(hours=24)
"""How long after the end of its business day a link leads somewhere."""


def ticket_behind(tx: Tx, book: Book, now: datetime, track: str) -> tuple[str, str] | None:
    """The centre and id of the ticket behind a link; None where there is none, or no more."""
    found = tx.ticket_by_track(track)
    if found is None:
        return None
    zone = snapshot_of(tx, book, now, found.centre).centre.hours.timezone
    lives = now < day_end(found.day, zone) + LINK_LIVES
    return (found.centre, found.id) if lives else None


def visit_of(tx: Tx, ticket: Ticket) -> VisitRow:
    """What is kept of a visit beside its ticket."""
    return tx.visit(ticket.id) or VisitRow(ticket.id, ticket.centre)


def is_coming(tx: Tx, ticket: Ticket) -> bool:
    """Whether who was called said, after this very call, that they are on the way."""
    return ticket.state == "called" and visit_of(tx, ticket).coming_call == ticket.call_id


def public_ticket(
    snap: Snapshot,
    tables: ProcedureTables,
    ticket: Ticket,
    standing: Standing | None,
    now_ms: int,
) -> PublicTicket:
    """What the holder of the link sees of a ticket.

    Args:
        snap: The centre, in the transaction or snapshot that the ticket was read in.
        tables: The procedures of the centres.
        ticket: As it is now.
        standing: Where it stands, for one that waits.
        now_ms: The present moment.
    """
    whole = ticket_answer(ticket, snap.centre, standing)
    counters = _able(snap, ticket) if ticket.state == "waiting" else []
    zones = {snap.centre.zone_of(counter) for counter in (*counters, ticket.counter) if counter}
    zone = zones.pop() if len(zones) == 1 else None
    procedure = tables.find(snap, ticket.procedure)
    visit, rating = visit_of(snap.tx, ticket), snap.tx.rating(ticket.id)
    steps_left = max(0, STEPS_BACK_MOST - visit.steps_back)
    coming = ticket.state == "called" and visit.coming_call == ticket.call_id
    return PublicTicket(
        number=whole.number,
        service=name(snap.centre.services[ticket.service].name),
        state=whole.state,
        counter=whole.counter,
        zone=name(zone.name) if zone else None,
        ahead=whole.ahead,
        wait=whole.wait,
        issued_at=whole.issued_at,
        called_at=whole.called_at,
        ended_at=whole.ended_at,
        side=zone.side if zone else None,
        times=ticket.times,
        coming=coming,
        counters=tuple(sorted(snap.centre.counters[counter].number for counter in counters)),
        procedure=procedure.name if procedure else None,
        papers=tuple(procedure.papers) if procedure else (),
        can=tuple(_can(ticket, steps_left, now_ms, coming=coming, rated=rating is not None)),
        steps_left=steps_left,
        rating=GivenRating(rating.score) if rating else None,
    )


def _able(snap: Snapshot, ticket: Ticket) -> list[str]:
    """The counters that may call a waiting ticket: its own, else the open ones of its service."""
    if ticket.pinned_to:
        return [ticket.pinned_to]
    if not snap.begun:
        return []
    skills = open_counters(snap.tx, snap.centre)
    return [counter for counter, services in skills.items() if ticket.service in services]


def _can(
    ticket: Ticket, steps_left: int, now_ms: int, *, coming: bool, rated: bool
) -> list[LinkAction]:
    found: list[LinkAction] = []
    steps = ticket.state in TABLE["step-back"].sources and ticket.ready_ms <= now_ms
    if steps and steps_left > 0:
        found.append("step_back")
    if ticket.state == "called" and not coming:
        found.append("coming")
    if ticket.state in TABLE["cancel"].sources:
        found.append("cancel")
    if not rated and is_open(ticket.state, ticket.ended_ms, now_ms):
        found.append("rate")
    return found
