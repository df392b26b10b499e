"""Who is on a bus, at which speed: asks every address in turn, by reads that change nothing."""

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from display.drivers.serial_wire import SerialWire
from display.errors import PanelSilent, PortBusy, PortUnreachable
from display.frames import alpha, modbus

FIRST_UNITS: Final = 32  # most installers stay below; asked at every speed before the rest is
BITS_A_CHARACTER: Final = 11
CANNOT: Final = {
    "frame": "a panel with a frame of its own has no question that all of them answer: "
    "take address and speed from its switches or manual, then try layso-display self-test",
    "virtual": "a virtual panel hangs on no bus",
}


class Speed(NamedTuple):
    """How bytes go over the wire."""

    baud: int
    parity: str
    data_bits: int

    def __str__(self) -> str:
        return f"{self.baud} baud, parity {self.parity}, {self.data_bits} data bits"


@dataclass(frozen=True)
class Protocol:
    """What a scan needs to know of a protocol.

    `speeds` and `addresses` come in the order in which they are worth trying.
    """

    driver: str
    speeds: tuple[Speed, ...]
    addresses: range
    timeout_s: float
    request: Callable[[int], bytes]
    missing: Callable[[bytes], int]
    answers: Callable[[bytes, bytes], bool]
    lines: Callable[[int], str]

    def parts(self, addresses: Sequence[int]) -> list[list[int]]:
        """The addresses in the portions that are asked at every speed before the next is."""
        first = [one for one in addresses if one <= FIRST_UNITS]
        return [part for part in (first, [one for one in addresses if one > FIRST_UNITS]) if part]


def _alpha_answers(_request: bytes, reply: bytes) -> bool:
    return alpha.SOH in reply and alpha.EOT in reply


def _alpha_lines(address: int) -> str:
    return f'address = "{address:02X}"'


MODBUS: Final = Protocol(
    driver="modbus_rtu",
    speeds=tuple(
        Speed(baud, parity, 8)
        for parity in ("none", "even", "odd")
        for baud in (9600, 19200, 4800, 38400, 115200, 57600, 2400, 1200)
    ),
    addresses=range(1, 248),
    timeout_s=0.1,
    request=modbus.read_register,
    missing=modbus.missing,
    answers=modbus.answers,
    lines=lambda unit: f"unit = {unit}",
)
ALPHA: Final = Protocol(
    driver="alpha",
    speeds=(
        *(Speed(baud, "even", 7) for baud in (9600, 4800, 2400, 19200)),
        *(Speed(baud, "none", 8) for baud in (9600, 4800, 2400, 19200)),
    ),
    addresses=range(256),
    timeout_s=0.3,
    request=lambda address: alpha.read_text(alpha.Sign(address=f"{address:02X}")),
    missing=alpha.missing_packet,
    answers=_alpha_answers,
    lines=_alpha_lines,
)
PROTOCOLS: Final = {protocol.driver: protocol for protocol in (MODBUS, ALPHA)}


class Found(NamedTuple):
    """A device that answered."""

    address: int
    speed: Speed


@dataclass
class Scan:
    """One search.

    Args:
        port: The port to search on.
        protocol: What is asked.
        speeds: The speeds to try, in order.
        addresses: The addresses to try, in order.
        timeout_s: How long a device may think.
        tell: Called with each step, in words.
        stopped: Ends the search after the address in hand.
    """

    port: str
    protocol: Protocol
    speeds: Sequence[Speed]
    addresses: Sequence[int]
    timeout_s: float
    tell: Callable[[str], None]
    stopped: threading.Event = field(default_factory=threading.Event)

    def longest_s(self) -> float:
        """How long it takes when nobody is there."""
        each_bits = BITS_A_CHARACTER * (len(self.protocol.request(1)) + 7)
        return sum(
            len(self.addresses) * (each_bits / speed.baud + self.timeout_s) for speed in self.speeds
        )

    def run(self) -> Iterator[Found]:
        """Everybody who answers. A bus has one speed: after the first answer only that one.

        Raises:
            PortUnreachable: the port is not there.
            PortBusy: another program holds it.
        """
        parts = self.protocol.parts(self.addresses)
        for number, part in enumerate(parts):
            for speed in self.speeds:
                found = yield from self._part(speed, part)
                if self.stopped.is_set():
                    return
                if found:
                    for rest in parts[number + 1 :]:
                        yield from self._part(speed, rest)
                    return

    def _part(self, speed: Speed, addresses: Sequence[int]) -> Generator[Found, None, int]:
        wire = SerialWire(self.port, speed.baud, speed.parity, self.timeout_s, speed.data_bits)
        count, strange = 0, 0
        try:
            for address in addresses:
                if self.stopped.is_set():
                    return count
                heard = self._ask(wire, address)
                strange += heard is None
                if heard:
                    count += 1
                    yield Found(address, speed)
        except PortUnreachable as error:
            if isinstance(error, PortBusy) or not Path(self.port).exists():
                raise
            self.tell(f"{speed}: the adapter does not do that ({error})")
            return 0
        finally:
            wire.close()
        noise = f", {strange} answered in another way" if strange else ""
        span = f"{addresses[0]} to {addresses[-1]}"
        self.tell(f"{speed}: asked {span}, {count or 'nobody'} answered{noise}")
        return count

    def _ask(self, wire: SerialWire, address: int) -> bool | None:
        """Whether that address answered; None when something else came."""
        request = self.protocol.request(address)
        try:
            reply = wire.exchange(request, self.protocol.missing)
        except PanelSilent as error:
            return None if error.partial else False
        return True if self.protocol.answers(request, reply) else None


def config_lines(protocol: Protocol, port: str, found: Found, number: int) -> str:
    """The table for display.toml."""
    speed = found.speed
    bits = f"data_bits = {speed.data_bits}\n" if protocol.driver == "alpha" else ""
    return (
        f'[[panel]]\ncounter = "q{number}"   # whose it is: layso-display identify\n'
        f'driver = "{protocol.driver}"\nport = "{port}"\nbaud = {speed.baud}\n'
        f'parity = "{speed.parity}"\n{bits}{protocol.lines(found.address)}\n\n'
    )
