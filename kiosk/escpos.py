"""The bytes of the printers' language. Pure; nothing here knows how they travel.

Source: Epson ESC/POS reference: ESC @, ESC a, ESC J, GS v 0, GS V, GS L, GS W, DLE EOT, GS a,
GS r, GS ( H fn 48.
"""

from typing import Final

from kiosk.ports import Strip, TicketSlip

INIT: Final = b"\x1b@"
CUT: Final = b"\x1dV\x00"
STATUS_PRINTER: Final = b"\x10\x04\x01"
STATUS_OFFLINE: Final = b"\x10\x04\x02"
STATUS_FAULT: Final = b"\x10\x04\x03"
STATUS_PAPER: Final = b"\x10\x04\x04"
QUESTIONS: Final = (
    ("offline", STATUS_OFFLINE),
    ("paper", STATUS_PAPER),
    ("printer", STATUS_PRINTER),
)
"""What is asked before a slip: the field of a condition, and the question."""
PAPER_SENSOR: Final = b"\x1dr\x01"
AUTOMATIC_STATUS: Final = b"\x1da\x0e"
"""Tell by itself when it goes offline, has a fault or its paper changes; ESC @ ends that."""
MAX_FEED_ROWS: Final = 255


def align(centred: bool) -> bytes:
    """Put what follows in the middle of the paper, or at its left edge."""
    return b"\x1ba\x01" if centred else b"\x1ba\x00"


def feed(rows: int) -> bytes:
    """Move the paper on by `rows` dots, ≥ 0."""
    full, rest = divmod(rows, MAX_FEED_ROWS)
    return b"\x1bJ\xff" * full + (b"\x1bJ" + bytes([rest]) if rest else b"")


def raster(strip: Strip) -> bytes:
    """Print one strip's picture, at the same density across and along the paper."""
    head = b"\x1dv0\x00"
    return head + strip.row_bytes.to_bytes(2, "little") + strip.rows.to_bytes(2, "little")


def process_id_request(four: bytes) -> bytes:
    """Ask the printer to answer `four` (4 bytes, 0x20–0x7E) once all before it is printed."""
    if len(four) != 4 or not all(0x20 <= byte <= 0x7E for byte in four):
        raise ValueError("a process id is four printable ASCII bytes")
    return b"\x1d(H\x06\x00\x30\x30" + four


def print_area(left_dots: int, wide_dots: int) -> bytes:
    """Print only so many dots wide, so far from the left edge; ESC @ ends that."""
    return b"\x1dL" + left_dots.to_bytes(2, "little") + b"\x1dW" + wide_dots.to_bytes(2, "little")


def slip_bytes(
    slip: TicketSlip, *, cutter: bool = True, tail_rows: int = 0, after_reset: bytes = b""
) -> bytes:
    """Everything one slip sends to print and cut it.

    Args:
        slip: Laid out strips.
        cutter: Whether the printer has a cutter.
        tail_rows: Blank dots between the last line and the cut or tear edge.
        after_reset: What to set once the printer has forgotten all settings.
    """
    parts = [INIT, after_reset]
    centred = False
    for strip in slip.strips:
        if not strip.bits:
            parts.append(feed(strip.rows))
            continue
        if (strip.indent > 0) is not centred:
            centred = strip.indent > 0
            parts.append(align(centred))
        parts.append(raster(strip) + strip.bits)
    parts.append(feed(tail_rows))
    if cutter:
        parts.append(CUT)
    return b"".join(parts)
