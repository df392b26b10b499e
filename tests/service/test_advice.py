"""What a manager is advised and what becomes of it, on both databases."""

import itertools
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from server.domain.advice import Advice, Lobby, advise
from server.service.ports import Caller, Reply, Store, StoreError, Tx
from server.service.take_advice import take as apply
from server.service.verify import verify
from tests.fakes.small_centre import CENTRE, CENTRE_FILE, MANAGER, SmallCentre, decoded
from wire.errors import Refusal
from wire.requests import AdviceRequest

ADMIN = Caller("t:admin", "admin", None)
Q3 = """
[[counter]]
id = "q3"
number = 3
name = { vi = "Quầy 3", en = "Counter 3" }
services = ["dat-dai"]
"""


@pytest.fixture
def centre(store: Store) -> Iterator[SmallCentre]:
    """q1 (civil status) is open; q2 (both) and q3 (land) are closed."""
    made = SmallCentre(store, file=CENTRE_FILE + Q3)
    made.open("q1")
    yield made
    assert verify(store) == []


def crowd(centre: SmallCentre, service: str, people: int) -> list[dict[str, Any]]:
    return [centre.issue(service) for _ in range(people)]


def board(centre: SmallCentre) -> dict[str, Any]:
    """What the manager sees now."""
    found = msgspec.json.encode(centre.lobby.adviser.board(CENTRE))
    return decoded(Reply(200, found))


def ids(centre: SmallCentre) -> list[str]:
    return [one["id"] for one in board(centre)["advice"]]


def take(
    centre: SmallCentre, kind: str, counter: str, service: str | None = None, **options: Any
) -> dict[str, Any]:
    """Act on advice as a manager, with a key of its own unless given."""
    body = AdviceRequest(kind=kind, counter=counter, service=service)  # type: ignore[arg-type]
    caller = options.get("caller", MANAGER)
    operation = centre.operation(caller, "POST advice", options.get("key"), body)
    return decoded(centre.lobby.take_advice(caller, CENTRE, body, operation))


def last_event(centre: SmallCentre) -> tuple[str, str | None, str, dict[str, Any]]:
    sql = "SELECT kind, counter, actor, data FROM event WHERE centre = ? ORDER BY seq DESC LIMIT 1"
    row = centre.store.read(lambda tx: tx.one(sql, (CENTRE,)))
    assert row is not None
    return row[0], row[1], row[2], msgspec.json.decode(row[3])


def test_a_loan_that_was_not_committed_is_not_there(centre: SmallCentre) -> None:
    """The database fails at the commit; then somebody else, in another process, lends."""
    body = AdviceRequest(kind="lend", counter="q1", service="dat-dai")

    def failing(tx: Tx) -> None:
        work = centre.lobby.begin(tx, CENTRE, "t:manager")
        assert apply(work, body, None) == "dat-dai"
        assert work.centre.counters["q1"].services == ("ho-tich", "dat-dai")
        raise StoreError("the disk is full")

    with pytest.raises(StoreError):
        centre.store.run(CENTRE, failing)
    take(SmallCentre(centre.store, centre.clock, centre.file), "lend", "q3", "ho-tich")
    assert (services_of(centre, "q1"), services_of(centre, "q3")) == (
        ["ho-tich"],
        ["dat-dai", "ho-tich"],
    )


def services_of(centre: SmallCentre, counter: str) -> list[str]:
    return next(c["services"] for c in centre.board()["counters"] if c["id"] == counter)


def test_a_quiet_centre_needs_no_advice(centre: SmallCentre) -> None:
    crowd(centre, "ho-tich", 2)
    seen = board(centre)
    assert (seen["centre"], seen["advice"], seen["loans"]) == (CENTRE, [], [])
    assert seen["seq"] == centre.board()["seq"]
    first = seen["services"][0]
    assert first["name"] == {"vi": "Hộ tịch", "en": "Civil status"}
    assert (first["waiting"], first["open_counters"], first["drain_s"]) == (2, 1, 960)
    assert (first["target_wait_s"], first["over"]) == (900, False)
    assert first["likely_s"] <= first["high_s"]


def test_a_service_that_drains_too_slowly_is_named_with_what_to_do(centre: SmallCentre) -> None:
    crowd(centre, "ho-tich", 6)
    seen = board(centre)
    assert [s["over"] for s in seen["services"]] == [True, False]
    (one,) = seen["advice"]
    assert (one["id"], one["kind"]) == ("open.q2.ho-tich", "open")
    assert one["counter"] == {"id": "q2", "number": 2}
    assert one["service"] == {"id": "ho-tich", "name": {"vi": "Hộ tịch", "en": "Civil status"}}
    assert (one["drain_s"], one["drain_after_s"]) == (2880, 1440)
    assert one["saved_s"] > one["gain_s"] > 900
    minutes = round(one["gain_s"] / 60)
    assert one["words"] == {
        "vi": f"Mở quầy 2 cho Hộ tịch – giảm khoảng {minutes} phút chờ",
        "en": f"Open counter 2 for Civil status – about {minutes} min less wait",
    }


def test_a_service_nobody_serves_is_said_so(centre: SmallCentre) -> None:
    crowd(centre, "dat-dai", 1)
    (one,) = board(centre)["advice"]
    assert one["words"]["vi"].endswith("cho Đất đai – chưa có quầy nào phục vụ")


def test_taking_it_opens_the_counter_and_the_log_keeps_the_figures(centre: SmallCentre) -> None:
    crowd(centre, "ho-tich", 6)
    given = board(centre)["advice"][0]
    taken = take(centre, "open", "q2", "ho-tich")
    assert (taken["counter"]["id"], taken["counter"]["state"]) == ("q2", "open")
    assert (taken["kind"], taken["service"], taken["advised"]) == ("open", given["service"], given)
    kind, counter, actor, data = last_event(centre)
    assert (kind, counter, actor) == ("counter_opened", "q2", MANAGER.id)
    figures = ("drain_s", "drain_after_s", "gain_s", "saved_s")
    assert data["advice"] == {
        "kind": "open",
        "counter": "q2",
        "service": "ho-tich",
        "advised": True,
        **{name: given[name] for name in figures},
    }
    assert "open.q2.ho-tich" not in ids(centre)
    assert centre.undo("q2")["counter"]["state"] == "closed"
    assert ids(centre) == ["open.q2.ho-tich"]


def test_an_opening_need_not_be_advised_nor_say_what_for(centre: SmallCentre) -> None:
    taken = take(centre, "open", "q3", caller=ADMIN)
    assert (taken["counter"]["state"], taken["service"], taken["advised"]) == ("open", None, None)
    audit = {"kind": "open", "counter": "q3", "service": None, "advised": False}
    assert last_event(centre)[2:] == (ADMIN.id, last_event(centre)[3])
    assert last_event(centre)[3]["advice"] == audit
    kinds = centre.kinds()
    assert take(centre, "open", "q3")["counter"]["state"] == "open"
    assert centre.kinds() == kinds


def test_a_lent_counter_is_given_the_service_until_it_is_taken_back(centre: SmallCentre) -> None:
    centre.open("q2", "q3")
    first = crowd(centre, "ho-tich", 6)[0]
    (one,) = board(centre)["advice"]
    assert one["id"] == "lend.q3.ho-tich"
    assert one["words"]["vi"].startswith("Quầy 3 nhận thêm Hộ tịch – giảm khoảng ")
    assert one["words"]["en"].startswith("Let counter 3 also take Civil status – about ")

    taken = take(centre, "lend", "q3", "ho-tich")
    assert taken["advised"] == one
    assert taken["counter"]["services"] == ["dat-dai", "ho-tich"] == services_of(centre, "q3")
    kind, counter, _, data = last_event(centre)
    assert (kind, counter) == ("config_changed", None)
    assert (data["advice"]["kind"], data["advice"]["advised"]) == ("lend", True)
    seen = board(centre)
    assert seen["services"][0]["open_counters"] == 3
    assert [(x["counter"]["id"], x["service"]["id"]) for x in seen["loans"]] == [("q3", "ho-tich")]
    assert centre.readings.desk(CENTRE, "q3").next[0].id == first["id"]
    assert centre.next("q3")["ticket"]["id"] == first["id"]

    for _ in range(5):
        centre.next("q1")
    (back,) = board(centre)["advice"]
    assert (back["id"], back["gain_s"]) == ("take_back.q3.ho-tich", 0)
    assert back["words"]["vi"] == "Quầy 3 thôi nhận thêm Hộ tịch – hàng đã vơi"
    assert take(centre, "take_back", "q3", "ho-tich")["counter"]["services"] == ["dat-dai"]
    assert board(centre)["loans"] == []
    crowd(centre, "ho-tich", 1)
    assert centre.next("q3")["ticket"] is None


def test_a_loan_ends_with_the_business_day(centre: SmallCentre) -> None:
    take(centre, "lend", "q1", "dat-dai")
    take(centre, "lend", "q3", "ho-tich")
    centre.clock.forward(hours=24)
    seen = board(centre)
    assert (seen["loans"], seen["advice"]) == ([], [])
    centre.lobby.end_days()
    assert [services_of(centre, name) for name in ("q1", "q3")] == [["ho-tich"], ["dat-dai"]]


def test_a_loan_outlives_an_import_while_it_makes_sense(centre: SmallCentre) -> None:
    take(centre, "lend", "q1", "dat-dai")
    take(centre, "lend", "q3", "ho-tich")
    renamed = CENTRE_FILE.replace("Quầy 1", "Bàn 1")
    centre.centres.import_file(renamed + Q3)
    assert services_of(centre, "q1") == ["ho-tich", "dat-dai"]

    own = renamed.replace('["ho-tich"]', '["dat-dai", "ho-tich"]')
    centre.centres.import_file(own + Q3)
    assert services_of(centre, "q1") == ["dat-dai", "ho-tich"]
    assert [one["counter"]["id"] for one in board(centre)["loans"]] == ["q3"]

    centre.centres.import_file(own)
    gone = centre.lobby.known(CENTRE)[0].counters["q3"]
    assert (gone.retired, gone.services) == (True, ("dat-dai",))
    centre.centres.import_file(own + Q3)
    assert services_of(centre, "q3") == ["dat-dai"]
    assert board(centre)["loans"] == []


def test_a_service_that_is_lent_and_dropped_is_no_longer_lent(centre: SmallCentre) -> None:
    take(centre, "lend", "q1", "dat-dai")
    first, _, rest = CENTRE_FILE.partition('[[service]]\nid = "dat-dai"')
    only = first + "[[zone]]" + rest.partition("[[zone]]")[2]
    centre.centres.import_file(only.replace(', "dat-dai"]', "]"))
    assert services_of(centre, "q1") == ["ho-tich"]


@pytest.mark.parametrize(
    ("kind", "counter", "service", "code", "message"),
    [
        ("open", "q9", None, "unknown_counter", ""),
        ("open", "q2", "khong-co", "unknown_service", ""),
        ("lend", "q1", "khong-co", "unknown_service", ""),
        ("lend", "q9", None, "unknown_counter", ""),
        ("lend", "q1", None, "invalid_body", "is missing"),
        ("take_back", "q1", None, "invalid_body", "is missing"),
        ("lend", "q2", "ho-tich", "invalid_body", "is served at q2 already"),
        ("take_back", "q2", "ho-tich", "invalid_body", "is not lent to q2"),
        ("take_back", "q1", "dat-dai", "invalid_body", "is not lent to q1"),
    ],
)
def test_what_cannot_be_is_refused_and_names_the_field(
    centre: SmallCentre, kind: str, counter: str, service: str | None, code: str, message: str
) -> None:
    kinds = centre.kinds()
    with pytest.raises(Refusal, match=code) as refused:
        take(centre, kind, counter, service)
    faults = [(fault.field, fault.message) for fault in refused.value.errors]
    assert faults == ([("service", message)] if message else [])
    assert centre.kinds() == kinds
    assert board(centre)["loans"] == []


def test_the_same_key_lends_once(centre: SmallCentre) -> None:
    first = take(centre, "lend", "q1", "dat-dai", key="once-only")
    assert take(centre, "lend", "q1", "dat-dai", key="once-only") == first
    assert centre.kinds().count("config_changed") == 2


def test_who_listens_hears_that_advice_was_taken(centre: SmallCentre) -> None:
    heard: list[str] = []
    centre.lobby.on_advice_taken.append(heard.append)
    take(centre, "open", "q2")
    with pytest.raises(Refusal):
        take(centre, "lend", "q2")
    assert heard == [CENTRE]


def test_advice_is_worked_out_once_a_second_and_afresh_once_counters_changed(
    centre: SmallCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = itertools.count(1000.0, 0.01)
    monkeypatch.setattr(centre.lobby.adviser, "_elapsed", lambda: next(moments))
    crowd(centre, "ho-tich", 6)
    first = centre.lobby.adviser.board(CENTRE)
    crowd(centre, "ho-tich", 1)
    assert centre.lobby.adviser.board(CENTRE) is first
    centre.open("q2")
    assert centre.lobby.adviser.board(CENTRE).services[0].waiting == 7


def test_a_long_queue_is_not_replayed_whole(
    centre: SmallCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    replayed: list[int] = []

    def noting(lobby: Lobby) -> list[Advice]:
        replayed.append(len(lobby.waiting))
        return advise(lobby)

    monkeypatch.setattr("server.service.advice.advise", noting)
    crowd(centre, "ho-tich", 25)
    (one,) = board(centre)["advice"]
    assert replayed == [10]
    assert (one["drain_s"], one["drain_after_s"]) == (25 * 480, 25 * 240)
    assert 0.8 < one["gain_s"] / (25 * 240) < 1.1


def test_an_unknown_centre_has_no_advice(centre: SmallCentre) -> None:
    with pytest.raises(Refusal, match="unknown_centre"):
        centre.lobby.adviser.board("khong-co")
    body = AdviceRequest(kind="open", counter="q1")
    with pytest.raises(Refusal, match="unknown_centre"):
        centre.lobby.take_advice(ADMIN, "khong-co", body, None)
