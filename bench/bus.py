"""The far end of an RS-485 line, a process of its own: confirms Modbus frames at the bus's pace.

    python -m bench.bus BAUD

The first line printed is the device to open; then one line for each text that a panel is told:
`UNIT SECONDS TEXT`, the moment (`time.perf_counter`) at which its first byte came.
"""

import os
import sys
import time
import tty
from typing import Final

from display.frames.modbus import crc16

BITS_A_CHARACTER: Final = 10
WRITE_MANY: Final = 0x10


def main() -> None:
    """Confirm until the process is ended."""
    baud = int(sys.argv[1])
    master, slave = os.openpty()
    tty.setraw(slave)
    print(os.ttyname(slave), flush=True)
    kept, began_s = b"", 0.0
    while True:
        data = os.read(master, 4096)
        if not kept:
            began_s = time.perf_counter()
        kept += data
        length = 9 + kept[6] if len(kept) > 7 and kept[1] == WRITE_MANY else 8
        if len(kept) >= length:
            frame, kept = kept[:length], kept[length:]
            if frame[1] == WRITE_MANY:
                text = frame[7:-2][1::2].decode("ascii").strip()
                print(frame[0], began_s, text, flush=True)
            reply = frame[:6] + crc16(frame[:6])
            time.sleep((len(frame) + len(reply)) * BITS_A_CHARACTER / baud)
            os.write(master, reply)


if __name__ == "__main__":
    main()
