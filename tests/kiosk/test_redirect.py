"""A number for another centre, taken at this kiosk: offered, printed, kept, and never its own."""

import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.printer_emulator import PrinterEmulator
from tests.fakes.queue_server import ELSEWHERE, QueueServer
from tests.kiosk.kiosk_stage import Called, Kiosk, KioskProcess, call, until, write_config

NOTHING = {"wait": None, "fits": True, "offers": []}
OFFERS = {
    "centre": "binh-duong", "service": "ho-tich", "as_of": "2026-11-23T09:42:00+07:00",
    "waiting": 19, "wait": {"likely_s": 2700, "high_s": 3600}, "fits": True,
    "closes_at": None, "left": None, "opens_next": None,
    "offers": [
        {"centre": "thuan-an", "name": ELSEWHERE, "address": "86 Nguyễn Trãi", "km": 3.2,
         "travel_s": 540, "wait_s": 240, "total_s": 780, "saved_s": 1920, "waiting": 2},
    ],
}  # fmt: skip

Start = Callable[[Path, int], KioskProcess]


def test_the_servers_offer_is_passed_on(kiosk: Kiosk, server: QueueServer) -> None:
    server.offers = OFFERS
    offered = kiosk.offer(priority="elderly")
    assert {**offered, "as_of": None} == {**OFFERS, "as_of": None}
    assert server.asked == ["service=ho-tich&priority=elderly"]


def test_without_an_answer_there_is_nothing_to_offer(kiosk: Kiosk, server: QueueServer) -> None:
    assert kiosk.offer("khong-co") == NOTHING
    server.offers, server.offers_after_s = OFFERS, 3.0
    begun = time.monotonic()
    assert kiosk.offer() == NOTHING
    assert time.monotonic() - begun < 0.8
    assert kiosk.press()["mode"] == "online", "a slow offer says nothing of the server's numbers"
    server.release.set()
    server.offers = {"fits": "perhaps"}
    assert kiosk.offer() == NOTHING
    server.stop()
    assert kiosk.offer() == NOTHING
    assert kiosk.press()["mode"] == "offline"
    for query in ("", "service=H+T", "service=ho-tich&priority=vip", "service=ho-tich&near=1"):
        with pytest.raises(Called) as refused:
            call(f"{kiosk.url}/api/offer?{query}")
        assert (refused.value.status, refused.value.body["code"]) == (422, "invalid_body")


def test_the_other_centres_number_is_printed_here(kiosk: Kiosk, server: QueueServer) -> None:
    answer = kiosk.redirect(language="en")
    ticket = answer["ticket"]
    assert (ticket["number"], answer["outcome"], answer["mode"]) == ("R001", "printed", "online")
    assert answer["centre"] == ELSEWHERE
    assert (ticket["zone"], ticket["counters"]) == (None, [])
    assert ticket["address"] == "86 Nguyễn Trãi, phường Lái Thiêu"
    due, void = (datetime.fromisoformat(ticket[name]) for name in ("due_at", "void_at"))
    assert (void - due).total_seconds() == 1800
    assert ticket["track_url"] == f"https://so.example.vn/t/{'R' * 22}"
    assert kiosk.papers() == 1
    assert call(f"{kiosk.url}/api/tickets/{ticket['id']}") == answer
    (tried,) = server.tries
    assert {name: tried[name] for name in ("service", "to", "language")} == {
        "service": "ho-tich",
        "to": "thuan-an",
        "language": "en",
    }
    assert kiosk.state()["outbox"] == 0
    assert "centre" not in kiosk.press(), "a number of this centre's is as ever"


@pytest.mark.parametrize(
    ("behave", "status", "code", "says"),
    [
        ("centre_closed", 409, "centre_closed", "Nơi kia hiện không cấp được số."),
        ("day_full", 409, "day_full", "Nơi kia hiện không cấp được số."),
        ("unknown_service", 409, "unknown_service", "Nơi kia hiện không cấp được số."),
        ("unauthenticated", 503, "unavailable", "Chưa giữ được số ở nơi kia."),
        ("unavailable", 503, "unavailable", "Chưa giữ được số ở nơi kia."),
        ("silent", 503, "unavailable", "Chưa giữ được số ở nơi kia."),
        ("too_many_requests", 429, "too_many_requests", "Máy vừa cấp nhiều số"),
    ],
)
def test_whoever_gets_none_there_takes_one_here(
    kiosk: Kiosk, server: QueueServer, behave: str, status: int, code: str, says: str
) -> None:
    server.behave = behave
    begun = time.monotonic()
    with pytest.raises(Called) as refused:
        kiosk.redirect()
    assert time.monotonic() - begun < 2.0
    assert (refused.value.status, refused.value.body["code"]) == (status, code)
    assert refused.value.body["message"]["vi"].startswith(says)
    assert (kiosk.papers(), kiosk.agent.journal.attempts()) == (0, [])
    server.behave = "ok"
    assert kiosk.press()["outcome"] == "printed"


def test_with_the_server_away_there_is_no_other_centre(kiosk: Kiosk, server: QueueServer) -> None:
    server.stop()
    for _ in range(2):
        with pytest.raises(Called) as refused:
            kiosk.redirect()
        assert refused.value.status == 503
    assert kiosk.press()["ticket"]["number"] == "H700"
    server.start()
    until(lambda: kiosk.state()["outbox"] == 0)
    assert [ticket["number"] for ticket in server.tickets.values()] == ["H700"]


def test_a_number_of_the_same_name_is_no_clash(kiosk: Kiosk, server: QueueServer) -> None:
    """The other centre may have given out H700, too."""
    server.stop()
    assert kiosk.press()["ticket"]["number"] == "H700"
    server.start()
    until(lambda: kiosk.state()["outbox"] == 0 and not kiosk.view()["offline"])
    keep = server._keep
    server._keep = lambda key, body, number, *more: keep(key, body, "H700", *more)  # type: ignore[method-assign]
    assert kiosk.redirect()["ticket"]["number"] == "H700"
    assert kiosk.papers() == 2


@pytest.mark.parametrize("fields", [{"to": ""}, {"to": "A B"}, {"priority": "elderly"}])
def test_a_redirect_that_is_none_is_refused(kiosk: Kiosk, fields: dict[str, Any]) -> None:
    with pytest.raises(Called) as refused:
        kiosk.redirect(**fields)
    assert (refused.value.status, refused.value.body["code"]) == (422, "invalid_body")


def test_paper_out_keeps_the_number_and_a_copy_is_its_own_slip(
    kiosk: Kiosk, server: QueueServer
) -> None:
    kiosk.pretend("paper_out")
    answer = kiosk.redirect()
    assert (answer["outcome"], answer["ticket"]["number"]) == ("failed", "R001")
    kiosk.pretend("ok")
    copy = call(f"{kiosk.url}/api/tickets/{answer['ticket']['id']}/copy", {})
    assert (copy["outcome"], copy["centre"]) == ("printed", ELSEWHERE)


def start_on_emulator(
    tmp_path: Path, server: QueueServer, port: int, emulator: PrinterEmulator, start: Start
) -> tuple[KioskProcess, Path]:
    printer = f'[printer]\ndriver = "network"\nhost = "127.0.0.1"\nport = {emulator.port}\n'
    config = write_config(tmp_path, server, port=port, printer=printer)
    kiosk = start(config, port)
    until(lambda: call(f"{kiosk.url}/api/view")["ready"])
    return kiosk, config


def redirect_until_killed(kiosk: KioskProcess) -> threading.Thread:
    def go() -> None:
        try:
            call(f"{kiosk.url}/api/redirect", {"service": "ho-tich", "to": "thuan-an"})
        except (OSError, Called):
            return

    thread = threading.Thread(target=go)
    thread.start()
    return thread


def test_killed_while_the_paper_moves(
    tmp_path: Path, server: QueueServer, free_port: Callable[[], int], start_process: Start
) -> None:
    emulator, port = PrinterEmulator(), free_port()
    emulator.prints_for_s = 1.0
    kiosk, config = start_on_emulator(tmp_path, server, port, emulator, start_process)
    asking = redirect_until_killed(kiosk)
    until(lambda: emulator.printed())
    kiosk.kill()
    asking.join()
    papers, tries = len(emulator.printed()), len(server.tries)
    emulator.prints_for_s = 0.0
    kiosk = start_process(config, port)
    try:
        until(lambda: not call(f"{kiosk.url}/api/view")["offline"])
        (known,) = call(f"{kiosk.url}/api/view")["unprinted"]
        assert (known["number"], known["outcome"]) == ("R001", "unknown")
        assert len(emulator.printed()) == papers
        copy = call(f"{kiosk.url}/api/tickets/{known['id']}/copy", {})
        assert (copy["outcome"], copy["centre"]) == ("printed", ELSEWHERE)
        time.sleep(0.5)
        assert len(server.tries) == tries, "it is never handed in"
        assert call(f"{kiosk.url}/api/state")["outbox"] == 0
    finally:
        kiosk.stop()
        emulator.close()


def test_killed_while_the_server_has_the_try(
    tmp_path: Path, server: QueueServer, free_port: Callable[[], int], start_process: Start
) -> None:
    port = free_port()
    config = write_config(tmp_path, server, port=port)
    kiosk = start_process(config, port)
    until(lambda: call(f"{kiosk.url}/api/view")["ready"])
    server.behave = "loses_answer"
    asking = redirect_until_killed(kiosk)
    until(lambda: server.tickets)
    kiosk.kill()
    asking.join()
    server.behave = "ok"
    kiosk = start_process(config, port)
    try:
        (known,) = until(lambda: call(f"{kiosk.url}/api/view")["unprinted"])
        assert (known["number"], known["outcome"]) == ("R001", "failed")
        assert len(server.tickets) == 1
        copy = call(f"{kiosk.url}/api/tickets/{known['id']}/copy", {})
        assert (copy["outcome"], copy["centre"]) == ("printed", ELSEWHERE)
    finally:
        kiosk.stop()


def test_a_try_of_long_ago_is_not_made_again(
    start_kiosk: Callable[..., Kiosk], server: QueueServer
) -> None:
    kiosk = start_kiosk().met()
    attempt = kiosk.agent.press.new_attempt("redirect", "ho-tich", "none", "vi", "thuan-an")
    kiosk.agent.journal.begin(attempt)
    assert kiosk.agent.journal.attempts() == [attempt]
    old = "01000000-0000-7000-8000-000000000000"
    assert kiosk.agent.redirects.look_into(type(attempt)(**{**vars(attempt), "id": old}))
    assert (server.tries, kiosk.agent.journal.attempts()) == ([], [])


def test_a_journal_of_before_gains_its_tables(start_kiosk: Callable[..., Kiosk]) -> None:
    kiosk = start_kiosk().met()
    number = kiosk.press()["ticket"]
    for table in ("elsewhere", "attempt_elsewhere"):
        kiosk.agent.journal.database.run(f"DROP TABLE {table}")
    kiosk.stop()
    kiosk = start_kiosk().met()
    assert call(f"{kiosk.url}/api/tickets/{number['id']}")["ticket"] == number
    assert kiosk.redirect()["ticket"]["number"] == "R002"
