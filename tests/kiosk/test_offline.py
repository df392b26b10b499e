"""Numbers while the server is away: the band, the emergency series, and handing them in."""

import json
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.journal import Attempt
from tests.fakes.queue_server import QueueServer
from tests.kiosk.kiosk_stage import Called, Kiosk, call, until


def numbers(kiosk: Kiosk, services: list[str]) -> list[str]:
    return [kiosk.press(service)["ticket"]["number"] for service in services]


def test_each_service_counts_through_the_same_band(kiosk: Kiosk, server: QueueServer) -> None:
    server.stop()
    given = numbers(kiosk, ["ho-tich", "dat-dai", "ho-tich", "dat-dai"])
    assert given == ["H700", "A700", "H701", "A701"]
    band = kiosk.state()["band"]
    assert (band["from"], band["to"], band["left"]) == (700, 749, 48)
    assert band["by_service"] == {"ho-tich": 48, "dat-dai": 48}
    assert kiosk.state()["outbox"] == 4


def test_they_are_handed_in_in_order_and_keep_their_number_and_time(
    kiosk: Kiosk, server: QueueServer
) -> None:
    server.stop()
    before = datetime.now(UTC)
    given = numbers(kiosk, ["ho-tich", "dat-dai", "ho-tich"])
    after = datetime.now(UTC)
    server.start()
    until(lambda: kiosk.state()["outbox"] == 0)
    assert [try_["number"] for try_ in server.tries] == given
    for ticket in server.waiting():
        assert before - timedelta(seconds=1) <= datetime.fromisoformat(ticket["issued_at"]) <= after
        assert ticket["source"] == "offline"


def test_the_servers_clock_is_the_one_on_paper(
    server: QueueServer, start_kiosk: Callable[..., Kiosk]
) -> None:
    server.clock_offset = timedelta(hours=-30)
    kiosk = start_kiosk().met()
    server.stop()
    issued_at = datetime.fromisoformat(kiosk.press()["ticket"]["issued_at"])
    assert abs(issued_at - server.now()) < timedelta(seconds=2)


def test_an_empty_band_goes_over_to_the_emergency_series(
    server: QueueServer, start_kiosk: Callable[..., Kiosk]
) -> None:
    server.band = (700, 701)
    kiosk = start_kiosk().met()
    server.stop()
    assert numbers(kiosk, ["ho-tich"] * 3 + ["dat-dai"]) == ["H700", "H701", "Z03001", "A700"]
    assert numbers(kiosk, ["ho-tich"]) == ["Z03002"]
    server.start()
    until(lambda: kiosk.state()["outbox"] == 0)
    assert len(server.waiting()) == 5


def test_a_restart_goes_on_where_it_was(
    server: QueueServer, start_kiosk: Callable[..., Kiosk]
) -> None:
    first = start_kiosk().met()
    server.stop()
    assert numbers(first, ["ho-tich", "ho-tich"]) == ["H700", "H701"]
    first.stop()
    second = start_kiosk()
    view = second.view()
    assert view["ready"]
    assert view["offline"]
    assert view["board"] == {}
    assert [info["id"] for info in view["centre"]["services"]] == ["ho-tich", "dat-dai"]
    assert numbers(second, ["ho-tich"]) == ["H702"]
    assert second.state()["outbox"] == 3


def another_start_of_the_machine(kiosk: Kiosk) -> None:
    """As after a power cut: the ticks since the last start say nothing any more."""
    kept = Path(kiosk.slips.parent / "clock.json")
    clock = json.loads(kept.read_text())
    kept.write_text(json.dumps({**clock, "boot_id": "an-earlier-start"}))


def test_after_a_power_cut_the_day_is_not_known(
    server: QueueServer, start_kiosk: Callable[..., Kiosk]
) -> None:
    first = start_kiosk().met()
    server.stop()
    numbers(first, ["ho-tich"])
    first.stop()
    another_start_of_the_machine(first)
    second = start_kiosk()
    assert second.state()["clock_trusted"] is False
    assert numbers(second, ["ho-tich", "dat-dai"]) == ["Z03001", "Z03002"]
    second.stop()
    third = start_kiosk()
    assert numbers(third, ["ho-tich"]) == ["Z03003"]
    server.start()
    until(lambda: third.state()["outbox"] == 0)
    assert third.state()["clock_trusted"] is True
    assert [ticket["number"] for ticket in server.waiting()] == [
        "H700", "Z03001", "Z03002", "Z03003",
    ]  # fmt: skip
    for ticket in server.waiting():
        age = server.now() - datetime.fromisoformat(ticket["issued_at"])
        assert timedelta(0) <= age < timedelta(seconds=60)


def test_a_final_refusal_is_kept_and_seen(kiosk: Kiosk, server: QueueServer) -> None:
    server.stop()
    numbers(kiosk, ["ho-tich", "dat-dai"])
    server.band = (750, 799)
    server.start()
    until(lambda: kiosk.state()["refused"] == 2)
    assert kiosk.state()["outbox"] == 0
    reasons = [item.refused or "" for item in kiosk.agent.spool.refused()]
    assert all("number_outside_band" in reason for reason in reasons)


def test_closed_is_remembered_while_the_server_is_away(
    server: QueueServer, start_kiosk: Callable[..., Kiosk]
) -> None:
    opens_at = (server.now() + timedelta(hours=2)).isoformat()
    server.centre |= {"open": False, "tickets": False, "opens_at": opens_at}
    kiosk = start_kiosk().met()
    server.stop()
    with pytest.raises(Called) as refusal:
        kiosk.press()
    assert (refusal.value.status, refusal.value.body["code"]) == (409, "centre_closed")
    assert datetime.fromisoformat(refusal.value.body["opens_at"]) == datetime.fromisoformat(
        opens_at
    )


def test_a_second_paper_says_that_it_is_one(kiosk: Kiosk) -> None:
    ticket = kiosk.press()["ticket"]
    assert call(f"{kiosk.url}/api/tickets/{ticket['id']}/copy", {})["outcome"] == "printed"
    entry = kiosk.agent.journal.find(ticket["id"])
    assert entry is not None
    assert entry.papers == 2
    first, second = (path.read_bytes() for path in sorted(kiosk.slips.glob("*.bin")))
    assert first != second


def test_what_is_old_and_handed_in_is_forgotten_also_after_a_power_cut(
    kiosk: Kiosk, start_kiosk: Callable[..., Kiosk], tmp_path: Path
) -> None:
    old, new = kiosk.press()["ticket"]["id"], kiosk.press()["ticket"]["id"]
    database = kiosk.agent.journal.database
    long_ago = "2020-02-03T01:00:00.000000+00:00"
    database.run("UPDATE ticket SET issued_at = ? WHERE id = ?", (long_ago, old))
    kiosk.stop()
    (tmp_path / "data" / "clock.json").unlink()
    again = start_kiosk()
    again.met()
    until(lambda: again.agent.journal.find(old) is None)
    assert again.agent.journal.find(new) is not None


def test_an_answer_about_a_lost_try_that_nobody_understands_holds_up_no_hand_in(
    kiosk: Kiosk, server: QueueServer
) -> None:
    lost = Attempt(
        "press-lost", "0198a000-0000-7000-8000-00000000abcd", "ho-tich", "none", "vi", ""
    )
    kiosk.agent.journal.begin(lost)
    server.tickets[lost.id] = {"number": "H001", "state": "of another release"}
    kiosk.agent.hand_in.look_into(lost)
    server.behave = "silent"
    assert kiosk.press()["mode"] == "offline"
    until(lambda: kiosk.state()["outbox"] == 0)
    assert kiosk.agent.journal.attempts() == [lost]


def test_two_agents_do_not_share_a_folder(kiosk: Kiosk, start_kiosk: Callable[..., Kiosk]) -> None:
    with pytest.raises(Exception, match="another agent runs on this data folder"):
        start_kiosk()


def test_the_phone_finds_an_offline_ticket(kiosk: Kiosk, server: QueueServer) -> None:
    server.stop()
    ticket = kiosk.press()["ticket"]
    track = ticket["track_url"].rsplit("/", 1)[1]
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", track)
    server.start()
    until(lambda: server.waiting())
    assert server.tries[0]["track"] == track


def test_a_copied_folder_is_readable_after_the_agent(kiosk: Kiosk, tmp_path: Path) -> None:
    import sqlite3

    kiosk.press()
    kiosk.stop()
    shutil.copytree(tmp_path / "data", tmp_path / "copy")
    with sqlite3.connect(tmp_path / "copy" / "kiosk.db") as database:
        rows = database.execute("SELECT number, paper FROM ticket").fetchall()
        mode = database.execute("PRAGMA journal_mode").fetchone()
    database.close()
    assert rows == [("H001", "printed")]
    assert mode == ("wal",)
