"""The choice through the database equals the choice over the full list, in every case."""

from random import Random

import pytest

from server.domain.dispatch import BALANCED, Backlog, Head, choose, heads_of
from server.domain.ticket import Ticket, instant
from server.service.ports import Store
from tests.fakes.small_centre import CENTRE, MANAGER, SmallCentre
from wire.errors import Refusal
from wire.requests import NextRequest, PauseRequest, PriorityRequest, TransferRequest
from wire.words import PRIORITIES

SERVICES = {"a": 4.0, "b": 8.0, "c": 15.0, "d": 25.0}
COUNTERS = {"q1": "ab", "q2": "bcd", "q3": "c", "q4": "abcd"}

FILE = (
    """
[centre]
id = "thu-nghiem"
name = { vi = "Trung tâm thử nghiệm", en = "Test centre" }

[policy]
no_show_after_s = 0
"""
    + "".join(
        f"""
[[service]]
id = "{name}"
prefix = "{prefix}"
name = {{ vi = "{name}", en = "{name}" }}
typical_service_min = {minutes}
"""
        for (name, minutes), prefix in zip(SERVICES.items(), "HCAL", strict=True)
    )
    + "".join(
        f"""
[[counter]]
id = "{name}"
number = {name[1]}
name = {{ vi = "{name}", en = "{name}" }}
services = {list(skills)}
""".replace("'", '"')
        for name, skills in COUNTERS.items()
    )
)


@pytest.mark.parametrize(
    "seed", [0, 1, *(pytest.param(n, marks=pytest.mark.full) for n in (2, 3, 4, 5))]
)
def test_every_call_of_a_busy_day(store: Store, seed: int) -> None:
    centre, random = SmallCentre(store, file=FILE), Random(seed)
    centre.open(*COUNTERS)
    for _ in range(15):
        disturb(centre, random)
    compared = 0
    for _ in range(60):
        disturb(centre, random)
        counter = random.choice(list(COUNTERS))
        if centre.board()["counters"][int(counter[1]) - 1]["state"] == "open":
            compared += call_and_compare(centre, counter, random)
    assert compared > 20


def disturb(centre: SmallCentre, random: Random) -> None:
    """Something else that happens in a lobby."""
    centre.clock.forward(seconds=random.randrange(400))
    if random.random() < 0.7:
        service, priority = random.choice(list(SERVICES)), random.choice(PRIORITIES)
        centre.issue(service, priority=priority if random.random() < 0.4 else "none")
        return
    act = random.choice(("transfer", "priority", "no_show", "return_", "open", "pause"))
    try:
        one_of(centre, random, act)
    except Refusal:
        return  # What the life cycle does not allow changes nothing.


def one_of(centre: SmallCentre, random: Random, act: str) -> None:
    if act in ("open", "pause"):
        counter = random.choice(list(COUNTERS))
        if act == "open":
            centre.open(counter)
        else:
            centre.lobby.pause_counter(MANAGER, CENTRE, counter, PauseRequest(), None)
        return
    tickets = tickets_of(centre)
    if not tickets:
        return
    found = {"id": random.choice(tickets).id}
    if act == "transfer" and random.random() < 0.5:
        counter = random.choice(list(COUNTERS))
        centre.act("transfer", found, TransferRequest(counter=counter))
    elif act == "transfer":
        centre.act("transfer", found, TransferRequest(service=random.choice(list(SERVICES))))
    elif act == "priority":
        body = PriorityRequest(random.choice(PRIORITIES), "thử")
        centre.act("set_priority", found, body)
    else:
        centre.act(act, found)


def tickets_of(centre: SmallCentre) -> list[Ticket]:
    return centre.store.read(lambda tx: tx.all_tickets(CENTRE))


def call_and_compare(centre: SmallCentre, counter: str, random: Random) -> bool:
    """Whether anybody was called; fails where it is not who the full list says."""
    waiting = [ticket for ticket in tickets_of(centre) if ticket.state == "waiting"]
    calls, rows = centre.store.read(lambda tx: (dict(tx.calls(CENTRE)), tx.counters(CENTRE)))
    body = NextRequest(current=random.choice(["served", "no_show", "on_hold"]))  # type: ignore[arg-type]
    operation = centre.operation(MANAGER, f"POST {counter}/next", None, body)
    centre.lobby.call_next(MANAGER, CENTRE, counter, body, operation)
    called = centre.store.read(lambda tx: tx.held_at(CENTRE, counter))
    open_now = {row.counter for row in rows if row.state == "open"}
    expected = over_the_full_list(centre, counter, waiting, calls, open_now)
    assert (called.id if called else None) == expected
    return expected is not None


def over_the_full_list(
    centre: SmallCentre,
    counter: str,
    waiting: list[Ticket],
    calls: dict[str, int],
    open_now: set[str],
) -> str | None:
    """The choice as the docs have it: everybody who waits, `heads_of`, `choose`."""
    counters = {name: frozenset(COUNTERS[name]) for name in open_now}
    learnt = centre.lobby.learned.last(CENTRE).services
    backlog = {
        name: Backlog(
            sum(one.service == name for one in waiting),
            learnt[name].mean_min if name in learnt else minutes,
        )
        for name, minutes in SERVICES.items()
    }
    now = centre.clock.now()
    in_turn = [one for one in waiting if one.behind <= calls.get(one.service, 0)]
    for these in (in_turn, waiting):
        ordered = sorted(these, key=lambda one: (one.t_ref_ms, one.number))
        heads = heads_of([head_of(one) for one in ordered], now)
        choice = choose(counter, heads, counters, backlog, BALANCED, now)
        if choice is not None:
            return choice.ticket_id
    return None


def head_of(ticket: Ticket) -> Head:
    pinned = ticket.pinned_to or None
    return Head(ticket.id, ticket.service, ticket.priority, instant(ticket.t_ref_ms), pinned)
