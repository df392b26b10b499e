"""What goes wrong with panels, pads and voice. Vendor errors never leave `display.drivers`."""

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


class PortBusy(PortUnreachable):
    """Another program holds the port: the agent itself, as a rule, while a tool is tried."""


class PanelSilent(PanelError):
    """Nothing came back in time: no power, a loose cable, a wrong address or speed.

    `partial` when something came, but not a whole answer.
    """

    trouble = "silent"

    def __init__(self, message: str, *, partial: bool = False) -> None:
        super().__init__(message)
        self.partial = partial


class PanelGarbled(PanelError):
    """What came back is not the answer to what was sent."""

    trouble = "garbled"


class PanelRefused(PanelError):
    """The panel understood and said no: a wrong register in the config, most likely."""

    trouble = "refused"


class SpeakerError(DisplayError):
    """An announcement was not played to its end, as far as anybody knows.

    `trouble` is the word by which pages and logs name the kind.
    """

    trouble = "driver"


class PlayerMissing(SpeakerError):
    """The program that plays is not installed."""

    trouble = "player"


class SpeakerGone(SpeakerError):
    """The device is unplugged, switched off or taken by another program."""

    trouble = "gone"


class SpeakerHangs(SpeakerError):
    """The device took the sound and never came to its end."""

    trouble = "hangs"


class ClipsGone(SpeakerError):
    """The files of the clips are no longer there, or cannot be read."""

    trouble = "clips"


class ZoneUnknown(SpeakerError):
    """The loudspeaker is for a zone that the centre does not have."""

    trouble = "zone_unknown"


class PadError(DisplayError):
    """The root of what goes wrong with call keys."""


class PadUnavailable(PadError):
    """The keys cannot be used; says what to do about it.

    `trouble` is the word by which pages name the kind: `absent` (unplugged, or never there),
    `taken`, `permission`, `pins`, `silent` (asked and not answering) or `driver`.
    """

    def __init__(self, message: str, *, trouble: str = "driver") -> None:
        super().__init__(message)
        self.trouble = trouble
