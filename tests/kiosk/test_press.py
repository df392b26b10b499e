"""One touch, one number, within two seconds: what the citizen gets and what the server has."""

import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.printer_emulator import PrinterEmulator
from tests.fakes.queue_server import QueueServer
from tests.fakes.relay import Relay
from tests.kiosk.kiosk_stage import Called, Kiosk, call, until, write_config

PROMISE_S = 2.0
"""A press ends in a paper or a visible fault within this time."""


def timed(press: Callable[[], Any]) -> tuple[Any, float]:
    begun = time.monotonic()
    return press(), time.monotonic() - begun


def test_a_touch_gives_the_servers_number_on_paper(kiosk: Kiosk, server: QueueServer) -> None:
    answer, took_s = timed(lambda: kiosk.press(priority="elderly", language="en"))
    assert answer["ticket"]["number"] == "H001"
    assert answer["ticket"]["counters"] == [3, 4]
    assert answer["ticket"]["zone"] == {"vi": "Khu A", "en": "Zone A"}
    assert answer["ticket"]["wait"] == {"likely_s": 600, "high_s": 900}
    assert (answer["outcome"], answer["mode"]) == ("printed", "online")
    assert kiosk.papers() == 1
    assert took_s < PROMISE_S
    (ticket,) = server.waiting()
    assert (ticket["id"], ticket["priority"]) == (answer["ticket"]["id"], "elderly")
    again = call(f"{kiosk.url}/api/tickets/{answer['ticket']['id']}")
    assert again == answer
    assert kiosk.state()["outbox"] == 0


def test_the_servers_own_link_is_the_one_on_the_paper(kiosk: Kiosk, server: QueueServer) -> None:
    first = kiosk.press()["ticket"]["track_url"]
    server.stop()
    second = kiosk.press()["ticket"]["track_url"]
    assert re.fullmatch(r"https://so\.example\.vn/t/[A-Za-z0-9_-]{22}", first)
    assert re.fullmatch(r"https://so\.example\.vn/t/[A-Za-z0-9_-]{22}", second)
    assert first != second


@pytest.mark.parametrize("behave", ["silent", "slow", "loses_answer", "unavailable"])
def test_a_server_that_does_not_answer_is_not_waited_for(
    kiosk: Kiosk, server: QueueServer, behave: str
) -> None:
    server.behave = behave
    answer, took_s = timed(kiosk.press)
    assert answer["ticket"]["number"] == "H700"
    assert (answer["outcome"], answer["mode"]) == ("printed", "offline")
    assert took_s < PROMISE_S
    server.behave = "ok"
    until(lambda: kiosk.state()["outbox"] == 0)
    server.release.set()
    time.sleep(0.3)
    assert [ticket["number"] for ticket in server.waiting()] == ["H700"]


def test_known_to_be_away_it_is_not_asked_again(kiosk: Kiosk, server: QueueServer) -> None:
    server.stop()
    kiosk.press()
    answer, took_s = timed(kiosk.press)
    assert answer["ticket"]["number"] == "H701"
    assert took_s < 0.5


def test_a_server_fallen_silent_costs_one_wait_only(server: QueueServer, tmp_path: Path) -> None:
    relay = Relay(server.port)
    kiosk = Kiosk(write_config(tmp_path, relay)).met()
    relay.set("hole")
    first, first_s = timed(kiosk.press)
    second, second_s = timed(kiosk.press)
    assert [first["ticket"]["number"], second["ticket"]["number"]] == ["H700", "H701"]
    assert 0.6 < first_s < 1.5
    assert second_s < 0.5
    relay.set("pass")
    until(lambda: kiosk.state()["outbox"] == 0)
    assert len(server.waiting()) == 2
    kiosk.stop()
    relay.close()


def test_the_late_try_comes_after_its_replacement(kiosk: Kiosk, server: QueueServer) -> None:
    server.behave = "late"
    assert kiosk.press()["ticket"]["number"] == "H700"
    server.behave = "ok"
    until(lambda: [ticket["number"] for ticket in server.waiting()] == ["H700"])
    server.release.set()
    until(lambda: len(server.tries) == 2)
    assert [ticket["number"] for ticket in server.waiting()] == ["H700"]
    assert len(server.tickets) == 1


def test_the_try_that_came_through_is_cancelled_by_its_replacement(
    kiosk: Kiosk, server: QueueServer
) -> None:
    server.behave = "loses_answer"
    offline = kiosk.press()["ticket"]
    server.behave = "ok"
    until(lambda: kiosk.state()["outbox"] == 0)
    (waiting,) = server.waiting()
    assert waiting["id"] == offline["id"]
    states = {ticket["number"]: ticket["state"] for ticket in server.tickets.values()}
    assert states == {"H001": "cancelled", "H700": "waiting"}
    first, second = server.tries
    assert second["replaces"] == first["key"]
    assert first["id"] != second["id"]
    assert first["track"] != second["track"]


def test_a_refused_connection_leaves_nothing_to_replace(kiosk: Kiosk, server: QueueServer) -> None:
    server.stop()
    kiosk.press()
    server.start()
    until(lambda: kiosk.state()["outbox"] == 0)
    assert [try_.get("replaces") for try_ in server.tries] == [None]


@pytest.mark.parametrize(
    ("behave", "status", "code"),
    [
        ("centre_closed", 409, "centre_closed"),
        ("day_full", 409, "day_full"),
        ("unknown_service", 404, "unknown_service"),
        ("too_many_requests", 429, "too_many_requests"),
        ("unauthenticated", 503, "unavailable"),
    ],
)
def test_the_servers_refusal_is_told_in_plain_words(
    kiosk: Kiosk, server: QueueServer, behave: str, status: int, code: str
) -> None:
    server.behave = behave
    with pytest.raises(Called) as refusal:
        kiosk.press()
    assert (refusal.value.status, refusal.value.body["code"]) == (status, code)
    assert refusal.value.body["message"].keys() == {"vi", "en"}
    if status == 429:
        assert int(refusal.value.headers["Retry-After"]) >= 7
    assert kiosk.papers() == 0
    assert kiosk.view()["unprinted"] == []


def test_a_first_touch_right_after_the_first_start(start_kiosk: Callable[..., Kiosk]) -> None:
    answer = start_kiosk().press()
    assert (answer["ticket"]["number"], answer["outcome"]) == ("H001", "printed")


def test_a_ticket_the_kiosk_does_not_know(kiosk: Kiosk) -> None:
    for path in ("", "/qr.svg"):
        with pytest.raises(Called) as refusal:
            call(f"{kiosk.url}/api/tickets/01a2099e-cd0a-7e7c-a79c-08ac7730fdd5{path}")
        assert (refusal.value.status, refusal.value.body["code"]) == (404, "unknown_ticket")


def test_unknown_service_while_away(kiosk: Kiosk, server: QueueServer) -> None:
    server.stop()
    with pytest.raises(Called) as refusal:
        kiosk.press("khong-co")
    assert (refusal.value.status, refusal.value.body["code"]) == (404, "unknown_service")


def test_a_kiosk_that_never_met_its_server_says_so(
    server: QueueServer, start_kiosk: Callable[..., Kiosk]
) -> None:
    server.stop()
    kiosk = start_kiosk()
    begun = time.monotonic()
    with pytest.raises(Called) as refused:
        kiosk.press()
    took_s = time.monotonic() - begun
    assert (refused.value.status, refused.value.body["code"]) == (503, "unavailable")
    assert took_s < PROMISE_S
    assert kiosk.view()["ready"] is False
    assert kiosk.state()["band"] is None


def test_a_masher_does_not_drain_the_paper(start_kiosk: Callable[..., Kiosk]) -> None:
    kiosk = start_kiosk(extra="[press]\nburst = 3\nper_minute = 1\n").met()
    for _ in range(3):
        kiosk.press()
    with pytest.raises(Called) as refusal:
        kiosk.press()
    assert refusal.value.status == 429
    assert 50 <= int(refusal.value.headers["Retry-After"]) <= 62
    assert kiosk.papers() == 3


def test_copies_of_one_number_do_not_drain_the_paper(start_kiosk: Callable[..., Kiosk]) -> None:
    kiosk = start_kiosk(extra="[press]\ntouches = 2\ntouches_per_minute = 1\n").met()
    ticket = kiosk.press()["ticket"]
    copy = f"{kiosk.url}/api/tickets/{ticket['id']}/copy"
    for _ in range(2):
        assert call(copy, {})["outcome"] == "printed"
    with pytest.raises(Called) as refusal:
        call(copy, {})
    assert refusal.value.status == 429
    with pytest.raises(Called):
        kiosk.scan(ticket["track_url"])
    assert kiosk.papers() == 3
    assert kiosk.agent.press.refused == {"too_many_requests": 2}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"service": "HO TICH"}, 422),
        ({"service": "ho-tich", "priority": "vip"}, 422),
        ({"service": "ho-tich", "number": "H001"}, 422),
        ({"service": 5}, 422),
        ([], 422),
    ],
)
def test_bad_bodies_are_refused(kiosk: Kiosk, body: Any, status: int) -> None:
    with pytest.raises(Called) as refusal:
        call(f"{kiosk.url}/api/press", body)
    assert refusal.value.status == status
    assert kiosk.papers() == 0


def test_a_body_that_is_no_text_is_refused(kiosk: Kiosk) -> None:
    request = urllib.request.Request(f"{kiosk.url}/api/press", b'{"service":"\xff"}')
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(request, timeout=5)


@pytest.mark.parametrize(
    ("condition", "outcome", "words"),
    [
        ("paper_out", "failed", "hết giấy"),
        ("cover_open", "failed", "Nắp máy in"),
        ("unreachable", "failed", "chưa in được"),
        ("stops_midway", "unknown", "số vẫn có hiệu lực"),
        ("silent", "unknown", "số vẫn có hiệu lực"),
        ("paper_low", "printed", "nhận phiếu"),
    ],
)
def test_printer_trouble_keeps_the_number(
    kiosk: Kiosk, server: QueueServer, condition: str, outcome: str, words: str
) -> None:
    kiosk.pretend(condition)
    answer = kiosk.press()
    assert answer["outcome"] == outcome
    assert words in answer["message"]["vi"]
    assert len(server.waiting()) == 1
    unprinted = [ticket["number"] for ticket in kiosk.view()["unprinted"]]
    assert unprinted == ([] if outcome == "printed" else ["H001"])


def test_paper_out_is_seen_in_the_state_and_heals(kiosk: Kiosk) -> None:
    kiosk.pretend("paper_out")
    ticket = kiosk.press()["ticket"]
    assert kiosk.state()["printer"] == {"state": "error", "paper": "out", "cover": "unknown"}
    kiosk.pretend("ok")
    late = call(f"{kiosk.url}/api/tickets/{ticket['id']}/copy", {})
    assert late["outcome"] == "printed"
    assert kiosk.state()["printer"]["paper"] == "ok"
    entry = kiosk.agent.journal.find(ticket["id"])
    assert entry is not None
    assert entry.papers == 1


def test_the_view_is_told_only_when_it_changed(kiosk: Kiosk) -> None:
    import urllib.error
    import urllib.request

    with urllib.request.urlopen(f"{kiosk.url}/api/view") as first:
        tag = first.headers["ETag"]
        assert "default-src 'self'" in first.headers["Content-Security-Policy"]
    again = urllib.request.Request(f"{kiosk.url}/api/view", headers={"If-None-Match": tag})
    with pytest.raises(urllib.error.HTTPError) as unchanged, urllib.request.urlopen(again):
        pass
    assert unchanged.value.code == 304
    unchanged.value.close()


def test_another_site_may_not_press(kiosk: Kiosk) -> None:
    with pytest.raises(Called) as refusal:
        call(f"{kiosk.url}/api/press", {"service": "ho-tich"}, {"Origin": "http://evil.example"})
    assert refusal.value.status == 403
    assert kiosk.papers() == 0


@pytest.fixture
def emulator() -> Iterator[PrinterEmulator]:
    made = PrinterEmulator()
    yield made
    made.close()


def network(emulator: PrinterEmulator) -> str:
    return f'[printer]\ndriver = "network"\nhost = "127.0.0.1"\nport = {emulator.port}\n'


def test_a_slow_printer_is_not_waited_for(
    start_kiosk: Callable[..., Kiosk], emulator: PrinterEmulator
) -> None:
    emulator.prints_for_s = 2.5
    kiosk = start_kiosk(printer=network(emulator)).met()
    answer, took_s = timed(kiosk.press)
    assert answer["outcome"] == "printing"
    assert "đang in" in answer["message"]["vi"]
    assert took_s < PROMISE_S
    with pytest.raises(Called) as refusal:
        call(f"{kiosk.url}/api/tickets/{answer['ticket']['id']}/copy", {})
    assert refusal.value.status == 409
    final = f"{kiosk.url}/api/tickets/{answer['ticket']['id']}"
    until(lambda: call(final)["outcome"] == "printed")
    assert len(emulator.printed()) == 1


def test_the_worst_of_both_is_still_within_two_seconds(
    start_kiosk: Callable[..., Kiosk], emulator: PrinterEmulator, server: QueueServer
) -> None:
    kiosk = start_kiosk(printer=network(emulator)).met()
    server.behave = "silent"
    emulator.black_hole = True
    answer, took_s = timed(kiosk.press)
    assert answer["ticket"]["number"] == "H700"
    assert answer["outcome"] in ("printing", "unknown")
    assert took_s < PROMISE_S


def test_a_disk_that_fails_is_an_error_on_screen(kiosk: Kiosk, server: QueueServer) -> None:
    kiosk.agent.journal.database.run(
        "CREATE TRIGGER full BEFORE INSERT ON attempt BEGIN "
        "SELECT RAISE(ABORT, 'database or disk is full'); END"
    )
    with pytest.raises(Called) as refusal:
        kiosk.press()
    assert refusal.value.status == 503
    assert "quầy hướng dẫn" in refusal.value.body["message"]["vi"]
    assert server.tickets == {}
    kiosk.agent.journal.database.run("DROP TRIGGER full")
    assert kiosk.press()["ticket"]["number"] == "H001"
