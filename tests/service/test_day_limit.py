"""How many numbers a service has in a day, on both databases."""

from collections.abc import Iterator
from typing import Any

import pytest

from server.service.ports import Caller, Store
from server.service.verify import verify
from tests.fakes.small_centre import CENTRE, CENTRE_FILE, KIOSK, MANAGER, SmallCentre, decoded
from tests.service.test_redirect import HOME_FILE, redirect
from wire.errors import Refusal
from wire.requests import LimitRequest, ReceiveRequest

FILE = CENTRE_FILE.replace('prefix = "H"', 'prefix = "H"\ndaily_limit = 2')
CLERK = Caller("t:clerk", "clerk", CENTRE)
GREETER = Caller("t:greeter", "greeter", CENTRE)


@pytest.fixture
def centre(store: Store) -> Iterator[SmallCentre]:
    made = SmallCentre(store, file=FILE)
    made.open("q1", "q2")
    yield made
    assert verify(store) == []


def limit(centre: SmallCentre, most: int | None, service: str = "ho-tich") -> dict[str, Any]:
    reply = centre.lobby.limit_service(MANAGER, CENTRE, service, LimitRequest(limit=most), None)
    return decoded(reply)


def full(centre: SmallCentre, service: str = "ho-tich") -> bool:
    """Whether a kiosk gets no number; what it got counts."""
    try:
        centre.issue(service, caller=KIOSK)
    except Refusal as refused:
        assert refused.code == "day_full"  # noqa: PT017  # a refusal is an answer here
        return True
    return False


def test_the_files_limit_stops_kiosks_and_clerks_and_no_other_service(centre: SmallCentre) -> None:
    for _ in range(2):
        centre.issue(caller=KIOSK)
    for caller in (KIOSK, CLERK, Caller("t:i", "integration", CENTRE)):
        with pytest.raises(Refusal, match="The 2 numbers of ho-tich") as refused:
            centre.issue(caller=caller)
        assert "a greeter or manager may" in refused.value.detail
    assert not full(centre, "dat-dai")
    assert centre.issue(caller=GREETER)["number"] == "H003"
    assert centre.issue(caller=MANAGER)["number"] == "H004"
    assert full(centre)


def test_direct_reception_and_paper_are_never_refused_and_count(centre: SmallCentre) -> None:
    body = ReceiveRequest(service="ho-tich", why="người già")
    centre.lobby.receive(CLERK, CENTRE, "q1", body, None)
    moment = centre.clock.now()
    for number in ("H700", "H701"):
        centre.issue(caller=KIOSK, number=number, issued_at=moment)
    assert full(centre)
    assert limit(centre, None)["issued"] == 3


def test_an_undone_reception_and_a_replaced_try_gave_out_nothing(centre: SmallCentre) -> None:
    body = ReceiveRequest(service="ho-tich", why="người già")
    centre.lobby.receive(CLERK, CENTRE, "q1", body, None)
    centre.undo("q1")
    centre.issue(caller=KIOSK, key="lost-try")
    moment = centre.clock.now()
    centre.issue(caller=KIOSK, number="H700", issued_at=moment, replaces="lost-try")
    assert limit(centre, None)["issued"] == 1


def test_a_managers_limit_is_for_today(centre: SmallCentre) -> None:
    assert limit(centre, 1) == {"service": "ho-tich", "day": "2026-11-23", "limit": 1, "issued": 0}
    assert [full(centre), full(centre)] == [False, True]
    assert limit(centre, 3)["issued"] == 1
    assert [full(centre) for _ in range(3)] == [False, False, True]
    assert limit(centre, None)["limit"] == 2
    assert full(centre)
    limit(centre, 9)
    centre.clock.forward(hours=24)
    assert [full(centre) for _ in range(3)] == [False, False, True]


def test_a_limit_is_in_the_log_with_who_set_it(centre: SmallCentre, store: Store) -> None:
    limit(centre, 5)
    event = store.read(lambda tx: tx.events_after(CENTRE, 0, 100))[-1]
    assert (event.kind, event.actor) == ("config_changed", MANAGER.id)
    assert event.data == '{"service":"ho-tich","day":"2026-11-23","limit":5}'
    with pytest.raises(Refusal, match="unknown_service"):
        limit(centre, 5, "khong-co")


def test_redirects_obey_the_limit(centre: SmallCentre) -> None:
    centre.centres.import_file(HOME_FILE)
    for _ in range(2):
        redirect(centre)
    with pytest.raises(Refusal, match="day_full"):
        redirect(centre, Caller("t:home", "manager", "noi-dung"))
