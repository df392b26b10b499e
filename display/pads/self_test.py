"""Trying the pads out, the agent stopped: each is opened, and whoever is there presses its keys."""

import time
from collections.abc import Callable, Iterable
from typing import Final

from display.errors import PadUnavailable
from display.pads.config import PadConfig
from display.pads.ports import PadKey

LISTEN_S: Final = 15.0
LOOK_S: Final = 0.05

Say = Callable[[str], None]


def try_pads(pads: Iterable[PadConfig], *, somebody: bool, say: Say) -> int:
    """Try every pad, and say a line for each; how many failed.

    Args:
        pads: The pads of a config.
        somebody: Whether somebody is there to press: every lamp is lit, it beeps, and each key
            is waited for. Otherwise a pad is only opened and closed.
        say: Takes one line.
    """
    return sum(not _works(one, somebody, say) for one in pads)


def _works(one: PadConfig, somebody: bool, say: Say) -> bool:
    name = f"{one.counter}  {one.driver}  {one.pad.place}"
    heard: list[PadKey] = []
    try:
        one.pad.open(lambda key, down, at_s: heard.append(key) if down else None)
        missing = _listen(one, heard, name, say) if somebody else []
        one.pad.check()
    except PadUnavailable as error:
        say(f"{name}  FAILED: {error}")
        return False
    finally:
        one.pad.close()
    if missing:
        say(f"{name}  FAILED: not heard: {', '.join(missing)}")
    else:
        say(f"{name}  ok: {', '.join(one.pad.keys)}")
    return not missing


def _listen(one: PadConfig, heard: list[PadKey], name: str, say: Say) -> list[PadKey]:
    say(f"{name}  press each key once: {', '.join(one.pad.keys)} ({LISTEN_S:.0f} s)")
    one.pad.show(dict.fromkeys(one.pad.lamps, "on"))
    one.pad.beep(1)
    until_s = time.monotonic() + LISTEN_S
    while (missing := [key for key in one.pad.keys if key not in heard]) and (
        time.monotonic() < until_s
    ):
        time.sleep(LOOK_S)
    return missing
