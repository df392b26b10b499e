"""What a centre's watchers are shown of its lobby: devices, calls for help, notices, prints.

Looked at every second, because a device falls silent and another process takes a call without
a word to this one; what happens here is shown at once.
"""

from collections.abc import Hashable
from typing import Any, Final

from server.realtime.pictures import PictureWatch
from server.realtime.ports import (
    ComingReadings,
    DeviceReadings,
    HelpReadings,
    NoticeReadings,
    PrintReadings,
    SeatReadings,
)
from wire.devices import DevicesNow
from wire.visits import Coming
from wire.words import Role

SEE_DEVICES: Final[frozenset[Role]] = frozenset({"greeter", "clerk", "manager", "admin"})
SEE_NOTICES: Final[frozenset[Role]] = frozenset({"hall", "kiosk"})
SEE_COMING: Final[frozenset[Role]] = frozenset({"clerk", "manager", "admin"})
SEE_HELP: Final[frozenset[Role]] = frozenset({"kiosk", "greeter", "clerk", "manager", "admin"})
SEE_PRINTS: Final[frozenset[Role]] = frozenset({"kiosk", "greeter", "clerk", "manager"})
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


def coming_watch(readings: ComingReadings) -> PictureWatch:
    """The event `coming`: sent when somebody who was called says that they are on the way."""

    def ask(centre: str) -> tuple[Hashable, Any]:
        tickets = readings.coming(centre)
        return tuple(tickets), Coming(centre, tickets)

    return PictureWatch("coming", SEE_COMING, ask, check_s=CHECK_S)


def notice_watch(readings: NoticeReadings, *, staff: bool) -> PictureWatch:
    """The event `notices`, for the staff or for the hall: sent when one comes or is over."""

    def ask(centre: str) -> tuple[Hashable, Any]:
        told = readings.holding(centre, staff=staff)
        return tuple(notice.id for notice in told.notices), told

    return PictureWatch("notices", SEE_DEVICES if staff else SEE_NOTICES, ask, check_s=CHECK_S)


def seat_watch(readings: SeatReadings) -> PictureWatch:
    """The event `seats`, for the staff: sent when somebody sits down somewhere, or gets up."""

    def ask(centre: str) -> tuple[Hashable, Any]:
        plan = readings.plan(centre)
        sign = tuple((seat.counter.id, seat.name) for seat in plan.seats)
        return (sign, tuple(plan.colleagues)), plan

    return PictureWatch("seats", SEE_DEVICES, ask, check_s=CHECK_S)


def print_watch(readings: PrintReadings) -> PictureWatch:
    """The event `prints`: sent when a paper is asked for, fetched or ended; it rings for kiosks."""

    def ask(centre: str) -> tuple[Hashable, Any]:
        orders = readings.orders(centre)
        return tuple((order.id, order.state) for order in orders.orders), orders

    return PictureWatch("prints", SEE_PRINTS, ask, check_s=CHECK_S)
