"""kill -9 at bad moments, on a real agent process: no number twice, none lost."""

import sqlite3
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.fakes.printer_emulator import PrinterEmulator
from tests.fakes.queue_server import QueueServer
from tests.kiosk.kiosk_stage import KioskProcess, call, until, write_config

QUEUED_TICKET = """
INSERT INTO ticket (id, day, number, service, priority, language, track_url, mode, issued_at,
    boot_id, ticks_s, trusted, paper, handed)
VALUES ('0198a000-0000-7000-8000-000000000009', NULL, 'H009', 'ho-tich', 'none', 'vi',
    'https://so.example.vn/t/AAAAAAAAAAAAAAAAAAAAAA', 'online',
    ?, 'x', 1.0, 1, 'queued', 'not_needed')
"""

Start = Callable[[Path, int], KioskProcess]


@pytest.mark.timeout(180)
def test_killed_again_and_again_while_pressed_offline(
    tmp_path: Path, server: QueueServer, free_port: Callable[[], int], start_process: Start
) -> None:
    port = free_port()
    extra = "[press]\nburst = 1000\nper_minute = 6000\n"
    config = write_config(tmp_path, server, port=port, extra=extra)
    seen: list[str] = []
    kiosk = start_process(config, port)
    until(lambda: call(f"{kiosk.url}/api/view")["ready"])
    server.stop()

    for round_ in range(3):
        pressing = [
            threading.Thread(target=kiosk.press_until_killed, args=(seen,)) for _ in range(2)
        ]
        for thread in pressing:
            thread.start()
        until(lambda shown=2 * round_ + 2: len(seen) >= shown, 30)
        time.sleep(0.07 * round_)
        kiosk.kill()
        for thread in pressing:
            thread.join()
        kiosk = start_process(config, port)
    rss_mb = kiosk.rss_mb()
    server.start()
    until(lambda: call(f"{kiosk.url}/api/state")["outbox"] == 0, 20)
    assert kiosk.stop() == 0
    handed_in = [ticket["number"] for ticket in server.tickets.values()]
    assert len(seen) > 3
    assert len(set(seen)) == len(seen)
    assert set(seen) <= set(handed_in)
    assert len(set(handed_in)) == len(handed_in)
    assert rss_mb <= 80


def test_killed_while_the_paper_moves(
    tmp_path: Path, server: QueueServer, free_port: Callable[[], int], start_process: Start
) -> None:
    emulator = PrinterEmulator()
    emulator.prints_for_s = 1.0
    port = free_port()
    printer = f'[printer]\ndriver = "network"\nhost = "127.0.0.1"\nport = {emulator.port}\n'
    config = write_config(tmp_path, server, port=port, printer=printer)
    kiosk = start_process(config, port)
    until(lambda: call(f"{kiosk.url}/api/view")["ready"])
    pressing = threading.Thread(target=kiosk.press_until_killed, args=([],))
    pressing.start()
    until(lambda: emulator.printed())
    kiosk.kill()
    pressing.join()
    papers = len(emulator.printed())
    emulator.prints_for_s = 0
    kiosk = start_process(config, port)
    try:
        until(lambda: not call(f"{kiosk.url}/api/view")["offline"])
        (open_one,) = call(f"{kiosk.url}/api/view")["unprinted"]
        assert (open_one["number"], open_one["outcome"]) == ("H001", "unknown")
        assert len(emulator.printed()) == papers
        assert [ticket["number"] for ticket in server.waiting()] == ["H001"]
        copy = call(f"{kiosk.url}/api/tickets/{open_one['id']}/copy", {})
        assert copy["outcome"] == "printed"
        assert call(f"{kiosk.url}/api/view")["unprinted"] == []
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
    pressing = threading.Thread(target=kiosk.press_until_killed, args=([],))
    pressing.start()
    until(lambda: server.tickets)
    kiosk.kill()
    pressing.join()
    server.behave = "ok"
    kiosk = start_process(config, port)
    try:
        (known,) = until(lambda: call(f"{kiosk.url}/api/view")["unprinted"])
        assert (known["number"], known["outcome"]) == ("H001", "failed")
        assert kiosk.press()["ticket"]["number"] == "H002"
    finally:
        kiosk.stop()


@pytest.mark.timeout(180)
def test_killed_again_and_again_while_handing_in(
    tmp_path: Path, server: QueueServer, free_port: Callable[[], int], start_process: Start
) -> None:
    """Between sending, the server's taking and the kiosk's noting: wherever it falls."""
    port = free_port()
    extra = "[press]\nburst = 1000\nper_minute = 6000\n"
    config = write_config(tmp_path, server, port=port, extra=extra)
    kiosk = start_process(config, port)
    until(lambda: call(f"{kiosk.url}/api/view")["ready"])
    server.stop()
    given = [kiosk.press()["ticket"]["number"] for _ in range(24)]
    server.answer_pause_s = 0.05
    server.start()
    for taken in (1, 6, 12):
        until(lambda taken=taken: len(server.tickets) >= taken)
        kiosk.kill()
        kiosk = start_process(config, port)
    until(lambda: call(f"{kiosk.url}/api/state")["outbox"] == 0, 20)
    assert call(f"{kiosk.url}/api/state")["refused"] == 0
    assert [ticket["number"] for ticket in server.tickets.values()] == given
    keys = [try_["key"] for try_ in server.tries]
    assert len(keys) > len(set(keys)) == len(given)
    assert kiosk.stop() == 0


def test_killed_between_the_journal_and_the_paper(
    tmp_path: Path, server: QueueServer, free_port: Callable[[], int], start_process: Start
) -> None:
    """The number is kept and no paper moved: its first paper, printed late, is no copy."""
    emulator = PrinterEmulator()
    port = free_port()
    printer = f'[printer]\ndriver = "network"\nhost = "127.0.0.1"\nport = {emulator.port}\n'
    config = write_config(tmp_path, server, port=port, printer=printer)
    kiosk = start_process(config, port)
    until(lambda: call(f"{kiosk.url}/api/view")["ready"])
    kiosk.kill()
    database = sqlite3.connect(tmp_path / "data" / "kiosk.db")
    just_now = datetime.now(UTC).isoformat(timespec="microseconds")
    database.execute(QUEUED_TICKET, (just_now,))
    database.commit()
    database.close()
    kiosk = start_process(config, port)
    try:
        until(lambda: call(f"{kiosk.url}/api/view")["ready"])
        (open_one,) = call(f"{kiosk.url}/api/view")["unprinted"]
        assert (open_one["number"], open_one["outcome"]) == ("H009", "failed")
        assert emulator.printed() == []
        first = call(f"{kiosk.url}/api/tickets/{open_one['id']}/copy", {})
        assert first["outcome"] == "printed"
        second = call(f"{kiosk.url}/api/tickets/{open_one['id']}/copy", {})
        assert second["outcome"] == "printed"
        late, copy = emulator.printed()
        assert late.raw != copy.raw
    finally:
        kiosk.stop()
        emulator.close()
