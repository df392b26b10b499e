"""What a heartbeat says is wrong, and how bad that is. Pure."""

from collections.abc import Callable
from typing import Final

from wire.devices import DeviceState, Heartbeat, Trouble

HOT_C: Final = 80.0
"""From here on a Raspberry Pi slows itself down."""

CLOCK_OFF_S: Final = 300.0

ERRORS: Final[frozenset[Trouble]] = frozenset(
    {"paper_out", "cover_open", "printer_error", "panel_dead", "keys_dead", "refused"}
)
"""What keeps a device from its work, or lost a ticket; the other troubles only warn."""


def troubles(report: Heartbeat) -> list[Trouble]:
    """Everything that is wrong by a device's own words, what stops it first."""
    return _printer(report) + [trouble for trouble, is_so in _SIGNS.items() if is_so(report)]


def _panel_dead(report: Heartbeat) -> bool:
    return any(panel.state == "dead" for panel in report.panels or ())


def _paper_low(report: Heartbeat) -> bool:
    return report.printer is not None and report.printer.paper == "low"


def _clock_wrong(report: Heartbeat) -> bool:
    return report.clock_trusted is False or abs(report.clock_offset_s or 0.0) >= CLOCK_OFF_S


_SIGNS: Final[dict[Trouble, Callable[[Heartbeat], bool]]] = {
    "panel_dead": _panel_dead,
    "keys_dead": lambda report: report.keys == "dead",
    "refused": lambda report: bool(report.refused),
    "paper_low": _paper_low,
    "sound": lambda report: report.sound in ("blocked", "broken"),
    "outbox": lambda report: bool(report.outbox),
    "clock": _clock_wrong,
    "hot": lambda report: (report.temperature_c or 0.0) >= HOT_C,
    "link": lambda report: report.link == "down",
}


def state_of(found: list[Trouble]) -> DeviceState:
    """How a device that is heard is doing, by its troubles."""
    if ERRORS.intersection(found):
        return "error"
    return "warn" if found else "ok"


def _printer(report: Heartbeat) -> list[Trouble]:
    """Why nothing can be printed; a printer that names no reason is `printer_error`."""
    printer = report.printer
    if printer is None:
        return []
    found: list[Trouble] = []
    if printer.paper == "out":
        found.append("paper_out")
    if printer.cover == "open":
        found.append("cover_open")
    if printer.state == "error" and not found:
        found.append("printer_error")
    return found
