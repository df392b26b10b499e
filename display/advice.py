"""What to do about a panel that fails: one line for whoever stands on the ladder."""

from typing import Final

from display.errors import PanelError, PortBusy

_BY_TROUBLE: Final = {
    "port": "plug the adapter in, check the name in `port` (ls -l /dev/serial/by-id), "
    "and that this user is in the group dialout",
    "silent": "check power, cable, A and B swapped, address and speed; "
    "layso-display scan finds what answers",
    "garbled": "check speed and parity, shield and termination, "
    "and that no two devices have one address",
    "refused": "it is there and understands: check registers, length or template in the config",
    "driver": "a mistake in the driver: note the message and the config, and report it",
}
BUSY: Final = "stop the agent (layso-display run) or whatever else holds the port, then try again"


def advice(error: PanelError) -> str:
    """The line for this trouble."""
    return BUSY if isinstance(error, PortBusy) else _BY_TROUBLE[error.trouble]
