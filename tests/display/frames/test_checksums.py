"""Check bytes against the catalogue's check values and against other people's code."""

import binascii

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymodbus.framer import FramerRTU

from display.frames.checksums import CHECKSUMS

CHECK = b"123456789"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("sum8", "dd"),
        ("sum8_neg", "23"),
        ("sum8_inv", "22"),
        ("xor8", "31"),
        ("crc8", "f4"),
        ("sum16", "01dd"),
        ("sum16_lo", "dd01"),
        ("crc16_modbus", "374b"),
        ("crc16_modbus_hi", "4b37"),
        ("crc16_ccitt", "29b1"),
        ("crc16_ccitt_lo", "b129"),
        ("crc16_xmodem", "31c3"),
        ("sum8_hex", b"DD".hex()),
        ("xor8_hex", b"31".hex()),
        ("sum16_hex", b"01DD".hex()),
    ],
)
def test_the_check_text_has_the_catalogues_value(kind: str, expected: str) -> None:
    checksum = CHECKSUMS[kind]
    assert checksum.of(CHECK).hex() == expected
    assert len(checksum.of(b"")) == checksum.size == len(expected) // 2


def test_every_kind_is_checked_and_said_in_words() -> None:
    assert len(CHECKSUMS) == 15
    assert all(checksum.words for checksum in CHECKSUMS.values())


@given(st.binary(max_size=64))
def test_the_crcs_equal_those_nobody_here_wrote(data: bytes) -> None:
    assert CHECKSUMS["crc16_xmodem"].of(data) == binascii.crc_hqx(data, 0).to_bytes(2, "big")
    assert CHECKSUMS["crc16_ccitt"].of(data) == binascii.crc_hqx(data, 0xFFFF).to_bytes(2, "big")
    modbus = FramerRTU.compute_CRC(data).to_bytes(2, "big")
    assert CHECKSUMS["crc16_modbus"].of(data) == modbus


@given(st.binary(max_size=64))
def test_a_frame_with_its_twos_complement_sums_to_nothing(data: bytes) -> None:
    assert sum(data + CHECKSUMS["sum8_neg"].of(data)) % 256 == 0
