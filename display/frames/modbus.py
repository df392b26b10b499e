"""Modbus RTU frames as pure functions of bytes: what goes to a panel and what comes back.

Source: MODBUS over Serial Line V1.02 §2.5 (RTU framing, CRC) and MODBUS Application Protocol
V1.1b3 §6.3 (function 03), §6.6 (06), §6.12 (16), §7 (exceptions).
"""

from collections.abc import Sequence
from typing import Final

from display.errors import PanelGarbled, PanelRefused
from display.frames.checksums import crc16_modbus
from display.frames.panel_text import fitted

READ: Final = 0x03
WRITE_ONE: Final = 0x06
WRITE_MANY: Final = 0x10
EXCEPTION_BIT: Final = 0x80
REPLY_LENGTH: Final = 8
READ_REPLY_LENGTH: Final = 7
EXCEPTION_LENGTH: Final = 5
MAX_REGISTERS: Final = 123
_EXCEPTIONS: Final = {
    1: "it does not know this function",
    2: "it has no such register",
    3: "it does not take this value",
    4: "it failed to carry it out",
    6: "it is busy",
    10: "its gateway has no path to it",
    11: "its gateway gets no answer from it",
}
_GATEWAY_SAYS: Final = (10, 11)


def crc16(data: bytes) -> bytes:
    """The two check bytes of `data`, low byte first, as they go on the wire."""
    return crc16_modbus(data).to_bytes(2, "little")


def write_registers(unit: int, start: int, values: Sequence[int]) -> bytes:
    """Function 16: write `values` to the registers from `start` on."""
    if not 1 <= len(values) <= MAX_REGISTERS:
        raise ValueError(f"1 to {MAX_REGISTERS} registers, not {len(values)}")
    head = bytes([unit, WRITE_MANY]) + start.to_bytes(2, "big") + len(values).to_bytes(2, "big")
    body = bytes([2 * len(values)]) + b"".join(value.to_bytes(2, "big") for value in values)
    return head + body + crc16(head + body)


def write_register(unit: int, address: int, value: int) -> bytes:
    """Function 06: write one register."""
    body = bytes([unit, WRITE_ONE]) + address.to_bytes(2, "big") + value.to_bytes(2, "big")
    return body + crc16(body)


def text_registers(text: str, length: int) -> list[int]:
    """One ASCII code a register, left-aligned, the rest spaces."""
    return [ord(letter) for letter in fitted(text, length)]


def read_register(unit: int, address: int = 0) -> bytes:
    """Function 03: read one register. Changes nothing; even a refusal says who is there."""
    body = bytes([unit, READ]) + address.to_bytes(2, "big") + b"\x00\x01"
    return body + crc16(body)


def reply_length(start: bytes) -> int:
    """How long the reply is that begins with these (at least 2) bytes."""
    if start[1] & EXCEPTION_BIT:
        return EXCEPTION_LENGTH
    return READ_REPLY_LENGTH if start[1] == READ else REPLY_LENGTH


def missing(reply: bytes) -> int:
    """How many bytes are still to come, at least; 0 when the reply is whole."""
    return 2 - len(reply) if len(reply) < 2 else max(0, reply_length(reply) - len(reply))


def answers(request: bytes, reply: bytes) -> bool:
    """Whether the unit that was asked said anything that is whole, be it a refusal.

    A gateway that says it cannot reach the unit is not the unit.
    """
    if len(reply) < EXCEPTION_LENGTH or crc16(reply[:-2]) != reply[-2:]:
        return False
    refused = bool(reply[1] & EXCEPTION_BIT)
    is_it = reply[0] == request[0] and reply[1] & ~EXCEPTION_BIT == request[1]
    return is_it and not (refused and reply[2] in _GATEWAY_SAYS)


def check_reply(request: bytes, reply: bytes) -> None:
    """Return if `reply` confirms `request`.

    Raises:
        PanelRefused: the unit answered with an exception.
        PanelGarbled: wrong check bytes, length, unit, function, or echo of the request.
    """
    if len(reply) < EXCEPTION_LENGTH or crc16(reply[:-2]) != reply[-2:]:
        raise PanelGarbled(f"the check bytes are wrong ({reply.hex(' ')})")
    if reply[0] != request[0]:
        raise PanelGarbled(f"unit {reply[0]} answered instead of {request[0]}")
    if reply[1] == request[1] | EXCEPTION_BIT:
        reason = _EXCEPTIONS.get(reply[2], f"exception {reply[2]}")
        raise PanelRefused(f"unit {request[0]} refuses: {reason}")
    # Both functions answer with the first six bytes of the request: unit, function,
    # address, and the value or the number of registers.
    if reply[:-2] != request[:6]:
        raise PanelGarbled(f"that answers something else ({reply.hex(' ')})")
