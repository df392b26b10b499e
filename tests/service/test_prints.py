"""Papers that staff ask a kiosk for: nothing lost, nothing twice, and every end is said."""

import os
from typing import Any

import msgspec
import pytest

from server.service.access import Access
from server.service.heartbeats import Heartbeats
from server.service.ports import Caller, Operation, Reply, Store
from server.service.prints import PrintOrders
from server.storage import access_rows
from tests.fakes.small_centre import CENTRE, SmallCentre
from wire.devices import Heartbeat, PrinterReport
from wire.errors import Refusal
from wire.prints import PrintEnd, PrintOrder, PrintRequest, PrintTasks

GREETER = Caller("u:greeter", "greeter", CENTRE)


class Stage:
    """A centre with two kiosks that are heard, and a greeter who wants papers."""

    def __init__(self, store: Store) -> None:
        self.centre = SmallCentre(store)
        self.clock = self.centre.clock
        access = Access(store, access_rows, self.clock, os.urandom, secret_key=b"k" * 32)
        tokens = [access.create_token("kiosk", CENTRE) for _ in range(2)]
        self.kiosks = [caller for caller in map(access.device, tokens) if caller is not None]
        self.heartbeats = Heartbeats(store, self.clock, self.centre.lobby.book)
        self.prints = PrintOrders(
            store, self.clock, os.urandom, self.centre.lobby.book, self.centre.lobby.waits,
            "http://localhost", self.heartbeats.devices,
        )  # fmt: skip
        self.beat(0)
        self.beat(1)

    def beat(self, kiosk: int, **printer: Any) -> None:
        report = PrinterReport(**{"state": "ok", **printer})
        self.heartbeats.beat(self.kiosks[kiosk], Heartbeat("1.0", printer=report), None)

    def device(self, kiosk: int) -> str:
        return self.kiosks[kiosk].id.removeprefix("t:")

    def issue(self, caller: Caller = GREETER) -> dict[str, Any]:
        return self.centre.issue(caller=caller)

    def ask(
        self, ticket: dict[str, Any], kiosk: int = 0, operation: Operation | None = None
    ) -> PrintOrder:
        body = PrintRequest(self.device(kiosk))
        return _order(self.prints.ask(GREETER, CENTRE, ticket["id"], body, operation))

    def fetch(self, kiosk: int = 0) -> list[Any]:
        reply = self.prints.fetch(self.kiosks[kiosk], CENTRE, None)
        tasks = reply if isinstance(reply, PrintTasks) else None
        return (tasks or msgspec.json.decode(reply.body, type=PrintTasks)).tasks  # type: ignore[union-attr]

    def end(self, order: PrintOrder, outcome: Any, reason: str = "", kiosk: int = 0) -> PrintOrder:
        body = PrintEnd(outcome, reason)
        return _order(self.prints.end(self.kiosks[kiosk], CENTRE, order.id, body, None))

    def now(self, order: PrintOrder) -> tuple[str, str]:
        found = self.prints.order(CENTRE, order.id)
        return found.state, found.reason


def _order(reply: Reply) -> PrintOrder:
    return msgspec.json.decode(reply.body, type=PrintOrder)


@pytest.fixture
def stage(store: Store) -> Stage:
    return Stage(store)


def refused(code: str, work: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        work()
    assert caught.value.code == code
    return caught.value


def test_a_paper_is_asked_for_fetched_and_told_of(stage: Stage) -> None:
    ticket = stage.issue()
    told: list[str] = []
    stage.prints.on_change.append(told.append)
    order = stage.ask(ticket, 1)
    assert (order.state, order.kiosk, order.number, order.copy) == ("waiting", 2, "H001", False)
    assert stage.fetch(0) == []
    (task,) = stage.fetch(1)
    assert (task.id, task.papers, task.late) == (order.id, 0, False)
    assert (task.ticket.number, task.track_url) == ("H001", ticket["track_url"])
    assert stage.end(order, "printed", kiosk=1).state == "printed"
    assert stage.fetch(1) == []
    assert [one.state for one in stage.prints.orders(CENTRE).orders] == ["printed"]
    assert told == [CENTRE] * 3


def test_a_kiosk_whose_answer_was_lost_gets_the_same_order_again(stage: Stage) -> None:
    order = stage.ask(stage.issue())
    assert [task.id for task in stage.fetch()] == [order.id]
    assert [(task.id, task.late) for task in stage.fetch()] == [(order.id, False)]
    stage.clock.forward(seconds=30)
    assert [task.late for task in stage.fetch()] == [True]
    stage.end(order, "failed", "expired")
    assert stage.now(order) == ("failed", "expired")


def test_the_first_word_about_a_paper_counts(stage: Stage) -> None:
    order = stage.ask(stage.issue())
    stage.fetch()
    assert stage.end(order, "failed", "paper_out").reason == "paper_out"
    assert stage.end(order, "printed").state == "failed"


def test_a_paper_on_its_way_is_not_asked_for_twice(stage: Stage) -> None:
    ticket = stage.issue()
    first = stage.ask(ticket)
    assert stage.ask(ticket).id == first.id
    assert stage.ask(ticket, 1).id != first.id
    stage.fetch()
    stage.end(first, "printed")
    again = stage.ask(ticket)
    assert (again.id != first.id, again.copy) == (True, True)


def test_a_repeat_is_the_same_order_even_once_the_printer_fails(stage: Stage) -> None:
    ticket, key = stage.issue(), Operation("u:greeter print", "key-0001", "digest")
    order = stage.ask(ticket, operation=key)
    stage.fetch()
    stage.end(order, "printed")
    stage.beat(0, state="error", paper="out")
    assert stage.ask(ticket, operation=key).id == order.id


def test_what_nobody_fetches_expires_and_is_never_handed_out(stage: Stage) -> None:
    order = stage.ask(stage.issue())
    stage.clock.forward(seconds=20)
    assert stage.now(order) == ("waiting", "")
    stage.clock.forward(seconds=1)
    assert stage.now(order) == ("failed", "expired")
    assert stage.fetch() == []


def test_a_kiosk_that_falls_silent_leaves_it_unknown_until_it_tells(stage: Stage) -> None:
    order = stage.ask(stage.issue())
    stage.fetch()
    stage.clock.forward(seconds=61)
    assert stage.now(order) == ("unknown", "silent")
    stage.end(order, "printed")
    assert stage.now(order) == ("printed", "")


def test_papers_that_may_be_out_make_a_copy_and_those_that_failed_do_not(stage: Stage) -> None:
    ours, theirs = stage.issue(), stage.issue(stage.kiosks[0])
    assert stage.ask(theirs).copy is True
    for outcome, copy in (("failed", False), ("unknown", False), ("printed", True)):
        order = stage.ask(ours)
        assert order.copy is copy
        stage.fetch()
        stage.end(order, outcome)
    order = stage.ask(ours, 1)
    assert [task.papers for task in stage.fetch(1)] == [2]


def test_an_order_is_refused_where_it_would_print_nothing(stage: Stage) -> None:
    ticket = stage.issue()
    nobody = PrintRequest("0" * 16)
    ask = stage.prints.ask
    refused("unknown_device", lambda: ask(GREETER, CENTRE, ticket["id"], nobody, None))
    refused("unknown_ticket", lambda: stage.ask({"id": "0" * 36}))
    stage.beat(0, state="error", paper="out")
    assert "paper out" in refused("printer_not_ready", lambda: stage.ask(ticket)).detail
    stage.clock.forward(seconds=10)
    assert "silent" in refused("printer_not_ready", lambda: stage.ask(ticket, 1)).detail
    stage.beat(1)
    stage.centre.act("cancel", ticket)
    ended = refused("invalid_transition", lambda: stage.ask(ticket, 1))
    assert (ended.from_state, ended.action) == ("cancelled", "print")
    yesterday = stage.issue()
    stage.clock.forward(days=1)
    stage.beat(1)
    refused("invalid_transition", lambda: stage.ask(yesterday, 1))


def test_a_ticket_cancelled_before_the_kiosk_came_is_not_printed(stage: Stage) -> None:
    ticket = stage.issue()
    order = stage.ask(ticket)
    stage.centre.act("cancel", ticket)
    assert stage.fetch() == []
    assert stage.now(order) == ("failed", "ended")


def test_a_kiosk_tells_of_its_own_orders_only(stage: Stage) -> None:
    order = stage.ask(stage.issue())
    refused("unknown_print", lambda: stage.end(order, "printed", kiosk=1))
    refused("unknown_print", lambda: stage.prints.order(CENTRE, "\x00"))
    assert stage.now(order) == ("waiting", "")


def test_old_orders_are_forgotten(stage: Stage) -> None:
    order = stage.ask(stage.issue())
    stage.clock.forward(hours=71)
    stage.centre.lobby.forget_old()
    assert stage.now(order)[0] == "failed"
    stage.clock.forward(hours=2)
    stage.centre.lobby.forget_old()
    refused("unknown_print", lambda: stage.prints.order(CENTRE, order.id))
