"""Finding a device driver by the name the operator wrote in the agent's file."""

from importlib.metadata import entry_points
from typing import Any

from wire.checks import Fault, FaultyFile, Table, did_you_mean


def names(group: str) -> list[str]:
    """The drivers installed for `group`, such as `layso.display.panel`, sorted."""
    return sorted({point.name for point in entry_points(group=group)})


def load(group: str, name: str, *, where: str = "driver") -> Any:
    """The factory that `name` stands for in the entry points of `group`.

    Args:
        group: Entry point group, such as `layso.kiosk.printer`.
        name: The driver's name in the file.
        where: How a message names the key.

    Raises:
        FaultyFile: no such driver (with the nearest name), or its library is not installed
            (with the name of what is missing).
    """
    known = names(group)
    if name not in known:
        there = ", ".join(known) or "none is installed"
        message = f"'{name}' is no driver here ({there}){did_you_mean(name, known)}"
        raise FaultyFile([Fault(where, message)])
    (point, *_) = entry_points(group=group, name=name)
    try:
        return point.load()
    except ImportError as error:
        message = f"the driver '{name}' cannot be loaded: {error}"
        raise FaultyFile([Fault(where, message)]) from error


def of(table: Table, group: str, name: str) -> Any:
    """The factory that a table's `driver` stands for, or None after a fault.

    Args:
        table: Its faults are added to; nobody knows the options of a driver that is not there,
            so that then none of them is a fault.
        group: Entry point group, such as `layso.kiosk.printer`.
        name: What its `driver` says; empty where that is a fault already.
    """
    if name:
        try:
            return load(group, name, where=table.path("driver"))
        except FaultyFile as error:
            table.faults.extend(error.faults)
    table.rest()
    return None
