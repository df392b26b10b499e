"""The check bytes that serial devices put into their frames, by name. Pure.

Source of the parameters: the CRC catalogue's names are given where a kind has one; each kind's
value of the catalogue's check text `123456789` is in the tests.
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple


class Checksum(NamedTuple):
    """One kind: how many bytes it is, how it comes from the bytes it covers, and in words."""

    size: int
    of: Callable[[bytes], bytes]
    words: str


def _reflected_table(polynomial: int) -> tuple[int, ...]:
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (polynomial if byte & 1 else 0)
        table.append(byte)
    return tuple(table)


_MODBUS: Final = _reflected_table(0xA001)


def crc16_modbus(data: bytes) -> int:
    """CRC-16/MODBUS: polynomial 0x8005 reflected, begins with 0xFFFF."""
    crc = 0xFFFF
    for byte in data:
        crc = crc >> 8 ^ _MODBUS[(crc ^ byte) & 0xFF]
    return crc


def _high_bit_first(data: bytes, *, bits: int, polynomial: int, begin: int) -> int:
    crc = begin
    for byte in data:
        crc ^= byte << bits - 8
        for _ in range(8):
            crc = crc << 1 ^ (polynomial if crc >> bits - 1 else 0)
            crc &= (1 << bits) - 1
    return crc


def crc16_ccitt(data: bytes, begin: int = 0xFFFF) -> int:
    """Polynomial 0x1021, not reflected: CRC-16/IBM-3740 from 0xFFFF, CRC-16/XMODEM from 0."""
    return _high_bit_first(data, bits=16, polynomial=0x1021, begin=begin)


def crc8(data: bytes) -> int:
    """CRC-8/SMBUS: polynomial 0x07, not reflected, begins with 0."""
    return _high_bit_first(data, bits=8, polynomial=0x07, begin=0)


def xor8(data: bytes) -> int:
    """All bytes, one against the other."""
    value = 0
    for byte in data:
        value ^= byte
    return value


def _one(value: int) -> bytes:
    return bytes([value & 0xFF])


def _high_first(value: int) -> bytes:
    return (value & 0xFFFF).to_bytes(2, "big")


def _low_first(value: int) -> bytes:
    return (value & 0xFFFF).to_bytes(2, "little")


def _hex(value: int, digits: int) -> bytes:
    return f"{value & (16**digits - 1):0{digits}X}".encode("ascii")


CHECKSUMS: Final[Mapping[str, Checksum]] = {
    "sum8": Checksum(1, lambda data: _one(sum(data)), "sum of the bytes, its low byte"),
    "sum8_neg": Checksum(
        1, lambda data: _one(-sum(data)), "two's complement of sum8: with it, all bytes sum to 0"
    ),
    "sum8_inv": Checksum(1, lambda data: _one(~sum(data)), "one's complement of sum8"),
    "xor8": Checksum(1, lambda data: _one(xor8(data)), "exclusive or of the bytes (BCC, LRC)"),
    "crc8": Checksum(1, lambda data: _one(crc8(data)), "CRC-8/SMBUS, polynomial 07"),
    "sum16": Checksum(2, lambda data: _high_first(sum(data)), "sum, two bytes, high byte first"),
    "sum16_lo": Checksum(2, lambda data: _low_first(sum(data)), "the same, low byte first"),
    "crc16_modbus": Checksum(
        2, lambda data: _low_first(crc16_modbus(data)), "CRC-16/MODBUS, low byte first, as Modbus"
    ),
    "crc16_modbus_hi": Checksum(
        2, lambda data: _high_first(crc16_modbus(data)), "the same, high byte first"
    ),
    "crc16_ccitt": Checksum(
        2,
        lambda data: _high_first(crc16_ccitt(data)),
        "CRC-16/IBM-3740 (CCITT from FFFF), high byte first",
    ),
    "crc16_ccitt_lo": Checksum(
        2, lambda data: _low_first(crc16_ccitt(data)), "the same, low byte first"
    ),
    "crc16_xmodem": Checksum(
        2,
        lambda data: _high_first(crc16_ccitt(data, 0)),
        "CRC-16/XMODEM (CCITT from 0), high byte first",
    ),
    "sum8_hex": Checksum(2, lambda data: _hex(sum(data), 2), "sum8 as two ASCII hex digits"),
    "xor8_hex": Checksum(2, lambda data: _hex(xor8(data), 2), "xor8 as two ASCII hex digits"),
    "sum16_hex": Checksum(4, lambda data: _hex(sum(data), 4), "sum16 as four ASCII hex digits"),
}
