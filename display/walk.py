"""The commands that go from panel to panel without the agent: self-test and identify."""

import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

from display.advice import BUSY, advice
from display.config import PanelConfig
from display.errors import PanelError, PortBusy
from display.ports import Panel

ROUND_S: Final = 2.0
EVERY_DOT: Final = "8"


def self_test(panels: Sequence[PanelConfig], pause_s: float) -> int:
    """Light every panel in turn; how many failed. One line each on stdout, with advice."""
    failed = 0
    for one in panels:
        began = time.monotonic()
        trouble = told(one.panel, EVERY_DOT * one.panel.text_length)
        took_ms = round(1000 * (time.monotonic() - began))
        if trouble is None:
            time.sleep(pause_s)
            trouble = told(one.panel, "")
        one.panel.close()
        failed += trouble is not None
        print_line(one, _verdict(one.panel, trouble, took_ms))
    return failed


def _verdict(panel: Panel, trouble: PanelError | None, took_ms: int) -> str:
    if trouble is not None:
        return f"FAILED: {trouble}; {advice(trouble)}"
    if not panel.answers:
        return "sent; this panel never answers, so look whether it lit up"
    return f"ok, {took_ms} ms"


def told(panel: Panel, text: str) -> PanelError | None:
    """Have the panel show `text`; what went wrong, if anything did."""
    try:
        panel.show(text, blink=False)
    except PanelError as error:
        return error
    except Exception as error:  # noqa: BLE001 - one broken driver must not end the walk
        return PanelError(f"{type(error).__name__}: {error}")
    return None


def print_line(one: PanelConfig, said: str) -> None:
    """One panel's line on stdout, at once."""
    sys.stdout.write(f"{one.counter}  {one.driver}  {one.panel.place}  {said}\n")
    sys.stdout.flush()


class Identify:
    """Shows each panel its own place in the config and its address, until told to stop.

    Args:
        panels: The panels of the config, in its order.
        say: Called with a panel and what is known of it, whenever that changes.
    """

    def __init__(
        self, panels: Sequence[PanelConfig], say: Callable[[PanelConfig, str], None] = print_line
    ) -> None:
        self._panels = panels
        self._say = say
        self._said: dict[int, str] = {}
        self.failed: set[int] = set()

    def run(self, stopped: threading.Event, seconds: float | None) -> None:
        """Show until `stopped`, or for `seconds`; then darken the panels and free the ports.

        Raises:
            PortBusy: the agent or another program holds a port; nothing was shown on it.
        """
        until = float("inf") if seconds is None else time.monotonic() + seconds
        try:
            while not stopped.is_set():
                self._round(stopped)
                left_s = until - time.monotonic()
                if left_s <= 0 or stopped.wait(min(ROUND_S, left_s)):
                    break
            for one in self._panels:
                told(one.panel, "")
        finally:
            for one in self._panels:
                one.panel.close()

    def _round(self, stopped: threading.Event) -> None:
        for number, one in enumerate(self._panels, start=1):
            if stopped.is_set():
                return
            text = shown_by(number, one.panel)
            trouble = told(one.panel, text)
            if isinstance(trouble, PortBusy):
                raise PortBusy(f"{trouble}: {BUSY}")
            (self.failed.discard if trouble is None else self.failed.add)(number)
            said = f"shows {text}" if trouble is None else f"FAILED: {trouble}; {advice(trouble)}"
            if self._said.get(number) != said:
                self._said[number] = said
                self._say(one, said)


def shown_by(number: int, panel: Panel) -> str:
    """`2-05`: the second panel of the config, at address 05. A number panel shows the address."""
    return f"{number}-{panel.address}" if panel.address else str(number)
