"""Modbus RTU frames against bytes worked out elsewhere, and against pymodbus's own encoder."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymodbus.framer import FramerRTU
from pymodbus.pdu import DecodePDU
from pymodbus.pdu.register_message import (
    WriteMultipleRegistersRequest,
    WriteMultipleRegistersResponse,
    WriteSingleRegisterRequest,
)

from display.errors import PanelGarbled, PanelRefused
from display.frames import modbus as frames

RTU = FramerRTU(DecodePDU(is_server=True))


def test_golden_text_frame() -> None:
    """`H047` on unit 1, registers 0 to 5, as a bus analyser prints it."""
    sent = frames.write_registers(1, 0, frames.text_registers("H047", 6))
    assert sent.hex(" ") == ("01 10 00 00 00 06 0c 00 48 00 30 00 34 00 37 00 20 00 20 a1 62")


def test_golden_blink_frame() -> None:
    """The example of the Modbus guide: unit 17, register 1, value 3."""
    assert frames.write_register(17, 1, 3).hex(" ") == "11 06 00 01 00 03 9a 9b"


@given(
    st.integers(1, 247),
    st.integers(0, 65000),
    st.lists(st.integers(0, 65535), min_size=1, max_size=123),
)
def test_frames_equal_those_of_an_encoder_nobody_here_wrote(
    unit: int, start: int, values: list[int]
) -> None:
    many = WriteMultipleRegistersRequest(dev_id=unit, address=start, registers=values)
    assert frames.write_registers(unit, start, values) == RTU.buildFrame(many)
    one = WriteSingleRegisterRequest(dev_id=unit, address=start, registers=values[:1])
    assert frames.write_register(unit, start, values[0]) == RTU.buildFrame(one)


@given(st.integers(1, 247), st.integers(0, 65000), st.integers(1, 123))
def test_the_proper_reply_is_accepted(unit: int, start: int, count: int) -> None:
    request = frames.write_registers(unit, start, [0] * count)
    answer = WriteMultipleRegistersResponse(dev_id=unit, address=start, count=count)
    reply = RTU.buildFrame(answer)
    assert frames.missing(reply) == 0
    frames.check_reply(request, reply)


@given(st.binary(max_size=12))
def test_noise_is_never_taken_for_a_reply(noise: bytes) -> None:
    request = frames.write_registers(1, 0, [0x41] * 6)
    with pytest.raises((PanelGarbled, PanelRefused)):
        frames.check_reply(request, noise)


@pytest.mark.parametrize("place", range(8))
def test_one_flipped_bit_anywhere_is_noticed(place: int) -> None:
    request = frames.write_register(1, 7, 1)
    reply = bytearray(request)
    reply[place] ^= 0x10
    with pytest.raises(PanelGarbled):
        frames.check_reply(request, bytes(reply))


def test_another_units_or_registers_reply_is_not_ours() -> None:
    request = frames.write_registers(1, 0, [1] * 6)
    for other in (frames.write_registers(2, 0, [1] * 6), frames.write_registers(1, 8, [1] * 6)):
        reply = other[:6] + frames.crc16(other[:6])
        with pytest.raises(PanelGarbled):
            frames.check_reply(request, reply)


def test_an_exception_is_a_refusal_in_words() -> None:
    body = bytes([1, 0x90, 2])
    reply = body + frames.crc16(body)
    assert frames.missing(reply) == 0
    with pytest.raises(PanelRefused, match="no such register"):
        frames.check_reply(frames.write_registers(1, 0, [1]), reply)


def test_frames_that_cannot_be_are_not_made() -> None:
    for count in (0, 124):
        with pytest.raises(ValueError, match="registers"):
            frames.write_registers(1, 0, [0] * count)
