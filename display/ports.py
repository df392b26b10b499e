"""What the agent asks of a panel driver."""

from typing import Any, Protocol

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
    def text_length(self) -> int:
        """How many characters it shows."""

    @property
    def blinks(self) -> bool:
        """Whether it can draw the eye by itself when `show` asks for it."""

    def show(self, text: str, *, blink: bool) -> None:
        """Make the panel show `text`, and return once it has confirmed.

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
