"""Numbers that kiosks gave out away from the server: taken in, never renumbered, one ticket."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from server.service.ports import Caller
from server.service.verify import verify
from server.storage.sqlite import SqliteStore
from tests.fakes.small_centre import CENTRE, CENTRE_FILE, HOURS, KIOSK, SmallCentre
from wire.errors import Refusal

ID_A = "01a2098a-ee28-7fc4-92bf-20498c1054c9"
ID_B = "01a2098a-ee29-7fc4-92bf-20498c1054c9"
TRACK_A = "iWptOQqwqIgBPrhFCRUy4A"
TRACK_B = "LuBHM1GuaULYkIFxaRbu0w"


@pytest.fixture
def centre(tmp_path: Path, sqlite_template: Path) -> Iterator[SmallCentre]:
    shutil.copy(sqlite_template, tmp_path / "test.db")
    store = SqliteStore(tmp_path / "test.db")
    made = SmallCentre(store)
    made.open("q1")
    yield made
    assert verify(store) == []
    store.close()


def hand_in(centre: SmallCentre, number: str = "H700", **fields: Any) -> dict[str, Any]:
    fields.setdefault("issued_at", centre.clock.now())
    return centre.issue(caller=fields.pop("caller", KIOSK), number=number, **fields)


def test_a_handed_in_number_waits_from_when_it_was_given(centre: SmallCentre) -> None:
    earlier = centre.clock.now() - timedelta(minutes=10)
    online = centre.issue()
    ticket = hand_in(centre, issued_at=earlier, id=ID_A, track=TRACK_A)
    assert (ticket["number"], ticket["id"], ticket["source"]) == ("H700", ID_A, "offline")
    assert centre.next("q1")["ticket"]["id"] == ID_A
    assert centre.next("q1")["ticket"]["id"] == online["id"]


def test_a_future_time_counts_as_now(centre: SmallCentre) -> None:
    ticket = hand_in(centre, issued_at=centre.clock.now() + timedelta(hours=3))
    assert ticket["issued_at"].startswith("2026-11-23T02:00:00")


def test_an_ended_day_stores_it_cancelled(centre: SmallCentre) -> None:
    ticket = hand_in(centre, issued_at=centre.clock.now() - timedelta(days=1))
    assert (ticket["state"], ticket["day"]) == ("cancelled", "2026-11-22")
    assert centre.next("q1")["ticket"] is None


@pytest.mark.parametrize("number", ["H750", "H001", "A700", "Z04001"])
def test_a_number_of_another_band_is_refused(centre: SmallCentre, number: str) -> None:
    with pytest.raises(Refusal, match="number_outside_band"):
        hand_in(centre, number)


def test_the_emergency_series_is_taken(centre: SmallCentre) -> None:
    assert hand_in(centre, "Z03001")["number"] == "Z03001"


def test_the_same_number_twice_is_one_ticket(centre: SmallCentre) -> None:
    first = hand_in(centre, id=ID_A, track=TRACK_A)
    assert hand_in(centre, id=ID_A, track=TRACK_A)["id"] == first["id"]
    with pytest.raises(Refusal, match="number_taken"):
        hand_in(centre, id=ID_B, track=TRACK_B)
    assert centre.kinds().count("issued") == 1


def test_hours_and_retired_services_do_not_refuse_paper(centre: SmallCentre) -> None:
    lines = CENTRE_FILE.replace("# hours", HOURS).replace('services = ["ho-tich", "dat-dai"]', "")
    start = lines.index('[[service]]\nid = "dat-dai"')
    text = lines[:start] + lines[lines.index("[[zone]]") :].replace(
        'name = { vi = "Quầy 2", en = "Counter 2" }\n',
        'name = { vi = "Quầy 2", en = "Counter 2" }\nservices = ["ho-tich"]\n',
    )
    centre.centres.import_file(text)
    centre.clock.forward(hours=9)
    with pytest.raises(Refusal, match="centre_closed"):
        centre.issue(caller=KIOSK)
    with pytest.raises(Refusal, match="unknown_service"):
        centre.issue("dat-dai")
    assert hand_in(centre, "A700", service="dat-dai")["state"] == "waiting"


@pytest.mark.parametrize("order", ["try first", "paper first"])
def test_an_unanswered_try_and_its_paper_leave_one_ticket(centre: SmallCentre, order: str) -> None:
    def attempt() -> dict[str, Any]:
        return centre.issue(caller=KIOSK, key="online-try-1", id=ID_A, track=TRACK_A)

    def paper() -> dict[str, Any]:
        return hand_in(centre, id=ID_B, track=TRACK_B, replaces="online-try-1")

    if order == "try first":
        twin = attempt()
        paper()
        assert centre.ticket(twin)["state"] == "cancelled"
        with pytest.raises(Refusal, match="unknown_track"):
            centre.readings.track(TRACK_A)
    else:
        paper()
    with pytest.raises(Refusal, match="superseded"):
        attempt()
    board = centre.board()
    assert sum(service["waiting"] for service in board["services"]) == 1
    assert centre.next("q1")["ticket"]["number"] == "H700"
    assert centre.next("q1")["ticket"] is None


@pytest.mark.parametrize("state", ["called", "serving", "on_hold"])
def test_the_paper_takes_over_what_its_twin_had_reached(centre: SmallCentre, state: str) -> None:
    twin = centre.issue(caller=KIOSK, key="online-try-1", id=ID_A, track=TRACK_A)
    centre.next("q1")
    if state == "serving":
        centre.act("start", twin)
    if state == "on_hold":
        centre.act("hold", twin)
    paper = hand_in(centre, id=ID_B, track=TRACK_B, replaces="online-try-1")
    assert (paper["number"], paper["state"]) == ("H700", state)
    assert paper["counter"]["id"] == "q1"
    assert centre.ticket(twin)["state"] == "cancelled"
    shown = [call["number"] for call in centre.board()["calls"]]
    assert shown[0] == "H700" if state != "on_hold" else True


def test_a_try_and_paper_of_one_identity_become_one_ticket(centre: SmallCentre) -> None:
    centre.issue(caller=KIOSK, key="online-try-1", id=ID_A, track=TRACK_A)
    centre.next("q1")
    paper = hand_in(centre, id=ID_A, track=TRACK_A, replaces="online-try-1")
    assert (paper["id"], paper["number"], paper["state"]) == (ID_A, "H700", "called")
    assert [call["number"] for call in centre.board()["calls"]] == ["H700"]
    again = hand_in(centre, id=ID_A, track=TRACK_A, replaces="online-try-1")
    assert (again["id"], again["number"]) == (ID_A, "H700")


def test_a_key_of_another_kiosk_replaces_nothing(centre: SmallCentre) -> None:
    mine = centre.issue(caller=KIOSK, key="online-try-1")
    other = Caller("t:other", "kiosk", CENTRE, kiosk=4, band=(750, 799))
    hand_in(centre, "H750", caller=other, replaces="online-try-1")
    assert centre.ticket(mine)["state"] == "waiting"


def test_only_a_kiosk_brings_numbers_and_identities(centre: SmallCentre) -> None:
    with pytest.raises(Refusal, match="forbidden") as refused:
        centre.issue(id=ID_A, number="H700")
    assert [fault.field for fault in refused.value.errors] == ["id", "number"]
    with pytest.raises(Refusal, match="invalid_body"):
        centre.issue(caller=KIOSK, replaces="online-try-1")
    with pytest.raises(Refusal, match="invalid_body"):
        centre.issue(caller=KIOSK, number="H700")


def test_an_identity_is_used_once(centre: SmallCentre) -> None:
    centre.issue(caller=KIOSK, id=ID_A, track=TRACK_A)
    with pytest.raises(Refusal, match="id_taken"):
        centre.issue(caller=KIOSK, id=ID_A)
    with pytest.raises(Refusal, match="id_taken"):
        centre.issue(caller=KIOSK, id=ID_B, track=TRACK_A)
