"""The printer's thread on a real wire: what it does while paper is out, and once it is back."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from kiosk import printing
from tests.fakes.printer_emulator import PrinterEmulator
from tests.kiosk.kiosk_stage import Kiosk, until

Start = Callable[..., Kiosk]


@pytest.fixture
def emulator() -> Iterator[PrinterEmulator]:
    made = PrinterEmulator()
    yield made
    made.close()


@pytest.fixture
def kiosk(start_kiosk: Start, emulator: PrinterEmulator) -> Kiosk:
    printer = f'[printer]\ndriver = "network"\nhost = "127.0.0.1"\nport = {emulator.port}\n'
    return start_kiosk(printer=printer).met()


def test_it_learns_of_near_end_and_its_end_by_itself(
    kiosk: Kiosk, emulator: PrinterEmulator
) -> None:
    emulator.befall("near_end")
    limit_s = printing.LOOK_EVERY_S + 2
    until(lambda: kiosk.view()["printer"]["paper"] == "low", limit_s)
    assert kiosk.view()["printer"]["state"] == "warn"
    emulator.befall("ok")
    until(lambda: kiosk.view()["printer"]["state"] == "ok", limit_s)
    assert emulator.printed() == []


def test_without_paper_everybody_is_told_at_once_and_nothing_is_printed_late(
    kiosk: Kiosk, emulator: PrinterEmulator
) -> None:
    emulator.befall("paper_out")
    answers = []

    def press() -> None:
        begun = time.monotonic()
        answer = kiosk.press("ho-tich")
        answers.append((answer["outcome"], time.monotonic() - begun))
        ids.append(answer["ticket"]["id"])

    ids: list[str] = []
    citizens = [threading.Thread(target=press) for _ in range(4)]
    for citizen in citizens:
        citizen.start()
    for citizen in citizens:
        citizen.join()
    assert [outcome for outcome, _ in answers] == ["failed"] * 4
    assert max(took_s for _, took_s in answers) < 2
    assert kiosk.view()["printer"] == {"state": "error", "paper": "out", "cover": "unknown"}

    emulator.befall("ok")
    until(lambda: kiosk.view()["printer"]["state"] == "ok", printing.LOOK_EVERY_S + 2)
    assert emulator.printed() == [], "an old slip was printed by itself"
    offered = {entry["id"] for entry in kiosk.view()["unprinted"]}
    assert offered == set(ids)
    entry = kiosk.agent.journal.find(ids[0])
    assert entry is not None
    assert entry.papers == 0  # so that its first paper, printed late, is no copy
    assert kiosk.agent.press.copy(ids[0]).outcome == "printed"
    assert len(emulator.printed()) == 1


def test_a_slip_that_broke_off_makes_the_next_a_copy(
    kiosk: Kiosk, emulator: PrinterEmulator
) -> None:
    emulator.strike = ("band", "paper_out")
    answer = kiosk.press("ho-tich")
    assert answer["outcome"] == "failed"
    entry = kiosk.agent.journal.find(answer["ticket"]["id"])
    assert entry is not None
    assert entry.papers == 1
