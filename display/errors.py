"""What goes wrong with panels. Vendor errors never leave `display.drivers`."""

from wire.errors import LaySoError


class DisplayError(LaySoError):
    """The root of every error of the display agent."""


class PanelError(DisplayError):
    """A panel does not show what it was told, as far as anybody knows.

    `trouble` is the word by which pages and logs name the kind.
    """

    trouble = "driver"


class PortUnreachable(PanelError):
    """The port itself is not there or cannot be opened: every panel on it is dead."""

    trouble = "port"


class PanelSilent(PanelError):
    """Nothing came back in time: no power, a loose cable, a wrong address or speed."""

    trouble = "silent"


class PanelGarbled(PanelError):
    """What came back is not the answer to what was sent."""

    trouble = "garbled"


class PanelRefused(PanelError):
    """The panel understood and said no: a wrong register in the config, most likely."""

    trouble = "refused"
