"""What a heartbeat says is wrong, and how bad that is. Pure."""

from typing import Final

from wire.devices import DeviceState, Heartbeat, Trouble

HOT_C: Final = 80.0
"""From here on a Raspberry Pi slows itself down."""

CLOCK_OFF_S: Final = 300.0

ERRORS: Final[frozenset[Trouble]] = frozenset(
    {"paper_out", "cover_open", "printer_error", "panel_dead", "refused"}
)
"""What keeps a device from its work, or lost a ticket; the other troubles only warn."""


def troubles(report: Heartbeat) -> list[Trouble]:
    """Everything that is wrong by a device's own words, what stops it first."""
    found = _printer(report)
    if any(panel.state == "dead" for panel in report.panels or ()):
        found.append("panel_dead")
    if report.refused:
        found.append("refused")
    if report.printer is not None and report.printer.paper == "low":
        found.append("paper_low")
    if report.outbox:
        found.append("outbox")
    if report.clock_trusted is False or abs(report.clock_offset_s or 0.0) >= CLOCK_OFF_S:
        found.append("clock")
    if (report.temperature_c or 0.0) >= HOT_C:
        found.append("hot")
    if report.link == "down":
        found.append("link")
    return found


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
