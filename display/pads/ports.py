"""What the agent asks of a driver of call keys."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Literal, Protocol, get_args

from edge.contacts import Light
from wire.checks import Table
from wire.units import Seconds

PadKey = Literal["next", "recall", "no_show", "help"]
PadLamp = Literal["waiting", "link", "call", "help"]

PAD_KEYS: Final[tuple[PadKey, ...]] = get_args(PadKey)
PAD_LAMPS: Final[tuple[PadLamp, ...]] = get_args(PadLamp)

Lights = Mapping[PadLamp, Light]
"""What each lamp should do; lamps that are not named stay as they are."""

OnKey = Callable[[PadKey, bool, Seconds], None]
"""Told of each edge of a key: which, whether it closed, and when (monotonic seconds)."""


class Pad(Protocol):
    """The call keys of one counter, with what lamps and buzzer they have.

    A driver must report edges as they come, repeats too, and leave judging them to the agent. It
    may report from any thread; everything else is called from one thread, the pad's own. A pad
    that tells of presses only reports that its key opened at once after it closed.
    """

    @property
    def lines(self) -> tuple[str, ...]:
        """What it occupies, such as `GPIO5` or a device; no two pads share one."""
        ...

    @property
    def place(self) -> str:
        """Where to find it, for people: `GPIO5, GPIO6` or `/dev/ttyUSB0 · 3`."""
        ...

    @property
    def keys(self) -> tuple[PadKey, ...]:
        """The keys it has."""
        ...

    @property
    def lamps(self) -> tuple[PadLamp, ...]:
        """The lamps it has; may be none."""
        ...

    @property
    def sounds(self) -> bool:
        """Whether `beep` can be heard."""
        ...

    def open(self, on_key: OnKey) -> None:
        """Take the device and report edges from now on; its lamps are dark.

        Args:
            on_key: Only enqueues; safe to call from any thread.

        Raises:
            PadUnavailable: the device or its library is not there, or is taken; nothing is held.
                May be tried again.
        """
        ...

    def check(self) -> None:
        """Make sure that keys are still heard; asked about once a second, returns at once.

        Raises:
            PadUnavailable: they are not; the agent closes the pad and opens it again.
        """
        ...

    def show(self, lights: Lights) -> None:
        """Have its lamps so from now on; the driver keeps time, and does not wait.

        Lamps it does not have are ignored. Idempotent.

        Raises:
            PadUnavailable: the lamps cannot be set.
        """
        ...

    def beep(self, times: int) -> None:
        """Sound shortly, so many times; returns at once. Nothing happens without a buzzer.

        Raises:
            PadUnavailable: it cannot be made to sound.
        """
        ...

    def close(self) -> None:
        """Let go of the device, its lamps dark where it can still be told. Safe to repeat."""
        ...


class OpenPad(Protocol):
    """The factory that a driver names in the entry points `layso.display.pad`."""

    def __call__(
        self, options: Table, *, counter: str, data_dir: Path, shared: dict[str, Any]
    ) -> Pad:
        """Make a pad from its `[[pad]]` table; the device is not touched.

        Args:
            options: The driver's own keys; what is wrong is added to its faults.
            counter: The counter it belongs to.
            data_dir: Where the agent keeps its things.
            shared: Kept between the panels and pads of one config, for a wire in common.
        """
        ...
