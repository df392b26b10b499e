"""The log of some days as JSON lines: whole, of those days alone, and without what people typed."""

import json
from collections.abc import Callable
from datetime import datetime
from itertools import product
from types import SimpleNamespace
from typing import Any, cast

import pytest

from server.domain.centre_file import centre_of
from server.domain.chain import Event
from server.domain.ticket import CounterRow, Ticket
from server.service.book import Book
from server.service.log_export import TOLD_COLUMNS, WITHHELD_COLUMNS, export
from server.service.ports import Store, Tx
from tests.fakes.small_centre import CENTRE, CENTRE_FILE, HOURS, KIOSK, MANAGER, SmallCentre
from wire.errors import Refusal
from wire.requests import (
    AdviceRequest,
    HoldRequest,
    PriorityRequest,
    ReceiveRequest,
    TransferRequest,
)

MONDAY, TUESDAY, WEDNESDAY = "2026-11-23", "2026-11-24", "2026-11-25"


class NotingStore:
    """A store that notes which events are read from it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.read_seqs: list[int] = []

    def read(self, work: Callable[[Any], Any]) -> Any:
        """Run `work` on a snapshot whose `events_after` is noted."""

        def noted(tx: Tx) -> Any:
            def events_after(*asked: Any) -> list[Event]:
                found = tx.events_after(*asked)
                self.read_seqs += [event.seq for event in found]
                return found

            names = ("ledger", "definition", "closed_days_end", "late_events")
            plain = {name: getattr(tx, name) for name in names}
            return work(SimpleNamespace(**plain, events_after=events_after))

        return self.store.read(noted)


@pytest.fixture
def centre(store: Store) -> SmallCentre:
    made = SmallCentre(store, file=CENTRE_FILE.replace("# hours", HOURS))
    a_day(made)
    made.clock.forward(days=1)
    a_day(made)
    made.clock.forward(days=1)
    made.lobby.end_days()
    return made


def a_day(centre: SmallCentre) -> None:
    """A short day in which everything happens once."""
    centre.open("q1", "q2")
    first, second, third = centre.issue(), centre.issue(priority="elderly"), centre.issue("dat-dai")
    called = centre.next("q1")["ticket"]
    centre.clock.forward(seconds=30)
    centre.act("recall", called)
    centre.act("start", called)
    centre.clock.forward(minutes=6)
    centre.act("hold", called, HoldRequest(why="Bí mật: chờ chữ ký"))
    centre.act("resume", called)
    centre.next("q1")
    centre.clock.forward(seconds=90)
    centre.next("q1", "no_show")
    centre.act("return_", first if called["id"] == second["id"] else second)
    centre.act("transfer", third, TransferRequest(service="ho-tich"))
    body = PriorityRequest(priority="merit", why="Bí mật: gia đình liệt sĩ")
    centre.act("set_priority", third, body)
    centre.act("cancel", third)
    receive = ReceiveRequest(service="dat-dai", why="Bí mật: cụ già")
    centre.lobby.receive(MANAGER, CENTRE, "q2", receive, None)
    centre.undo("q2")
    for kind in ("lend", "take_back"):
        loan = AdviceRequest(kind=kind, counter="q1", service="dat-dai")  # type: ignore[arg-type]
        centre.lobby.take_advice(MANAGER, CENTRE, loan, None)


def lines(store: Store, first: str, last: str, **options: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in export(store, CENTRE, first, last, **options)]


def seqs(store: Store, days: tuple[str, ...]) -> list[int]:
    found = store.read(lambda tx: tx.events_after(CENTRE, 0, 10_000))
    return [event.seq for event in found if event.day in days]


def test_the_first_line_describes_the_centre(centre: SmallCentre) -> None:
    head = lines(centre.store, MONDAY, MONDAY)[0]
    assert (head["format"], head["version"]) == ("layso-log", 1)
    assert (head["from"], head["to"]) == (MONDAY, MONDAY)
    place = head["centre"]
    assert (place["id"], place["timezone"]) == (CENTRE, "Asia/Ho_Chi_Minh")
    assert place["hours"][0] == {"days": "mon,tue,wed,thu,fri", "open": "07:30", "close": "11:30"}
    first = place["services"][0]
    assert (first["id"], first["prefix"], first["typical_service_min"], first["anywhere"]) == (
        "ho-tich", "H", 8.0, True,
    )  # fmt: skip
    assert [(c["id"], c["services"]) for c in place["counters"]] == [
        ("q1", ["ho-tich"]),
        ("q2", ["ho-tich", "dat-dai"]),
    ]
    weights = {one["group"]: one["tau_min"] for one in place["policy"]["priority"]}
    assert (weights["none"], weights["elderly"]) == (15.0, 3.0)


@pytest.mark.parametrize(
    "policy",
    [
        "",
        'preset = "strict-by-law"',
        "patience_min = 40\ngamma = 0.1\nreturn_behind_calls = 5\nno_show_after_s = 5",
        "patience_min = inf\n[[policy.priority]]\ngroup = 'merit'\ntau_min = 2",
    ],
)
def test_the_first_line_gives_the_whole_policy(store: Store, policy: str) -> None:
    text = CENTRE_FILE.replace('prefix = "H"', 'prefix = "H"\ndaily_limit = 90')
    here = SmallCentre(store, file=f"{text}\n[policy]\n{policy}\n")
    here.issue("dat-dai")
    place = lines(here.store, MONDAY, MONDAY)[0]["centre"]
    left = {"retired", "zone"}
    told, _ = centre_of(
        {
            "centre": {key: place[key] for key in ("id", "name", "kind", "timezone")},
            "service": [{k: one[k] for k in one.keys() - left} for one in place["services"]],
            "counter": [{k: one[k] for k in one.keys() - left} for one in place["counters"]],
            "policy": place["policy"],
        }
    )
    known = here.store.read(lambda tx: Book().centre(tx, CENTRE, 1))
    assert (told.policy, told.rules) == (known.policy, known.rules)
    assert told.services["ho-tich"].daily_limit == 90


SPANS: list[tuple[str, str, tuple[str, ...]]] = [
    (MONDAY, MONDAY, (MONDAY,)),
    (TUESDAY, TUESDAY, (TUESDAY,)),
    (MONDAY, TUESDAY, (MONDAY, TUESDAY)),
    ("0001-01-01", "9999-12-31", (MONDAY, TUESDAY, WEDNESDAY)),
    ("2026-11-01", "2026-11-22", ()),
    (WEDNESDAY, WEDNESDAY, ()),
    ("2027-01-01", "2027-01-02", ()),
]


def test_exactly_the_events_of_those_days_in_order(centre: SmallCentre) -> None:
    for (first, last, days), page in product(SPANS, (1, 7, 1000)):
        told = [line["seq"] for line in lines(centre.store, first, last, page=page)[1:]]
        assert told == seqs(centre.store, days), (first, last, page)
        assert len(told) >= 20 * len(set(days) - {WEDNESDAY})


def test_the_day_replays_from_the_file_alone(centre: SmallCentre) -> None:
    played: dict[str, dict[str, Any]] = {}
    for line in lines(centre.store, MONDAY, MONDAY)[1:]:
        assert list(line) == ["seq", "at", "day", "kind", "ticket", "counter", "data"]
        moment = datetime.fromisoformat(line["at"])
        assert moment.utcoffset() is not None
        assert line["at"].endswith("+00:00")
        if line["ticket"]:
            played.setdefault(line["ticket"], {}).update(line["data"]["set"])
    stored = [t for t in centre.store.read(lambda tx: tx.all_tickets(CENTRE)) if t.day == MONDAY]
    assert len(stored) == 4
    for ticket in stored:
        row = {name: value for name, value in ticket._asdict().items() if name in TOLD_COLUMNS}
        told = {name: played[ticket.id].get(name) for name in row}
        assert told == row


def test_what_people_typed_and_who_asked_stay_behind(centre: SmallCentre) -> None:
    text = b"".join(export(centre.store, CENTRE, MONDAY, WEDNESDAY)).decode()
    stored = centre.store.read(lambda tx: tx.events_after(CENTRE, 0, 10_000))
    assert sum("mật" in event.data for event in stored) >= 6
    assert "mật" not in text
    assert "t:manager" not in text
    words = {word for line in lines(centre.store, MONDAY, MONDAY)[1:] for word in line["data"]}
    assert words == {"set", "version", "undone", "calls", "advice"}


def test_a_loan_is_an_event_and_no_part_of_the_centre(centre: SmallCentre) -> None:
    loan = AdviceRequest(kind="lend", counter="q1", service="dat-dai")
    centre.lobby.take_advice(MANAGER, CENTRE, loan, None)
    head, *events = lines(centre.store, WEDNESDAY, WEDNESDAY)
    assert head["centre"]["counters"][0]["services"] == ["ho-tich"]
    told = events[-1]["data"]["advice"]
    assert told == {"kind": "lend", "counter": "q1", "service": "dat-dai", "advised": False}


def test_every_column_is_told_or_withheld_on_purpose() -> None:
    """A new column: is it free of what people type? Then TOLD_COLUMNS, else WITHHELD_COLUMNS."""
    changing = {"state", "pause_code", "since_ms"}
    assert changing <= set(CounterRow._fields)
    assert set(Ticket._fields) | changing == TOLD_COLUMNS | WITHHELD_COLUMNS


def test_a_number_handed_in_late_is_told_with_its_own_day(centre: SmallCentre) -> None:
    monday = lines(centre.store, MONDAY, MONDAY)
    tuesday = lines(centre.store, TUESDAY, TUESDAY)
    issued_at = datetime.fromisoformat("2026-11-23T10:00:00+07:00")
    late = centre.issue(caller=KIOSK, number="H701", issued_at=issued_at)
    centre.issue("dat-dai")
    again = lines(centre.store, MONDAY, MONDAY)
    assert again[:-1] == monday
    assert (again[-1]["ticket"], again[-1]["day"]) == (late["id"], MONDAY)
    assert lines(centre.store, TUESDAY, TUESDAY) == tuesday
    wednesday = lines(centre.store, WEDNESDAY, WEDNESDAY)[1:]
    assert [line["data"]["set"]["service"] for line in wednesday] == ["dat-dai"]
    whole = [line["seq"] for line in lines(centre.store, MONDAY, WEDNESDAY)[1:]]
    assert whole == sorted(set(whole))
    assert again[-1]["seq"] in whole


def test_what_happens_meanwhile_is_left_out(centre: SmallCentre) -> None:
    centre.issue()
    centre.issue()
    reading = export(centre.store, CENTRE, WEDNESDAY, WEDNESDAY, page=1)
    found = [json.loads(next(reading)), json.loads(next(reading))]
    centre.issue()
    found += [json.loads(line) for line in reading]
    assert [line.get("kind") for line in found] == [None, "issued", "issued"]


def test_days_around_it_are_not_read(centre: SmallCentre) -> None:
    noting = NotingStore(centre.store)
    list(export(cast("Store", noting), CENTRE, TUESDAY, TUESDAY, page=4))
    assert noting.read_seqs == seqs(centre.store, (TUESDAY,))


def test_an_unknown_centre_is_refused_before_the_first_line(store: Store) -> None:
    with pytest.raises(Refusal, match="no centre 'nowhere'"):
        next(export(store, "nowhere", MONDAY, MONDAY))
