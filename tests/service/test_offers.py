"""What is told before a number is taken, and where else it is worth going; on both databases."""

import itertools
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from server.service.offers import Offering
from server.service.ports import Caller, Store, Tx
from server.service.waits import Waits
from tests.fakes.held_clock import HeldClock
from tests.fakes.small_centre import CENTRE, CENTRE_FILE, HOURS, SmallCentre
from wire.answers import Offer, Offers
from wire.errors import Refusal
from wire.requests import Empty, IssueRequest, LimitRequest, RedirectRequest

THERE = "noi-dung"
WAY_S = 10 * 60  # 3.28 km
ANYWHERE = CENTRE_FILE.replace(
    'name = { vi = "Đất đai"', 'anywhere = true\nname = { vi = "Đất đai"'
)


def file_of(centre: str, lon: str = "106.70", text: str = ANYWHERE) -> str:
    return text.replace(f'id = "{CENTRE}"', f'id = "{centre}"').replace("106.67", lon)


class Town:
    """A crowded centre where the citizen stands, and others around it."""

    def __init__(self, store: Store, here: str = CENTRE_FILE, there: str = ANYWHERE) -> None:
        self.here = SmallCentre(store, HeldClock(), here)
        self.lobby, self.clock = self.here.lobby, self.here.clock
        ticks = itertools.count(0, 100)  # which centres are near is looked up each time
        self.offering = Offering(
            store, self.clock, self.lobby.book, self.lobby.waits, lambda: next(ticks)
        )
        self.add(THERE, text=there)
        self.here.open("q1")

    def add(self, centre: str, lon: str = "106.70", text: str = ANYWHERE) -> None:
        """One more centre, its two counters open."""
        self.here.centres.import_file(file_of(centre, lon, text))
        for counter in ("q1", "q2"):
            self.counter(centre, counter, "open")

    def counter(self, centre: str, counter: str, do: str) -> None:
        """Open or close a counter."""
        caller = Caller("t:m", "manager", centre)
        getattr(self.lobby, f"{do}_counter")(caller, centre, counter, Empty(), None)

    def crowd(self, people: int, centre: str = CENTRE, service: str = "ho-tich") -> None:
        """So many people come in for one service."""
        caller = Caller("t:m", "manager", centre)
        for _ in range(people):
            self.lobby.issue(caller, centre, IssueRequest(service=service), None)

    def go(self, centre: str = THERE) -> None:
        """Accept an offer."""
        body = RedirectRequest(service="ho-tich", to=centre)
        self.lobby.redirect(Caller("t:k", "kiosk", CENTRE), CENTRE, body, None)

    def ask(self, service: str = "ho-tich", priority: Any = "none") -> Offers:
        return self.offering.before(CENTRE, service, priority)

    def offered(self) -> list[str]:
        return [offer.centre for offer in self.ask().offers]


def policy(line: str) -> str:
    return f"{CENTRE_FILE}\n[policy]\n{line}\n"


def test_a_quicker_centre_is_offered_with_what_it_saves(store: Store) -> None:
    town = Town(store)
    town.crowd(12)
    told = town.ask()
    assert told.wait is not None
    (offer,) = told.offers
    assert offer == Offer(
        centre=THERE,
        name=offer.name,
        address="Số 1",
        km=3.27,
        travel_s=WAY_S,
        wait_s=0,
        total_s=WAY_S,
        saved_s=told.wait.likely_s - WAY_S,
        waiting=0,
    )
    assert offer.name.vi == "Trung tâm thử nghiệm"
    assert (told.centre, told.service, told.waiting) == (CENTRE, "ho-tich", 12)
    assert (told.fits, told.closes_at, told.left) == (True, None, None)


def test_the_wait_is_what_the_next_ticket_is_told(store: Store) -> None:
    town = Town(store)
    town.crowd(5)
    town.go()
    for priority in ("none", "elderly"):
        told = town.ask(priority=priority).wait
        ticket = town.here.issue(priority=priority)
        assert told is not None
        assert (told.likely_s, told.high_s) == tuple(ticket["wait"].values())


def test_a_short_wait_here_asks_nobody_else(store: Store) -> None:
    town = Town(store)
    town.crowd(1)
    looked: list[str] = []
    fresh = town.lobby.waits.fresh

    def noted(centre: str, most_s: float) -> Any:
        looked.append(centre)
        return fresh(centre, most_s)

    town.lobby.waits.fresh = noted  # type: ignore[method-assign]
    assert town.offered() == []
    assert looked == []
    town.crowd(10)
    assert town.offered() == [THERE]
    assert looked == [THERE]


def test_the_centre_says_how_much_going_must_save(store: Store) -> None:
    town = Town(store, policy("redirect_saves_min = 70"))
    town.crowd(9)  # 72 minutes to wait, 10 on the way
    assert town.offered() == []
    town.crowd(3)
    assert town.offered() == [THERE]
    town.here.centres.import_file(policy("redirect = false"))
    assert town.offered() == []


def test_only_regular_tickets_of_services_that_are_anywhere_at_both(store: Store) -> None:
    town = Town(store)
    town.here.open("q2")
    town.crowd(30)
    town.crowd(12, service="dat-dai")
    assert town.ask().offers != []
    assert town.ask(priority="elderly").offers == []
    assert town.ask("dat-dai").offers == [], "anywhere there, not here"
    town.here.centres.import_file(CENTRE_FILE.replace("anywhere = true", "anywhere = false"))
    assert town.offered() == []
    town.here.centres.import_file(ANYWHERE)
    town.here.centres.import_file(file_of(THERE, text=CENTRE_FILE))
    assert town.ask().offers != []
    assert town.ask("dat-dai").offers == [], "anywhere here, not there"


def test_those_on_the_way_count_until_the_offer_is_gone(store: Store) -> None:
    town = Town(store)
    town.crowd(9)
    waits = []
    for _ in range(30):
        offers = town.ask().offers
        if not offers:
            break
        waits.append(offers[0].wait_s)
        assert offers[0].waiting == len(waits) - 1
        town.go()
    assert 3 < len(waits) < 30, "each who goes makes it a little less worth going"
    assert waits == sorted(waits)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda town: [town.counter(THERE, one, "close") for one in ("q1", "q2")],
        lambda town: town.here.centres.import_file(
            file_of(THERE, text=ANYWHERE.replace("location = {", "# {"))
        ),
        lambda town: town.here.centres.import_file(ANYWHERE.replace("location = {", "# {")),
        lambda town: town.here.centres.import_file(file_of(THERE, lon="107.30")),
        lambda town: town.lobby.limit_service(
            Caller("t:m", "manager", THERE), THERE, "ho-tich", LimitRequest(limit=1), None
        ),
    ],
    ids=["no counter", "no place there", "no place here", "too far", "day full"],
)
def test_nobody_is_sent_where_it_cannot_be(store: Store, spoil: Callable[[Town], Any]) -> None:
    town = Town(store)
    town.crowd(15)
    town.crowd(1, centre=THERE)
    assert town.offered() == [THERE]
    spoil(town)
    assert town.offered() == []


@pytest.mark.parametrize(
    ("minutes", "offered"),
    [
        (0, True),  # 09:00
        (131, True),  # 11:11: there at 11:21, served by 11:29
        (133, False),  # 11:13: there at 11:23, seven minutes before lunch
        (160, False),  # lunch
        (461, True),  # 16:41
        (463, False),  # 16:43
    ],
)
def test_one_is_served_there_before_the_doors_close(
    store: Store, minutes: int, offered: bool
) -> None:
    town = Town(store, there=ANYWHERE.replace("# hours", HOURS))
    town.crowd(15)
    town.clock.forward(minutes=minutes)
    assert town.offered() == ([THERE] if offered else [])
    if offered:
        town.go()


def test_what_does_not_fit_into_today_is_said_and_sent_where_it_does(store: Store) -> None:
    late = CENTRE_FILE.replace("# hours", HOURS + "tickets_from_min = 30")
    town = Town(store, late, there=ANYWHERE.replace("# hours", HOURS.replace("17:00", "19:00")))
    town.crowd(2)  # a quarter of an hour
    town.crowd(2, centre=THERE)
    told = town.ask()
    assert (told.fits, told.offers) == (True, [])
    assert told.closes_at == datetime.fromisoformat("2026-11-23T17:00+07:00")
    assert told.opens_next == datetime.fromisoformat("2026-11-24T07:00+07:00")
    town.clock.forward(hours=7, minutes=40)
    told = town.ask()
    assert not told.fits
    (offer,) = told.offers
    assert offer.saved_s < 15 * 60
    town.here.centres.import_file(late + "\n[policy]\nredirect = false\n")
    assert (town.ask().fits, town.ask().offers) == (False, [])


def test_without_an_estimate_nothing_is_claimed(store: Store) -> None:
    town = Town(store, CENTRE_FILE.replace("# hours", HOURS))
    town.crowd(9)
    town.counter(CENTRE, "q1", "close")
    town.clock.forward(hours=7, minutes=55)
    told = town.ask()
    assert (told.wait, told.fits, told.offers, told.waiting) == (None, True, [], 9)


def test_what_the_limit_leaves_is_told(store: Store) -> None:
    town = Town(store, CENTRE_FILE.replace('prefix = "H"', 'prefix = "H"\ndaily_limit = 2'))
    assert town.ask().left == 2
    town.crowd(3)
    assert town.ask().left == 0
    assert town.ask("dat-dai").left is None
    town.clock.forward(hours=24)
    assert (town.ask().left, town.ask().waiting) == (2, 0)


def test_the_three_that_save_most_of_the_eight_nearest(store: Store) -> None:
    town = Town(store)
    for place in range(9):
        town.add(f"noi-{place}", lon=f"106.70{place + 1}")
    town.crowd(10)
    town.crowd(20, centre=THERE)
    town.crowd(2, centre="noi-0")
    assert town.offered() == ["noi-1", "noi-2", "noi-3"]
    for place in range(1, 7):
        town.crowd(20, centre=f"noi-{place}")
    assert town.offered() == ["noi-0"], "the ninth and tenth are not looked at"


def test_near_centres_are_remembered_for_a_minute(store: Store) -> None:
    town = Town(store)
    town.crowd(20)
    now_s = 0.0
    offering = Offering(store, town.clock, town.lobby.book, town.lobby.waits, lambda: now_s)

    def found() -> int:
        return len(offering.before(CENTRE, "ho-tich").offers)

    assert found() == 1
    town.add("noi-moi")
    now_s = 59.0
    assert found() == 1
    now_s = 60.0
    assert found() == 2


def test_an_unknown_service_or_centre_is_refused(store: Store) -> None:
    town = Town(store)
    with pytest.raises(Refusal, match="unknown_service"):
        town.ask("khong-co")
    with pytest.raises(Refusal, match="unknown_centre"):
        town.offering.before("khong-co", "ho-tich")


class Nosy:
    """A store in whose readings somebody else asks, once."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.ask: Callable[[], Any] | None = None
        self.seen: Any = None

    def read(self, work: Callable[[Tx], Any]) -> Any:
        if self.ask is not None:
            ask, self.ask = self.ask, None
            self.seen = ask()
        return self.store.read(work)


def test_figures_that_are_being_made_anew_send_nobody(store: Store) -> None:
    town = Town(store)
    nosy, now_s = Nosy(store), 0.0
    learned, book = town.lobby.learned, town.lobby.book
    waits = Waits(nosy, book, learned, town.clock, lambda: now_s)  # type: ignore[arg-type]
    assert waits.fresh(THERE, 10.0).table.served("ho-tich")
    for later_s, known in ((9.0, True), (20.0, False)):
        now_s = later_s
        nosy.ask = lambda: waits.fresh(THERE, 10.0)
        assert waits.fresh(THERE, 10.0).table.served("ho-tich")
        assert nosy.seen.table.served("ho-tich") is known


def test_the_list_of_centres_tells_the_same_waits(store: Store) -> None:
    town = Town(store)
    town.crowd(6)
    town.add("noi-xa", lon="106.90")
    town.crowd(3, centre=THERE)
    town.go()
    town.counter("noi-xa", "q1", "close")
    town.counter("noi-xa", "q2", "close")
    loads = town.here.readings.centres((10.98, 106.70), "ho-tich")
    assert [load.id for load in loads] == [THERE, CENTRE, "noi-xa"]
    assert [load.waiting for load in loads] == [4, 6, 0]
    assert loads[0].km == 0
    told = [load.likely_s for load in loads]
    wait = town.ask().wait
    assert wait is not None
    assert told[1:] == [wait.likely_s, None]
    caller = Caller("t:m", "manager", THERE)
    reply = town.lobby.issue(caller, THERE, IssueRequest(service="ho-tich"), None)
    assert f'"likely_s":{told[0]},'.encode() in reply.body
