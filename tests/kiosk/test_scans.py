"""Scans on a whole agent, over its HTTP and over a serial port: what each does, and keeps not."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kiosk import scans
from tests.fakes.queue_server import QueueServer
from tests.fakes.serial_scanner import SerialScanner
from tests.kiosk.kiosk_stage import Called, Kiosk, call, until

CARD = "079066001234|023456789|Nguyễn Thị Hoa|01021940|Nữ|12 Lê Lợi, Thủ Dầu Một|01072021"
YOUNG = CARD.replace("01021940", f"0102{date(2026, 1, 1).year - 30}")
OF_THE_CARD = ("079066001234", "023456789", "Nguyễn Thị Hoa", "01021940", "Lê Lợi", "01072021")
TRACK = "AbCdEfGhIjKlMnOpQrSt_A"


def link_of(kiosk: Kiosk) -> str:
    return str(kiosk.press()["ticket"]["track_url"])


def elsewhere(server: QueueServer, state: str = "waiting", *, checked_in: bool = False) -> str:
    """A ticket that this kiosk did not print; the link on it."""
    body = {"service": "ho-tich", "id": "0198a000-0000-7000-8000-00000000abcd", "track": TRACK}
    _, ticket = server.issue("another-kiosk", body | {"priority": "none"})
    ticket["state"] = state
    server.scans[TRACK] = {"ticket": ticket, "checked_in": checked_in}
    return f"https://so.example.vn/t/{TRACK}"


def test_a_card_sets_the_age_group_and_nothing_else(kiosk: Kiosk) -> None:
    assert kiosk.scan(CARD) == {"kind": "age_group", "elderly": True}
    assert kiosk.scan(YOUNG) == {"kind": "age_group", "elderly": False}
    assert kiosk.papers() == 0


def test_the_age_is_a_setting(start_kiosk: Callable[..., Kiosk]) -> None:
    kiosk = start_kiosk(extra='[scanner]\ndriver = "keyboard"\nelderly_age = 99\n').met()
    assert kiosk.scan(CARD) == {"kind": "age_group", "elderly": False}
    assert kiosk.view()["scanner"] == "keyboard"


def test_our_own_link_prints_a_marked_copy(kiosk: Kiosk) -> None:
    link = link_of(kiosk)
    answer = kiosk.scan(link)
    assert (answer["kind"], answer["outcome"]) == ("ticket", "printed")
    assert answer["ticket"]["track_url"] == link
    assert kiosk.papers() == 2
    (entry,) = [kiosk.agent.journal.find(answer["ticket"]["id"])]
    assert entry is not None
    assert entry.papers == 2


def test_a_code_held_before_the_scanner_counts_once(kiosk: Kiosk) -> None:
    link = link_of(kiosk)
    now_s = 100.0
    kiosk.agent.scans._ticks_s = lambda: now_s
    for _ in range(8):  # read again and again, for longer than the window
        assert kiosk.scan(link)["kind"] == "ticket"
        now_s += scans.REPEAT_S - 0.1
    assert kiosk.papers() == 2
    now_s += 0.2
    kiosk.scan(link)
    assert kiosk.papers() == 3


def test_a_copy_takes_its_turn(start_kiosk: Callable[..., Kiosk]) -> None:
    kiosk = start_kiosk(extra="[press]\nburst = 1\nper_minute = 1\n").met()
    link = link_of(kiosk)
    with pytest.raises(Called) as refused:
        kiosk.scan(link)
    assert refused.value.status == 429
    assert kiosk.papers() == 1


def test_a_copy_works_with_the_server_away(kiosk: Kiosk, server: QueueServer) -> None:
    link = link_of(kiosk)
    server.stop()
    assert kiosk.scan(link.rsplit("/", 1)[1])["outcome"] == "printed"


def test_another_kiosks_waiting_ticket_is_copied_as_a_second_paper(
    kiosk: Kiosk, server: QueueServer
) -> None:
    kiosk.press()  # so that the kiosk has learnt where links lead
    answer = kiosk.scan(elsewhere(server))
    assert (answer["kind"], answer["outcome"]) == ("ticket", "printed")
    entry = kiosk.agent.journal.find(answer["ticket"]["id"])
    assert entry is not None
    assert (entry.papers, entry.handed) == (2, "not_needed")
    assert kiosk.papers() == 2
    assert server.scanned == [TRACK]
    assert kiosk.state()["outbox"] == 0


def test_checked_in_prints_nothing(kiosk: Kiosk, server: QueueServer) -> None:
    elsewhere(server, checked_in=True)
    answer = kiosk.scan(TRACK)
    assert answer["kind"] == "checked_in"
    shown = answer["ticket"]
    assert (shown["number"], shown["counters"]) == ("H001", [3, 4])
    assert shown["zone"] == {"vi": "Khu A", "en": "Zone A"}
    assert kiosk.papers() == 0


@pytest.mark.parametrize("state", ["serving", "served", "no_show", "on_hold", "cancelled"])
def test_what_is_over_is_told_and_not_printed(
    kiosk: Kiosk, server: QueueServer, state: str
) -> None:
    elsewhere(server, state)
    answer = kiosk.scan(TRACK)
    assert (answer["kind"], answer["ticket"]["state"]) == ("state", state)
    assert kiosk.papers() == 0


@pytest.mark.parametrize("state", ["served", "no_show", "cancelled"])
def test_our_own_ticket_that_is_over_is_told_and_not_printed(
    kiosk: Kiosk, server: QueueServer, state: str
) -> None:
    link = link_of(kiosk)
    (ticket,) = server.tickets.values()
    server.scans[link.rsplit("/", 1)[1]] = {
        "ticket": ticket | {"state": state}, "checked_in": False,
    }  # fmt: skip
    answer = kiosk.scan(link)
    assert (answer["kind"], answer["ticket"]["state"]) == ("state", state)
    assert kiosk.papers() == 1


def test_our_own_waiting_ticket_is_copied_by_the_servers_word_as_well(
    kiosk: Kiosk, server: QueueServer
) -> None:
    link = link_of(kiosk)
    (ticket,) = server.tickets.values()
    server.scans[link.rsplit("/", 1)[1]] = {"ticket": ticket, "checked_in": False}
    assert kiosk.scan(link)["outcome"] == "printed"
    assert kiosk.papers() == 2


def test_a_ticket_of_yesterday_is_asked_for_and_not_copied(
    kiosk: Kiosk, server: QueueServer
) -> None:
    link = link_of(kiosk)
    track = link.rsplit("/", 1)[1]
    (ticket,) = server.tickets.values()
    database = kiosk.agent.journal.database
    with database.transaction():
        database.run("UPDATE ticket SET day = '2020-01-01'")
    server.scans[track] = {"ticket": ticket | {"day": "2020-01-01"}, "checked_in": False}
    assert kiosk.scan(link)["kind"] == "state"
    assert kiosk.papers() == 1


@pytest.mark.parametrize("text", ["8934567890123", "https://elsewhere.example/t/" + TRACK, TRACK])
def test_what_nobody_knows_is_unknown(kiosk: Kiosk, text: str) -> None:
    assert kiosk.scan(text) == {"kind": "unknown"}


def test_an_unknown_link_with_the_server_away_is_said_in_words(
    kiosk: Kiosk, server: QueueServer
) -> None:
    server.stop()
    with pytest.raises(Called) as refused:
        kiosk.scan(TRACK)
    assert (refused.value.status, refused.value.body["code"]) == (503, "unavailable")
    assert "phiếu" in refused.value.body["message"]["vi"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"text": CARD, CARD: 1}, 422),
        ({"text": [CARD]}, 422),
        ({"text": CARD + "x" * 3000}, 422),
        ({}, 422),
    ],
)
def test_a_wrong_body_is_refused_without_repeating_it(
    kiosk: Kiosk, body: dict[str, Any], status: int
) -> None:
    with pytest.raises(Called) as refused:
        call(f"{kiosk.url}/api/scan", body)
    assert refused.value.status == status
    assert not [word for word in OF_THE_CARD if word in str(refused.value.body)]


def test_nothing_of_a_card_is_kept_logged_or_answered(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    answers = [kiosk.scan(CARD), kiosk.scan(CARD.replace("|", "-")), kiosk.scan(CARD[:40])]

    def breaks(text: str, **known: Any) -> Any:
        raise ValueError(f"cannot read {text}")

    with monkeypatch.context() as patched:
        patched.setattr(scans, "meaning_of", breaks)
        answers.append(kiosk.scan(CARD + "|"))
    assert [answer["kind"] for answer in answers[1:]] == ["unknown"] * 3
    answers += [kiosk.view(), kiosk.state(), kiosk.happenings()]
    kiosk.stop()
    kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert kept
    for word in OF_THE_CARD:
        assert word not in caplog.text
        assert word not in str(answers)
        assert not [data for data in kept if word.encode() in data]


@pytest.fixture
def scanner(tmp_path: Path) -> Iterator[SerialScanner]:
    scanner = SerialScanner(tmp_path)
    yield scanner
    scanner.unplug()


@pytest.fixture
def wired(start_kiosk: Callable[..., Kiosk], scanner: SerialScanner) -> Kiosk:
    return start_kiosk(extra=f'[scanner]\ndriver = "serial"\nport = "{scanner.port}"\n').met()


def scanned(kiosk: Kiosk, after: int, count: int = 1) -> list[dict[str, Any]]:
    """What the serial scanner did since, once it is that much."""

    def news() -> list[dict[str, Any]]:
        heard: list[dict[str, Any]] = kiosk.happenings(after)["happenings"]
        return heard if len(heard) >= count else []

    found: list[dict[str, Any]] = until(news)
    return [one["scan"] for one in found]


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b""])
def test_a_serial_scan_ends_with_whatever_the_scanner_sends(
    wired: Kiosk, scanner: SerialScanner, end: bytes
) -> None:
    scanner.send(CARD.encode() + end)
    assert scanned(wired, 0) == [{"kind": "age_group", "elderly": True}]


def test_a_serial_scan_in_pieces_with_noise_before_it(wired: Kiosk, scanner: SerialScanner) -> None:
    scanner.send(b"\xff\x00\x80\r")
    text = YOUNG.encode()
    for at in range(0, len(text), 20):
        scanner.send(text[at : at + 20])
        time.sleep(0.02)
    scanner.send(b"\r")
    assert scanned(wired, 0, 2) == [{"kind": "unknown"}, {"kind": "age_group", "elderly": False}]


def test_what_never_ends_is_dropped_and_the_next_scan_is_read(
    wired: Kiosk, scanner: SerialScanner
) -> None:
    for _ in range(10):
        scanner.send(b"x" * 1000)
    scanner.send(b"\r" + CARD.encode() + b"\r")
    assert scanned(wired, 0) == [{"kind": "age_group", "elderly": True}]


def test_a_scanner_that_was_unplugged_is_opened_again(wired: Kiosk, scanner: SerialScanner) -> None:
    scanner.send(CARD[:30].encode())
    time.sleep(0.15)
    scanner.unplug()
    until(lambda: "ttyACM0" in wired.state()["scanner"])
    scanner.plug_in()
    until(lambda: wired.state()["scanner"] == "")
    scanner.send(YOUNG.encode() + b"\r")
    assert scanned(wired, 0) == [{"kind": "age_group", "elderly": False}]


def test_a_serial_copy_that_is_refused_is_told_to_the_page(
    start_kiosk: Callable[..., Kiosk], scanner: SerialScanner
) -> None:
    serial = f'[scanner]\ndriver = "serial"\nport = "{scanner.port}"\n'
    kiosk = start_kiosk(extra=f"[press]\nburst = 1\nper_minute = 1\n{serial}").met()
    scanner.send(link_of(kiosk).encode() + b"\r\n")
    (scan,) = scanned(kiosk, 0)
    assert (scan["kind"], scan["code"]) == ("refused", "too_many_requests")


def test_waiting_pages_do_not_starve_presses(kiosk: Kiosk) -> None:
    pages = [
        threading.Thread(target=kiosk.happenings, args=(0, f"page-{n}"), daemon=True)
        for n in range(12)
    ]
    for page in pages:
        page.start()
    time.sleep(0.3)
    began = time.monotonic()
    assert kiosk.press()["outcome"] == "printed"
    assert time.monotonic() - began < 2
    assert sum(page.is_alive() for page in pages) == 3
    kiosk.stop()
    for page in pages:
        page.join(timeout=5)
        assert not page.is_alive()
