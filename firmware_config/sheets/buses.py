"""Which address each panel and pad has on which RS-485 line, from display.toml. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

SWITCHES: Final = 8
_BROADCAST: Final = {"modbus_rtu": 0, "alpha": 0}
"""The address to which every panel of a driver listens."""


@dataclass(frozen=True)
class Station:
    """One panel or pad on a line. `format`: its speed and parity, where the file says them."""

    port: str
    address: int
    counter: str
    driver: str
    kind: str
    format: str

    @property
    def switches(self) -> str:
        """Its address as most panels' switches have it, switch 1 first: `1` is on."""
        return f"{self.address:0{SWITCHES}b}"[::-1]


def stations(display: Mapping[str, Any]) -> list[Station]:
    """Everything that hangs on a serial line, by line and in the order of the file."""
    found = []
    for kind in ("panel", "pad"):
        for options in display.get(kind, []):
            driver = str(options.get("driver", ""))
            if driver == "virtual" or "port" not in options:
                continue
            given = options.get("unit", options.get("address", 0 if driver == "alpha" else 1))
            address = int(given, 16) if isinstance(given, str) else int(given)
            parity = options.get("parity", "even" if driver == "alpha" else "none")
            speed = f"{options.get('baud', 9600)}, {parity}"
            where = (str(options["port"]), address, str(options.get("counter", "")))
            found.append(Station(*where, driver, kind, speed))
    return sorted(found, key=lambda station: station.port)


def faults(found: list[Station]) -> list[str]:
    """What cannot work on one line: each says where, and what to do."""
    said = []
    for index, one in enumerate(found):
        on_line = [other for other in found if other.port == one.port]
        where = f"{one.port}, {one.counter}"
        if any(other.address == one.address and other.port == one.port for other in found[:index]):
            said.append(f"{where}: trùng địa chỉ / address {one.address} is there twice")
        if len(on_line) > 1 and _BROADCAST.get(one.driver) == one.address:
            said.append(f"{where}: địa chỉ 0 là của mọi bảng / address 0 is every panel's")
        if one.format != on_line[0].format:
            said.append(f"{where}: khác tốc độ / '{one.format}' is not '{on_line[0].format}'")
    return said
