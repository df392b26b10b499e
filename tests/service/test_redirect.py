"""A number for the next centre: on the way, checked in, or void, on both databases."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from server.service.ports import Caller, Store
from server.service.verify import verify
from tests.fakes.held_clock import HeldClock
from tests.fakes.small_centre import CENTRE, CENTRE_FILE, HOURS, SmallCentre, decoded
from wire.errors import Refusal
from wire.requests import CallRequest, RedirectRequest, TransferRequest

HOME = "noi-dung"
HOME_KIOSK = Caller("t:home", "kiosk", HOME)
HOME_FILE = CENTRE_FILE.replace(f'id = "{CENTRE}"', f'id = "{HOME}"').replace(
    "lon = 106.67 ", "lon = 106.70 "
)
MINUTES = 10  # 3.28 km


@pytest.fixture
def centre(store: Store) -> Iterator[SmallCentre]:
    made = SmallCentre(store)
    made.centres.import_file(HOME_FILE)
    made.open("q1", "q2")
    yield made
    assert verify(store) == []


def redirect(
    centre: SmallCentre, caller: Caller = HOME_KIOSK, key: str | None = None, **fields: Any
) -> dict[str, Any]:
    """Send somebody who stands in the other centre to the one the test works in."""
    body = RedirectRequest(**{"service": "ho-tich", "to": CENTRE, **fields})
    operation = centre.operation(caller, f"POST {HOME}/redirects", key, body)
    return decoded(centre.lobby.redirect(caller, HOME, body, operation))


def at(centre: SmallCentre, text: str) -> float:
    """Minutes from now to a moment of an answer."""
    return (datetime.fromisoformat(text) - centre.clock.now()).total_seconds() / 60


def test_the_ticket_is_the_other_centres_and_due_after_the_way(centre: SmallCentre) -> None:
    ticket = redirect(centre, language="en", procedure="1.001")
    assert (ticket["centre"], ticket["number"], ticket["source"]) == (CENTRE, "H001", "redirect")
    assert (ticket["state"], ticket["priority"], ticket["language"]) == ("waiting", "none", "en")
    assert at(centre, ticket["due_at"]) == MINUTES
    assert ticket["track_url"].startswith("http://localhost/t/")
    assert centre.ticket(ticket)["due_at"] == ticket["due_at"]
    waiting = {s["id"]: s["waiting"] for s in centre.board()["services"]}
    assert waiting["ho-tich"] == 1
    assert (
        centre.store.read(lambda tx: tx.all("SELECT * FROM ticket WHERE centre = ?", (HOME,))) == []
    )


def test_it_is_called_from_its_time_on_and_not_before(centre: SmallCentre) -> None:
    ticket = redirect(centre)
    later = centre.issue()
    assert later["ahead"] == centre.ticket(later)["ahead"] == 0
    assert centre.ticket(ticket)["ahead"] == 1
    centre.clock.forward(minutes=MINUTES, seconds=-1)
    assert centre.next("q1")["ticket"]["id"] == later["id"]
    assert centre.next("q1")["ticket"] is None
    assert centre.readings.desk(CENTRE, "q1").next == []
    centre.clock.forward(seconds=1)
    assert centre.readings.desk(CENTRE, "q1").next[0].number == "H001"
    called = centre.next("q1")["ticket"]
    assert called["id"] == ticket["id"]
    assert "due_at" not in called


def test_who_comes_after_others_is_told_so(centre: SmallCentre) -> None:
    coming = [redirect(centre) for _ in range(3)]
    assert [one["ahead"] for one in coming] == [0, 1, 2]
    assert [centre.ticket(one)["ahead"] for one in coming] == [0, 1, 2]
    here = centre.issue()
    assert here["ahead"] == centre.ticket(here)["ahead"] == 0
    assert [centre.ticket(one)["ahead"] for one in coming] == [1, 2, 3]


def test_its_place_is_the_moment_it_is_due(centre: SmallCentre) -> None:
    ticket = redirect(centre)
    centre.clock.forward(minutes=MINUTES - 1)
    before = centre.issue()
    centre.clock.forward(minutes=2)
    after = centre.issue()
    called = [centre.next("q1")["ticket"]["id"] for _ in range(3)]
    assert called == [before["id"], ticket["id"], after["id"]]


def test_who_checks_in_early_waits_from_then(centre: SmallCentre) -> None:
    ticket = redirect(centre)
    centre.clock.forward(minutes=4)
    first = centre.issue()
    centre.clock.forward(minutes=1)
    here = centre.act("check_in", ticket)
    assert "due_at" not in here
    assert here["ahead"] == 1
    centre.issue()
    assert centre.kinds()[-2:] == ["returned", "issued"]
    assert [centre.next("q1")["ticket"]["id"] for _ in range(2)] == [first["id"], ticket["id"]]


def test_who_checks_in_late_keeps_the_place(centre: SmallCentre) -> None:
    ticket = redirect(centre)
    centre.clock.forward(minutes=MINUTES + 1)
    centre.issue()
    centre.clock.forward(minutes=5)
    centre.act("check_in", ticket)
    kinds = centre.kinds()
    centre.act("check_in", ticket)
    assert centre.kinds() == kinds
    assert centre.next("q1")["ticket"]["id"] == ticket["id"]


def test_nobody_else_checks_in(centre: SmallCentre) -> None:
    with pytest.raises(Refusal, match="invalid_transition"):
        centre.act("check_in", centre.issue())
    ticket = redirect(centre)
    centre.act("call", ticket, CallRequest(counter="q1", why="đã tới"))
    with pytest.raises(Refusal, match="invalid_transition") as refused:
        centre.act("check_in", ticket)
    assert (refused.value.from_state, refused.value.action) == ("called", "check-in")


def test_half_an_hour_after_its_time_it_is_void(centre: SmallCentre) -> None:
    lost, here, moved = redirect(centre), redirect(centre), redirect(centre)
    centre.act("check_in", here)
    centre.act("transfer", moved, TransferRequest(service="dat-dai"))
    centre.clock.forward(minutes=MINUTES + 30)
    assert centre.lobby.void_overdue() == 0
    centre.clock.forward(seconds=1)
    assert centre.lobby.void_overdue() == 1
    assert centre.lobby.void_overdue() == 0
    row = centre.store.read(lambda tx: tx.ticket(CENTRE, lost["id"]))
    assert row is not None
    assert (row.state, row.cause) == ("cancelled", "void")
    assert [centre.ticket(one)["state"] for one in (here, moved)] == ["waiting", "waiting"]


def test_a_call_that_was_undone_leaves_it_on_its_way(centre: SmallCentre) -> None:
    ticket = redirect(centre)
    centre.clock.forward(minutes=MINUTES)
    centre.next("q1")
    centre.undo("q1")
    assert centre.ticket(ticket)["due_at"] == ticket["due_at"]


def test_the_same_key_redirects_once(centre: SmallCentre) -> None:
    first = redirect(centre, key="once-only")
    centre.clock.forward(minutes=3)
    assert redirect(centre, key="once-only") == first
    with pytest.raises(Refusal, match="idempotency_mismatch"):
        redirect(centre, key="once-only", language="en")


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"to": "khong-co"}, "unknown_centre", None),
        ({"to": HOME}, "invalid_body", "to"),
        ({"service": "khong-co"}, "unknown_service", None),
        ({"service": "dat-dai"}, "invalid_body", "service"),
    ],
)
def test_what_cannot_be_is_refused(
    centre: SmallCentre, fields: dict[str, str], code: str, field: str | None
) -> None:
    with pytest.raises(Refusal, match=code) as refused:
        redirect(centre, **fields)
    assert [fault.field for fault in refused.value.errors] == ([field] if field else [])
    assert "issued" not in centre.kinds()


def test_a_service_that_the_other_centre_lacks(centre: SmallCentre) -> None:
    extra = (
        '[[service]]\nid = "rieng"\nprefix = "R"\nname = { vi = "R", en = "R" }\nanywhere = true\n'
    )
    centre.centres.import_file(HOME_FILE + extra)
    with pytest.raises(Refusal, match="unknown_service"):
        redirect(centre, service="rieng")


def test_a_centre_without_a_place_has_no_way(centre: SmallCentre) -> None:
    centre.centres.import_file(HOME_FILE.replace("location = {", "# {"))
    with pytest.raises(Refusal, match="invalid_body") as refused:
        redirect(centre)
    assert refused.value.errors[0].field == "to"


def test_nobody_is_sent_to_a_closed_centre(store: Store) -> None:
    centre = SmallCentre(store, HeldClock(), CENTRE_FILE.replace("# hours", HOURS))
    centre.centres.import_file(HOME_FILE)
    redirect(centre)
    centre.clock.forward(hours=2, minutes=25)
    for role in ("kiosk", "greeter", "manager"):
        with pytest.raises(Refusal, match="closed before one can be there"):
            redirect(centre, Caller("t:home", role, HOME))  # type: ignore[arg-type]
    centre.clock.forward(minutes=10)
    with pytest.raises(Refusal, match=r"again from .* 13:30"):
        redirect(centre)
