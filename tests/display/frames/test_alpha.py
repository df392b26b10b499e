"""Alpha frames against an encoder and a reader nobody here wrote, and what a sign may answer."""

import pytest
from alphasign import Packet
from alphasign.commands import ReadText, WriteText, parse_read_text_response
from alphasign.protocol import DELAY, DisplayMode, DisplayPosition
from hypothesis import given
from hypothesis import strategies as st

from display.errors import PanelGarbled, PanelRefused
from display.frames import alpha

SIGN = alpha.Sign("f", "05", "A")
MODES = {name: mode for name, mode in alpha.MODES.items() if mode not in "o"}
TEXTS = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=32)
ANSWER = bytes(20) + b"\x01000\x02AA\x1b bH047  \x030247\x04"


def theirs(command: object, *, checksum: bool = True) -> bytes:
    packet = Packet(type_code=b"f", address="05")
    packet.add(command, checksum=checksum)
    return packet.to_bytes().replace(DELAY, b"")


def test_golden_write() -> None:
    """`H047` for sign 05, held in the middle; the sum from STX through ETX is 0247."""
    frame = alpha.write_text(SIGN, "H047  ", position="middle", mode="hold")
    assert frame == b"\0\0\0\0\0\x01f05\x02AA\x1b bH047  \x030247\x04"


@given(TEXTS, st.sampled_from(sorted(alpha.MODES)), st.booleans())
def test_writes_equal_those_of_the_other_encoder(text: str, mode: str, checked: bool) -> None:
    command = WriteText(
        text,
        label="A",
        position=DisplayPosition.MIDDLE_LINE,
        mode=DisplayMode(alpha.MODES[mode].encode()),
    )
    frame = alpha.write_text(SIGN, text, position="middle", mode=mode, checked=checked)
    assert frame == theirs(command, checksum=checked)


def test_reads_equal_those_of_the_other_encoder() -> None:
    assert alpha.read_text(SIGN) == theirs(ReadText("A"))


@given(TEXTS)
def test_an_answer_is_read_as_the_other_reader_reads_it(text: str) -> None:
    body = b"\x02AA\x1b b" + text.encode() + b"\x03"
    answer = bytes(20) + b"\x01000" + body + f"{sum(body):04X}".encode() + b"\x04"
    assert alpha.missing_packet(answer) == 0
    assert alpha.missing_packet(answer[:-1]) == 1
    assert alpha.text_in(answer) == text == parse_read_text_response(answer)[3].decode()


def test_an_answer_without_a_checksum_is_taken_too() -> None:
    assert alpha.text_in(b"\0\x01000\x02AA\x1b bH047\x04") == "H047"


@pytest.mark.parametrize("place", range(24, 41))
def test_a_flipped_bit_in_an_answer_is_noticed(place: int) -> None:
    answer = bytearray(ANSWER)
    answer[place] ^= 0x02
    try:
        held = alpha.text_in(bytes(answer))
    except PanelGarbled:
        return
    assert held != "H047  "  # the panel compares it with what it told


@given(st.binary(max_size=300))
def test_noise_is_never_waited_for_without_end_nor_taken_for_text(noise: bytes) -> None:
    assert alpha.missing_packet(noise + bytes(alpha.LONGEST_ANSWER)) == 0
    if b"\x02A" not in noise:
        with pytest.raises(PanelGarbled):
            alpha.text_in(noise)


def test_acknowledged_refused_or_neither() -> None:
    assert [alpha.missing_word(reply) for reply in (b"", b"\0\0", b"\x15", b"\x06")] == [1, 1, 1, 0]
    assert alpha.missing_word(b"\x15\x50") == 0
    alpha.check_word(b"\0\x06\x40")
    with pytest.raises(PanelRefused, match="checksum"):
        alpha.check_word(b"\x15\x50")
    with pytest.raises(PanelRefused, match="label, a parity error"):
        alpha.check_word(b"\x15\x61")
    with pytest.raises(PanelRefused, match="status 40"):
        alpha.check_word(b"\x15\x40")
    with pytest.raises(PanelGarbled):
        alpha.check_word(bytes(alpha.LONGEST_ANSWER))
