"""Papers that staff ask a kiosk for, on a whole agent: once each, marked rightly, always told."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PIL import Image

from edge.database import Database
from kiosk.journal import SCHEMA, Journal
from kiosk.order_book import OrderBook
from tests.fakes.queue_server import QueueServer
from tests.kiosk.kiosk_stage import Kiosk, until
from wire.prints import PrintTask

NOW = datetime.now(UTC)
ORDER = "00112233aabbccd{}"


def ticket(number: int = 12, source: str = "greeter", **more: Any) -> dict[str, Any]:
    return {
        "id": f"0198a000-0000-7000-8000-{number:012d}", "centre": "binh-duong",
        "day": NOW.date().isoformat(), "number": f"H{number:03d}", "service": "ho-tich",
        "priority": "none", "state": "waiting", "counter": None,
        "issued_at": NOW.isoformat(), "called_at": None, "started_at": None,
        "ended_at": None, "ahead": 4, "wait": {"likely_s": 600, "high_s": 900},
        "source": source, **more,
    }  # fmt: skip


class Greeter:
    """Asks for papers, and looks what came of it."""

    def __init__(self, kiosk: Kiosk, server: QueueServer) -> None:
        self.kiosk, self.server = kiosk, server

    def ask(
        self, wanted: dict[str, Any], *, papers: int = 0, late: bool = False, ring: bool = True
    ) -> str:
        order = ORDER.format(len(self.server.ended) + len(self.server.prints))
        task = {
            "id": order, "ticket": wanted, "papers": papers, "late": late,
            "track_url": "https://so.example.vn/t/AbCdEfGhIjKlMnOpQrStUg",
        }  # fmt: skip
        self.server.prints = [*self.server.prints, task]
        if ring:
            self.ring(order, wanted)
        return order

    def ring(self, order: str, wanted: dict[str, Any]) -> None:
        """As the live link does, which the fake server has not."""
        told = {
            "id": order, "ticket": wanted["id"], "number": wanted["number"], "device": "0" * 16,
            "kiosk": 3, "state": "waiting", "reason": "", "copy": False,
            "asked_at": NOW.isoformat(),
        }  # fmt: skip
        self.kiosk.agent.orders.on_prints({"orders": [told]})

    def heard(self, order: str) -> tuple[str, str]:
        """The outcome and reason that the kiosk told."""
        told = until(lambda: [one for one in self.server.ended if one[0] == order])
        assert len(told) == 1
        return told[0][1], told[0][2]

    def height(self, paper: int) -> int:
        """How long the n-th paper is: a mark makes it longer."""
        with Image.open(self.kiosk.slips / f"{paper:04d}.png") as picture:
            return picture.height


@pytest.fixture
def greeter(kiosk: Kiosk, server: QueueServer) -> Greeter:
    return Greeter(kiosk, server)


def test_the_first_paper_is_no_copy_and_the_second_is_marked(greeter: Greeter) -> None:
    assert greeter.heard(greeter.ask(ticket())) == ("printed", "")
    assert greeter.heard(greeter.ask(ticket(), papers=1)) == ("printed", "")
    assert greeter.kiosk.papers() == 2
    assert greeter.height(2) > greeter.height(1)
    entry = greeter.kiosk.agent.journal.find(ticket()["id"])
    assert entry is not None
    assert (entry.papers, entry.track_url[-22:]) == (2, "AbCdEfGhIjKlMnOpQrStUg")


def test_an_answer_that_was_lost_costs_no_paper_and_doubles_none(
    greeter: Greeter, server: QueueServer
) -> None:
    server.fetches_lost = 2
    assert greeter.heard(greeter.ask(ticket())) == ("printed", "")
    again = server.prints = [{**task(ORDER.format(0))}]
    greeter.ring(again[0]["id"], ticket())
    until(lambda: server.prints == again)
    assert greeter.kiosk.papers() == 1


def task(order: str) -> dict[str, Any]:
    return {"id": order, "ticket": ticket(), "track_url": "", "papers": 0, "late": False}


def test_what_comes_too_late_is_told_and_not_printed(greeter: Greeter) -> None:
    assert greeter.heard(greeter.ask(ticket(), late=True)) == ("failed", "expired")
    assert greeter.kiosk.papers() == 0


def test_a_fault_is_told_and_leaves_the_touch_page_alone(greeter: Greeter) -> None:
    greeter.kiosk.pretend("paper_out")
    assert greeter.heard(greeter.ask(ticket())) == ("failed", "paper_out")
    assert greeter.kiosk.view()["unprinted"] == []
    greeter.kiosk.pretend("silent")
    assert greeter.heard(greeter.ask(ticket()))[0] == "unknown"
    entry = greeter.kiosk.agent.journal.find(ticket()["id"])
    assert entry is not None
    assert entry.papers == 1


def test_a_kiosk_knows_best_whether_its_own_first_paper_came(greeter: Greeter) -> None:
    greeter.kiosk.pretend("paper_out")
    own = greeter.kiosk.press()["ticket"]
    greeter.kiosk.pretend("ok")
    told = ticket(1, "kiosk", id=own["id"])
    assert greeter.heard(greeter.ask(told, papers=1)) == ("printed", "")
    assert greeter.heard(greeter.ask(told, papers=2)) == ("printed", "")
    assert greeter.height(2) > greeter.height(1)


def test_what_the_server_was_not_told_is_told_after_a_restart(
    start_kiosk: Callable[..., Kiosk], server: QueueServer
) -> None:
    kiosk = start_kiosk().met()
    book = kiosk.agent.orders._book
    kiosk.agent.orders._tell = lambda ended: False  # type: ignore[method-assign]  # never arrives
    greeter = Greeter(kiosk, server)
    order = greeter.ask(ticket())
    until(book.untold)
    kiosk.stop()
    assert server.ended == []
    again = start_kiosk().met()
    assert Greeter(again, server).heard(order) == ("printed", "")
    assert again.papers() == 1


@pytest.mark.parametrize(
    ("reached", "told"), [("queued", "failed"), ("printing", "unknown"), ("printed", "printed")]
)
def test_after_a_crash_the_paper_tells_how_the_order_ended(
    tmp_path: Path, greeter: Greeter, reached: str, told: str
) -> None:
    journal = Journal(Database(tmp_path / "crashed.db", SCHEMA))
    book = OrderBook(journal)
    orders = greeter.kiosk.agent.orders
    entry = orders._entry(msgspec.convert(task(ORDER.format(7)), PrintTask))
    assert book.begin("order-7", entry, issued_by_kiosk=False)
    if reached != "queued":
        journal.printing(entry.id)
    if reached == "printed":
        journal.printed(entry.id, "printed", "", paper_moved=True)
    journal.resolve_after_start()
    assert [(one.id, one.outcome) for one in book.untold()] == [("order-7", told)]
    assert book.knows("order-7")
    book.told("order-7")
    assert book.untold() == []
