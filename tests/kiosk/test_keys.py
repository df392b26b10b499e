"""Physical keys on a whole agent: one press, one number, one lamp that tells the truth."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from edge.contacts import Light, OnEdge
from kiosk.answers import PressRefused
from kiosk.happenings import Happenings
from kiosk.key_config import KeyConfig, KeysConfig
from kiosk.keys import Keys
from tests.fakes.printer_emulator import PrinterEmulator
from tests.fakes.queue_server import QueueServer
from tests.kiosk.kiosk_stage import Kiosk, until
from wire.units import Seconds

KEYS = """
[keys]
quiet_s = 1.5
[[button]]
driver = "virtual"
number = 1
service = "ho-tich"
[[button]]
driver = "virtual"
number = 2
service = "dat-dai"
priority = "elderly"
language = "en"
"""


@pytest.fixture
def kiosk(start_kiosk: Callable[..., Kiosk]) -> Kiosk:
    kiosk = start_kiosk(extra=KEYS).met()
    until(lambda: kiosk.light(1) == "on" and kiosk.light(2) == "on")
    return kiosk


def pressed(kiosk: Kiosk) -> list[dict[str, Any]]:
    return [one for one in kiosk.happenings(0)["happenings"] if one["kind"] == "pressed"]


def test_a_key_gives_a_number_of_its_service_and_tells_the_page(
    kiosk: Kiosk, server: QueueServer
) -> None:
    kiosk.key("press 2")
    until(lambda: kiosk.papers() == 1)
    (ticket,) = server.tickets.values()
    assert (ticket["service"], ticket["priority"]) == ("dat-dai", "elderly")
    answer = until(lambda: pressed(kiosk))[0]["answer"]
    assert answer["ticket"]["number"] == ticket["number"]
    assert answer["outcome"] == "printed"
    assert server.tries[0]["language"] == "en"


def test_two_keys_at_once_are_two_numbers(kiosk: Kiosk, server: QueueServer) -> None:
    kiosk.key("press 1\npress 2")
    until(lambda: kiosk.papers() == 2)
    assert {one["service"] for one in server.tickets.values()} == {"ho-tich", "dat-dai"}


def test_who_presses_next_does_not_wait_for_a_printer_that_hangs(
    start_kiosk: Callable[..., Kiosk],
) -> None:
    emulator = PrinterEmulator()
    try:
        emulator.black_hole = True
        port = f'[printer]\ndriver = "network"\nhost = "127.0.0.1"\nport = {emulator.port}\n'
        kiosk = start_kiosk(printer=port, extra=KEYS).met()
        until(lambda: kiosk.light(1) == "on" and kiosk.light(2) == "on")
        began = time.monotonic()
        kiosk.key("press 1\npress 2")
        until(lambda: len(pressed(kiosk)) == 2)
        assert time.monotonic() - began < 1.85
    finally:
        emulator.close()


def test_a_held_or_hammered_key_is_one_number(kiosk: Kiosk, server: QueueServer) -> None:
    kiosk.key("hold 1\nhold 1\nrelease 1\npress 1\npress 1")
    until(lambda: kiosk.light(1) == "off")
    kiosk.key("press 1")  # deaf: somebody may still be taking the paper
    until(lambda: kiosk.light(1) == "on")
    assert len(server.tickets) == 1
    time.sleep(0.3)
    kiosk.key("press 1")
    until(lambda: len(server.tickets) == 2)


def test_the_lamp_blinks_while_asking(kiosk: Kiosk, server: QueueServer) -> None:
    server.behave = "slow"
    kiosk.key("press 1")
    until(lambda: kiosk.light(1) == "blink")
    until(lambda: kiosk.papers() == 1)
    assert pressed(kiosk)[0]["answer"]["mode"] == "offline"
    until(lambda: kiosk.light(1) in ("off", "on"))


def test_a_refusal_blinks_fast_and_tells_the_page(kiosk: Kiosk, server: QueueServer) -> None:
    server.behave = "day_full"
    kiosk.key("press 1")
    until(lambda: kiosk.light(1) == "fast")
    (news,) = until(lambda: kiosk.happenings(0)["happenings"])
    assert (news["kind"], news["service"], news["code"]) == ("refused", "ho-tich", "day_full")
    assert "Hôm nay đã hết lượt" in news["message"]["vi"]
    assert kiosk.light(2) == "on"
    until(lambda: kiosk.light(1) == "on")


def test_without_paper_the_lamp_warns_and_the_number_counts(
    kiosk: Kiosk, server: QueueServer
) -> None:
    kiosk.pretend("paper_out")
    kiosk.key("press 1")
    until(lambda: kiosk.light(1) == "fast")
    assert len(server.waiting()) == 1
    assert pressed(kiosk)[0]["answer"]["outcome"] == "failed"


def test_closed_the_lamps_are_off(start_kiosk: Callable[..., Kiosk], server: QueueServer) -> None:
    server.centre |= {"tickets": False, "opens_at": "2031-01-01T07:30:00+07:00"}
    kiosk = start_kiosk(extra=KEYS).met()
    time.sleep(0.3)
    assert (kiosk.light(1), kiosk.light(2)) == ("off", "off")


def test_a_key_of_a_service_that_is_not_there_is_dark(
    start_kiosk: Callable[..., Kiosk],
) -> None:
    kiosk = start_kiosk(extra=KEYS.replace("dat-dai", "thue")).met()
    until(lambda: kiosk.light(1) == "on")
    assert kiosk.light(2) == "off"


def test_lamps_are_lit_with_the_server_away(kiosk: Kiosk, server: QueueServer) -> None:
    server.stop()
    kiosk.key("press 1")
    until(lambda: kiosk.papers() == 1)
    assert pressed(kiosk)[0]["answer"]["mode"] == "offline"
    until(lambda: kiosk.light(1) == "on" and kiosk.light(2) == "on")


def test_the_state_names_the_keys(kiosk: Kiosk) -> None:
    first, second = kiosk.state()["keys"]
    assert first == {
        "service": "ho-tich", "place": "virtual key 1", "light": "on", "trouble": ""
    }  # fmt: skip
    assert second["place"] == "virtual key 2"


class Contact:
    """A button in the test's hand that can fail."""

    def __init__(self) -> None:
        self.lines = (f"contact {id(self)}",)
        self.shown: list[Light] = []
        self.fails: set[str] = set()
        self.on_edge: OnEdge | None = None

    def open(self, on_edge: OnEdge) -> None:
        self._may_fail("open")
        self.on_edge = on_edge

    def show(self, light: Light) -> None:
        self._may_fail("show")
        self.shown.append(light)

    def close(self) -> None:
        self._may_fail("close")

    def press(self) -> None:
        assert self.on_edge is not None
        self.on_edge(True, Seconds(time.monotonic()))
        self.on_edge(False, Seconds(time.monotonic()))

    def _may_fail(self, what: str) -> None:
        if what in self.fails:
            raise OSError(f"{what} fails")


class BrokenPress:
    """A press that breaks in the worst ways."""

    def __init__(self) -> None:
        self.presses = 0
        self.hold = threading.Event()
        self.hold.set()
        self.error: Exception = RuntimeError("a fault of ours")

    def press(self, request: Any, *, paper_s: float) -> Any:
        self.presses += 1
        self.hold.wait(5)
        raise self.error


@pytest.fixture
def broken(kiosk: Kiosk) -> Any:
    """Keys over a press that always breaks; their contacts; the press."""
    press = BrokenPress()
    contacts = [Contact(), Contact()]
    config = KeysConfig(
        tuple(KeyConfig(one, "none", "vi", "test", contact)
              for one, contact in zip(("ho-tich", "dat-dai"), contacts, strict=True)),
        debounce_s=0.05,
    )  # fmt: skip
    words = kiosk.agent._words
    keys = Keys(config, press, Happenings(), words, lambda service: True)  # type: ignore[arg-type]
    yield keys, contacts, press
    press.hold.set()
    keys.stop()


def test_nothing_that_breaks_ends_the_keys(broken: Any) -> None:
    keys, (one, other), press = broken
    other.fails = {"show", "close"}
    keys.start()
    until(lambda: one.on_edge and other.on_edge)
    one.press()
    until(lambda: press.presses == 1)
    until(lambda: "fast" in one.shown)
    other.press()
    until(lambda: press.presses == 2)
    time.sleep(0.1)
    press.error = PressRefused("centre_closed", 409)
    one.press()
    until(lambda: press.presses == 3)
    until(lambda: keys.state()[1]["trouble"] == "show fails")


def test_what_is_pressed_while_asking_is_the_same_wish(broken: Any) -> None:
    keys, (one, other), press = broken
    keys.start()
    until(lambda: one.on_edge)
    press.hold.clear()
    for _ in range(4):
        one.press()
        time.sleep(0.08)
    other.press()
    press.hold.set()
    until(lambda: press.presses == 2)
    time.sleep(0.2)
    assert press.presses == 2


def test_a_key_that_is_not_there_is_named_and_tried_again(
    broken: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys, (one, other), press = broken
    monkeypatch.setattr("kiosk.keys.RETRY_S", 0.1)
    one.fails = {"open"}
    keys.start()
    until(lambda: keys.state()[0]["trouble"] == "open fails")
    until(lambda: other.on_edge)
    other.press()
    until(lambda: press.presses == 1)
    one.fails = set()
    until(lambda: one.on_edge)
    assert until(lambda: keys.state()[0]["trouble"] == "")
