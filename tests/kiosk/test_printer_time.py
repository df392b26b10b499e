"""What a slow wire costs a slip: its own bytes, and those that end the one before it."""

import time

from kiosk.drivers.printer_escpos import EscposPrinter
from kiosk.ports import Strip, TicketSlip
from kiosk.printer_profile import Profile
from wire.units import Dots, Seconds

BYTE_S = 1 / 12_000
SLIP = TicketSlip(Dots(576), (Strip(72, 8, 0, b"\x55" * 576),))
WELL = 0x12


class SlowWire:
    """A printer that takes its time over each byte, and is well whenever it is asked."""

    two_way = True

    def __init__(self) -> None:
        self._came = b""

    def turn(self, out: memoryview, until: float) -> tuple[int, bytes]:
        taken = min(len(out), 256)
        time.sleep(min(taken * BYTE_S, max(0.0, until - time.monotonic())))
        if not out:
            time.sleep(0.002)
        piece, came = bytes(out[:taken]), self._came
        self._came = b""
        for end in range(len(piece)):
            if piece[:end].endswith(b"\x10\x04"):
                self._came += bytes([WELL])
        return taken, came

    def sending_s(self, count: int) -> float:
        return count * BYTE_S

    def close(self) -> None:
        pass


def test_ending_a_broken_picture_costs_the_next_slip_no_time() -> None:
    wire = SlowWire()
    printer = EscposPrinter(lambda until: wire, Profile(confirm="status"), keeps_open=True)
    assert printer.print_slip(SLIP, timeout_s=Seconds(0.5)).outcome == "printed"
    printer._unfinished = True
    assert printer.print_slip(SLIP, timeout_s=Seconds(0.5)).outcome == "printed"
