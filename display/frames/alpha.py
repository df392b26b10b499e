"""Frames of the Alpha sign protocol (Adaptive M-Protocol) as pure functions of bytes.

Source: Alpha Sign Communications Protocol, Adaptive Micro Systems 9708-8061F, §5.1 (the 1-byte
packet and its checksum), §6.1 (TEXT files), §6.2 (special functions; ACK and NAK).
"""

from typing import Final, NamedTuple

from display.errors import PanelGarbled, PanelRefused

WAKE_UP: Final = bytes(5)  # a sign finds the speed from these; the protocol asks for 5 or more
SOH, STX, ETX, EOT, ESC = b"\x01", b"\x02", b"\x03", b"\x04", b"\x1b"
ACK: Final = 0x06
NAK: Final = 0x15
WRITE: Final = b"A"
READ: Final = b"B"
EVERY_SIGN: Final = "00"
LONGEST_ANSWER: Final = 250

MODES: Final = {
    "rotate": "a",
    "hold": "b",
    "flash": "c",
    "roll_up": "e",
    "roll_down": "f",
    "roll_left": "g",
    "roll_right": "h",
    "wipe_up": "i",
    "wipe_down": "j",
    "wipe_left": "k",
    "wipe_right": "l",
    "automode": "o",
    "roll_in": "p",
    "roll_out": "q",
    "wipe_in": "r",
    "wipe_out": "s",
}
POSITIONS: Final = {
    "middle": "\x20",
    "top": "\x22",
    "bottom": "\x26",
    "fill": "\x30",
    "left": "\x31",
    "right": "\x32",
}
_STATUS: Final = {
    0x20: "it knows no such command or file label",
    0x10: "the checksum it got is wrong",
    0x08: "its buffer is too small",
    0x04: "the frame stopped midway",
    0x02: "a framing error: the speed or the data bits are wrong",
    0x01: "a parity error: the parity is wrong",
}


class Sign(NamedTuple):
    """Whom a frame speaks to: the type code, the address in two hex digits, and the file."""

    sign_type: str = "Z"
    address: str = EVERY_SIGN
    label: str = "A"


def checksum(body: bytes) -> bytes:
    """Four hex digits: the sum of `body`, which begins with STX and ends with ETX."""
    return f"{sum(body) & 0xFFFF:04X}".encode("ascii")


def packet(sign: Sign, command: bytes, *, checked: bool) -> bytes:
    """One command to `sign`, with a checksum if `checked`."""
    body = STX + command
    if checked:
        body += ETX
        body += checksum(body)
    return WAKE_UP + SOH + (sign.sign_type + sign.address).encode("ascii") + body + EOT


def write_text(sign: Sign, text: str, *, position: str, mode: str, checked: bool = True) -> bytes:
    """Write `text` into the sign's file, to be shown at `position` in `mode` (names above)."""
    shown = POSITIONS[position] + MODES[mode] + text
    command = WRITE + sign.label.encode("ascii") + ESC + shown.encode("ascii")
    return packet(sign, command, checked=checked)


def read_text(sign: Sign, *, checked: bool = True) -> bytes:
    """Ask what the sign's file holds. Changes nothing."""
    return packet(sign, READ + sign.label.encode("ascii"), checked=checked)


def missing_word(reply: bytes) -> int:
    """How many bytes an ACK, or a NAK with its status, still lacks at least."""
    for place, byte in enumerate(reply):
        if byte == ACK:
            return 0
        if byte == NAK:
            return max(0, place + 2 - len(reply))
    return 0 if len(reply) >= LONGEST_ANSWER else 1


def check_word(reply: bytes) -> None:
    """Return if the sign said ACK.

    Raises:
        PanelRefused: NAK, with what the sign's status register says.
        PanelGarbled: neither.
    """
    words = [byte for byte in reply if byte in (ACK, NAK)]
    if not words:
        raise PanelGarbled(f"that is neither ACK nor NAK ({reply.hex(' ')})")
    if words[0] == NAK:
        status = reply[reply.index(NAK) + 1] if reply.index(NAK) + 1 < len(reply) else 0
        reasons = [said for bit, said in _STATUS.items() if status & bit]
        raise PanelRefused(f"the sign refuses: {', '.join(reasons) or f'status {status:02x}'}")


def missing_packet(reply: bytes) -> int:
    """How many bytes a sign's answer packet still lacks at least."""
    begun = reply.find(SOH)
    whole = begun >= 0 and reply.find(EOT, begun) >= 0
    return 0 if whole or len(reply) >= LONGEST_ANSWER else 1


def text_in(reply: bytes) -> str:
    """The text in a sign's answer to `read_text`, its position and mode left out.

    Raises:
        PanelGarbled: it is no such answer, or its checksum is wrong.
    """
    begun, ended = reply.find(STX), reply.rfind(EOT)
    body = reply[begun:ended] if 0 <= begun < ended else b""
    if not body.startswith(STX + WRITE) or body[3:4] != ESC:
        raise PanelGarbled(f"that is no text file ({reply.hex(' ')})")
    text, etx, check = body.partition(ETX)
    if etx and check.upper() != checksum(text + etx):
        raise PanelGarbled(f"the checksum is wrong ({reply.hex(' ')})")
    return text[6:].decode("ascii", errors="replace")
