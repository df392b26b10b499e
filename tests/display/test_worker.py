"""Turn-taking on a wire: who is first, what is repeated, how death and healing are seen."""

import itertools
import statistics
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from display import turns
from display.drivers.panel_virtual import VirtualPanel
from display.errors import PanelSilent
from display.turns import Slot
from display.worker import WireWorker
from tests.edge.test_link import eventually


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same rhythm, ten times as fast."""
    for name in ("REFRESH_S", "RETRY_S", "FIRST_RETRY_S", "BLINK_S"):
        monkeypatch.setattr(turns, name, getattr(turns, name) / 10)


class SlowPanel(VirtualPanel):
    """Takes its time to answer, dead or alive, and shows who is on the wire at once."""

    on_wire = 0
    most_on_wire = 0

    def show(self, text: str, *, blink: bool) -> None:
        SlowPanel.on_wire += 1
        SlowPanel.most_on_wire = max(SlowPanel.most_on_wire, SlowPanel.on_wire)
        time.sleep(0.05)
        SlowPanel.on_wire -= 1
        super().show(text, blink=blink)


Start = Callable[..., tuple[WireWorker, list[Slot]]]


@pytest.fixture
def start() -> Iterator[Start]:
    running: list[WireWorker] = []

    def begin(*panels: VirtualPanel) -> tuple[WireWorker, list[Slot]]:
        slots = [Slot(f"q{n}", "virtual", panel) for n, panel in enumerate(panels, start=1)]
        running.append(WireWorker("test", slots))
        running[-1].start()
        return running[-1], slots

    yield begin
    for one in running:
        one.stop()


def test_a_call_is_on_the_panel_at_once_and_repeated_for_ever(start: Start) -> None:
    panel = VirtualPanel()
    serving, (slot,) = start(panel)
    began = time.monotonic()
    serving.want(slot, "H047", call=False)
    eventually(lambda: len(panel.shown) >= 4)
    times = [frame.at for frame in panel.shown]
    assert times[0] - began < 0.3
    assert all(0.3 < b - a < 1.5 for a, b in itertools.pairwise(times))
    assert {frame.text for frame in panel.shown} == {"H047  "}
    assert slot.sent_at is not None


def test_nothing_is_sent_before_anything_is_known(start: Start) -> None:
    panel = VirtualPanel()
    start(panel)
    time.sleep(0.7)
    assert not panel.shown


def test_a_call_blinks_for_a_while_and_a_recall_again(start: Start) -> None:
    panel = VirtualPanel()
    serving, (slot,) = start(panel)
    serving.want(slot, "H047", call=True)
    eventually(lambda: panel.shown and panel.shown[-1].blink)
    assert 0.3 < eventually(lambda: not panel.shown[-1].blink) < 1.5
    serving.want(slot, "H047", call=False)
    time.sleep(0.1)
    assert not panel.shown[-1].blink
    serving.want(slot, "H047", call=True)
    eventually(lambda: panel.shown[-1].blink)
    assert {frame.text for frame in panel.shown} == {"H047  "}


def test_a_changed_panel_goes_before_a_round_of_refreshes(start: Start) -> None:
    panels = [SlowPanel() for _ in range(12)]
    serving, slots = start(*panels)
    for slot in slots:
        serving.want(slot, "----", call=False)
    eventually(lambda: all(slot.sent for slot in slots))
    waited_s = []
    # A round of refreshes takes 0.6 s and is due every 0.5 s: the wire is never idle.
    for turn, (slot, panel) in enumerate(zip(slots, panels, strict=True)):
        began = time.monotonic()
        serving.want(slot, f"H{turn:03}", call=False)
        eventually(lambda turn=turn, panel=panel: panel.text == f"H{turn:03}  ")
        waited_s.append(time.monotonic() - began)
    assert statistics.median(waited_s) < 0.2  # in its turn it would wait 0.3 s
    assert SlowPanel.most_on_wire == 1


def test_a_dead_panel_is_known_soon_does_not_hold_up_its_neighbours_and_heals(
    start: Start,
) -> None:
    panels = [VirtualPanel() for _ in range(3)]
    serving, slots = start(*panels)
    for slot in slots:
        serving.want(slot, "----", call=False)
    eventually(lambda: all(slot.sent for slot in slots))
    panels[0].trouble = PanelSilent("no answer in time")
    assert eventually(lambda: slots[0].dead) < 1.5
    assert (slots[0].trouble, slots[0].detail) == ("silent", "no answer in time")
    serving.want(slots[1], "A001", call=False)
    assert eventually(lambda: panels[1].text == "A001  ") < 0.4
    serving.want(slots[0], "A002", call=False)
    panels[0].trouble = None
    assert eventually(lambda: not slots[0].dead) < 1.0
    assert panels[0].text == "A002  "
    assert slots[0].trouble == ""


def test_one_lost_answer_is_made_good_without_alarm(start: Start) -> None:
    panel = VirtualPanel()
    serving, (slot,) = start(panel)
    panel.trouble = PanelSilent("no answer in time")
    serving.want(slot, "A001", call=False)
    eventually(lambda: slot.failures == 1)
    panel.trouble = None
    assert eventually(lambda: slot.sent is not None) < 0.4
    assert not slot.dead


def test_a_driver_that_breaks_is_a_dead_panel_not_a_dead_thread(start: Start) -> None:
    class Broken(VirtualPanel):
        def show(self, text: str, *, blink: bool) -> None:
            raise ZeroDivisionError("a mistake in the driver")

    good = VirtualPanel()
    serving, slots = start(Broken(), good)
    for slot in slots:
        serving.want(slot, "A001", call=False)
    eventually(lambda: slots[0].dead and slots[1].sent)
    assert slots[0].trouble == "driver"
    assert "ZeroDivisionError" in slots[0].detail


def test_a_guest_that_breaks_does_not_take_the_panels_with_it() -> None:
    class Broken:
        served = 0

        def due_at(self, now: float) -> float:
            return now if self.served < 3 else turns.NEVER

        def serve(self) -> None:
            self.served += 1
            raise ZeroDivisionError("a mistake in the pad")

        def close(self) -> None:
            self.served = -1

    guest, slot = Broken(), Slot("q1", "virtual", VirtualPanel())
    serving = WireWorker("test", [slot], [guest])
    serving.start()
    eventually(lambda: guest.served == 3)
    serving.want(slot, "A001", call=False)
    eventually(lambda: slot.sent)
    serving.stop()
    assert guest.served == -1


def test_stop_ends_the_thread_and_leaves_the_text(start: Start) -> None:
    panel = VirtualPanel()
    serving, (slot,) = start(panel)
    serving.want(slot, "A001", call=False)
    eventually(lambda: slot.sent)
    serving.stop()
    assert not any(thread.name == "wire test" for thread in threading.enumerate())
    assert panel.text == "A001  "
