"""Every printer status at every step of a slip, over every wire.

Whatever happens: printed is only said of what came out whole, a refusal has moved no paper,
nothing is printed twice, and nothing waits longer than it may.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.errors import CoverOpen, PaperOut, PrinterError, PrinterFault, PrinterUnreachable
from kiosk.ports import PrintReceipt
from tests.fakes.printer_bench import SLIP, WIRED, Bench, wired_bench
from wire.units import Seconds

TIMEOUT_S = Seconds(3.0)
SILENT_TIMEOUT_S = Seconds(1.0)
"""Where nothing comes any more the whole time is waited for; else a busy machine may need it."""
LIMIT_S = 3.0
"""Over the slip's time: its bytes on a serial wire (0.73 s), and what a busy machine adds."""

REFUSALS: dict[str, type[PrinterError]] = {
    "paper_out": PaperOut,
    "cover_open": CoverOpen,
    "fault": PrinterFault,
    "offline": PrinterFault,
    "unplugged": PrinterUnreachable,
}
CONDITIONS = ("ok", "near_end", *REFUSALS, "silent", "black_hole")
STEPS = ("before", "question", "first band", "second band", "cut", "confirm", "between")
WELL = ("ok", "near_end")
WHOLE = "network"
ALWAYS = (WHOLE, "serial")
ELSEWHERE = ("question", "second band", "confirm")


@contextmanager
def wired(wire: str, folder: Path, *, automatic: bool = False) -> Iterator[Bench]:
    """A printer on that wire; an `automatic` one tells of trouble by itself."""
    made = wired_bench(wire, folder, automatic=automatic)
    try:
        yield made
    finally:
        made.close()


def printed(bench: Bench, timeout_s: Seconds = TIMEOUT_S) -> PrintReceipt | PrinterError:
    """What the driver makes of one slip, within its time."""
    begun = time.monotonic()
    try:
        return bench.printer.print_slip(SLIP, timeout_s=timeout_s)
    except PrinterError as error:
        return error
    finally:
        assert time.monotonic() - begun < timeout_s + LIMIT_S


def prepare(bench: Bench, step: str, condition: str) -> None:
    """Let `condition` befall the printer at `step` of the next slip."""
    if step == "between":
        first = printed(bench)
        assert isinstance(first, PrintReceipt)
        assert first.outcome == "printed"
    if step in ("before", "between"):
        bench.device.befall(condition)
        told = time.monotonic() + 2
        while bench.device.unasked and time.monotonic() < told:
            time.sleep(0.01)
        time.sleep(0.15 if bench.device.asb else 0.05)
    else:
        bench.device.strike_after = 2 if step == "second band" else 1
        bench.device.strike = (step.split()[-1], condition)


def check(bench: Bench, step: str, condition: str) -> None:
    """One slip under that condition at that step, then one after it is over."""
    prepare(bench, step, condition)
    whole_before = bench.device.whole()
    papers_before = bench.slips()
    # One that tells by itself is not asked: then nothing keeps it from printing.
    mute = condition in ("silent", "black_hole") and not (bench.device.asb and step == "question")
    result = printed(bench, SILENT_TIMEOUT_S if mute else TIMEOUT_S)
    if bench.device.strike is not None:
        assert step == "question", "that step was never reached"
        condition = "ok"  # it had told how it is, and was not asked
    new_papers = bench.slips() - papers_before
    new_whole = bench.device.whole() - whole_before
    assert new_papers <= 1, "printed twice"
    if condition in WELL:
        assert isinstance(result, PrintReceipt)
        assert (result.outcome, new_whole) == ("printed", 1)
    elif isinstance(result, PrinterError):
        assert new_papers == 0, f"'{result}', yet paper moved"
        if condition in REFUSALS:
            assert isinstance(result, REFUSALS[condition])
    elif result.outcome == "printed":
        assert new_whole == 1, "said to be printed, and is not"
    else:
        assert result.bytes_sent > 0
    expected(bench, step, condition, result)
    recovers(bench)


def expected(bench: Bench, step: str, condition: str, result: PrintReceipt | PrinterError) -> None:
    """The outcome to the word, where the wire does not matter."""
    early = step in ("before", "question", "between")
    if condition in REFUSALS and early:
        assert isinstance(result, REFUSALS[condition])
    elif condition in REFUSALS:
        assert isinstance(result, PrintReceipt)
        if condition == "unplugged":
            assert result.outcome == "unknown"
        else:
            reason = REFUSALS[condition].reason
            assert (result.outcome, result.reason) == ("failed", reason)
    elif condition not in WELL and early and not isinstance(result, PrinterError):
        assert result.outcome == "unknown"


def recovers(bench: Bench) -> None:
    """Once all is well, one slip is one whole paper; what broke off does not garble it."""
    bench.device.strike = None
    bench.device.befall("ok")
    end = time.monotonic() + 3
    while (status := bench.printer.status()).paper != "ok":
        assert time.monotonic() < end, status
        time.sleep(0.02)
    assert status.state == "ok"
    whole_before = bench.device.whole()
    result = printed(bench)
    assert isinstance(result, PrintReceipt)
    assert result.outcome == "printed"
    assert bench.device.whole() - whole_before in (1, 2)  # the one that broke off may end now
    last = bench.device.printed()[-1]
    assert last.cut
    assert last.stray == b""
    assert last.rows[:40] == [bytes(range(60)) + bytes(12)] * 40
    assert len(last.rows) == SLIP.rows + 96


def every_case(*wires: str) -> list[object]:
    """Each wire, condition and step. TCP always goes through all of them; the others say the
    same in other words, and do so whole in the long campaigns only.
    """
    return [
        pytest.param(
            (wire, condition, step),
            id=f"{wire}-{condition}-{step}",
            marks=[] if wire == WHOLE or step in ELSEWHERE else pytest.mark.full,
        )
        for wire in wires
        for condition in CONDITIONS
        for step in STEPS
    ]


@pytest.mark.parametrize("case", every_case(*WIRED))
def test_any_status_at_any_step(case: tuple[str, str, str], tmp_path: Path) -> None:
    wire, condition, step = case
    with wired(wire, tmp_path) as bench:
        check(bench, step, condition)


@pytest.mark.parametrize("case", every_case(*ALWAYS))
def test_of_a_printer_that_tells_by_itself(case: tuple[str, str, str], tmp_path: Path) -> None:
    wire, condition, step = case
    with wired(wire, tmp_path, automatic=True) as bench:
        check(bench, step, condition)
