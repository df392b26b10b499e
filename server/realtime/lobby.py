"""What staff who watch a centre are shown of its lobby: ailing devices, and who calls for help.

Looked at every second, because a device falls silent and another process takes a call without
a word to this one; what happens here is shown at once.
"""

from collections.abc import Hashable
from typing import Any, Final

from server.realtime.pictures import PictureWatch
from server.realtime.ports import DeviceReadings, HelpReadings
from wire.devices import DevicesNow
from wire.words import Role

SEE_DEVICES: Final[frozenset[Role]] = frozenset({"greeter", "clerk", "manager", "admin"})
SEE_HELP: Final[frozenset[Role]] = frozenset({"kiosk", "greeter", "clerk", "manager", "admin"})
CHECK_S: Final = 0.9


def device_watch(readings: DeviceReadings) -> PictureWatch:
    """The event `devices`: sent when a device comes, goes, or its state or trouble changes."""

    def ask(centre: str) -> tuple[Hashable, Any]:
        devices = readings.devices(centre)
        sign = tuple((one.id, one.name, one.state, tuple(one.trouble)) for one in devices)
        return sign, DevicesNow(centre, devices)

    return PictureWatch("devices", SEE_DEVICES, ask, check_s=CHECK_S)


def help_watch(readings: HelpReadings) -> PictureWatch:
    """The event `help`: sent when somebody calls, is answered, or calls no more."""

    def ask(centre: str) -> tuple[Hashable, Any]:
        calls = readings.calls(centre)
        return tuple((call.id, call.state) for call in calls.calls), calls

    return PictureWatch("help", SEE_HELP, ask, check_s=CHECK_S)
