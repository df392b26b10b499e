"""What the agent asks of a panel driver, and of a loudspeaker's."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from look.voice import milliseconds
from wire.checks import Table


class Panel(Protocol):
    """One LED panel, somewhere on a wire. Made without touching the hardware."""

    @property
    def wire(self) -> str:
        """The name of the wire it hangs on; panels of one wire are served in turn by one thread."""

    @property
    def place(self) -> str:
        """Where to find it, for people: `/dev/ttyUSB0 · 3`."""

    @property
    def address(self) -> str:
        """What it answers to on its wire, such as `3` or `0A`; empty where it has no address."""

    @property
    def answers(self) -> bool:
        """Whether it confirms what it shows; else what is known is that the frame was sent."""

    @property
    def text_length(self) -> int:
        """How many characters it shows."""

    @property
    def blinks(self) -> bool:
        """Whether it can draw the eye by itself when `show` asks for it."""

    def show(self, text: str, *, blink: bool) -> None:
        """Make the panel show `text`, and return once it has confirmed, as far as it can.

        A panel whose protocol has no answer confirms by the frame having left the port.

        Must open the port if it is not open, end within about a second, and leave the
        driver usable after any error. May ignore `blink` where the panel cannot.

        Args:
            text: At most `text_length` printable ASCII characters; the rest is blank.
            blink: Whether it should draw the eye now; never done by blank text.

        Raises:
            PanelError: the panel may show anything; the same call may be repeated.

        Idempotent. Called from the thread of its wire only.
        """

    def close(self) -> None:
        """Free the port; `show` would open it again. Safe to repeat."""


class OpenPanel(Protocol):
    """The factory that a driver names in the entry points `layso.display.panel`."""

    def __call__(self, options: Table, shared: dict[str, Any]) -> Panel:
        """Make a panel from its `[[panel]]` table.

        Args:
            options: The driver's own keys; what is wrong is added to its faults.
            shared: Kept between the panels of one config, for a wire they have in common.
        """


@dataclass(frozen=True)
class Sentence:
    """One announcement, ready to be played.

    `samples` are 16 bits, one channel, `look.voice.RATE_HZ`, lowest byte first, as loud as they
    are to be; `clips` names what they were joined from.
    """

    call_id: str
    times: int
    clips: tuple[str, ...]
    samples: bytes

    @property
    def length_s(self) -> float:
        """How long it lasts."""
        return milliseconds(self.samples) / 1000


class Speaker(Protocol):
    """One loudspeaker. Made without touching the hardware."""

    @property
    def place(self) -> str:
        """Where to find it, for people: `plughw:CARD=Device`."""

    def say(self, sentence: Sentence) -> None:
        """Play it, and return once its last sample is out.

        Must end within the sentence's length and five seconds more, whatever the device does,
        and leave the driver usable after any error.

        Raises:
            SpeakerError: nobody knows how much of it was heard.

        Called from one thread at a time; `close`, from another, cuts it off.
        """

    def check(self) -> None:
        """See whether the device is there, without a sound; within five seconds.

        Raises:
            SpeakerError: with what to do about it.

        Called from the same thread as `say`.
        """

    def close(self) -> None:
        """End what is being said, and let go of the device. Safe to repeat."""


class OpenSpeaker(Protocol):
    """The factory that a driver names in the entry points `layso.display.speaker`."""

    def __call__(self, options: Table, data_dir: Path) -> Speaker:
        """Make a loudspeaker from the `[voice]` table.

        Args:
            options: The driver's own keys; what is wrong is added to its faults.
            data_dir: Where the agent keeps its things.
        """
