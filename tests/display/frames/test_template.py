"""Byte templates: every field, every fault with its place, and frames worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymodbus.framer import FramerRTU
from pymodbus.pdu import DecodePDU
from pymodbus.pdu.register_message import WriteSingleRegisterRequest

from display.frames.fields import FIELDS, Scene
from display.frames.panel_text import fitted
from display.frames.template import Template, TemplateFault


def scene(text: str, *, blink: bool = False, unit: int = 5, length: int = 4, **more: int) -> Scene:
    return Scene(unit=unit, text=fitted(text, length), blink=blink, length=length, **more)


@pytest.mark.parametrize(
    ("template", "text", "frame"),
    [
        ("{unit} {hi} {lo} {sum8}", "H300", "05 01 2c 32"),
        ("{unit} {hi} {lo} {sum8}", "----", "05 00 00 05"),
        ("AA {unit} {text} {sum8} 55", "H047", "aa 05 48 30 34 37 92 55"),
        ("AA {unit} {text} {sum8:2-} 55", "H047", "aa 05 48 30 34 37 e8 55"),
        ("AA {unit} {text} {sum8:3-6} 55", "H047", "aa 05 48 30 34 37 e3 55"),
        ("AA {text_right:6} 55", "H1", "aa 20 20 20 20 48 31 55"),
        ("'$' {unit_ascii} ',' {digits_ascii} 0D0A", "H47", "24 30 35 2c 20 20 34 37 0d 0a"),
        ("{unit_ascii:3}", "", "30 30 35"),
        ("{digits}", "H047", "0f 00 04 07"),
        ("{digits:3}", "H2047", "00 04 07"),
        ("{digits}", "----", "0a 0a 0a 0a"),
        ("{digits}", "", "0f 0f 0f 0f"),
        ("{digits_ascii}", "----", "2d 2d 2d 2d"),
        ("{bcd}", "H047", "f0 47"),
        ("{bcd:1}", "H047", "47"),
        ("{bcd}", "----", "aa aa"),
        ("{segments}", "H047", "76 3f 66 07"),
        ("{segments}", "----", "40 40 40 40"),
        ("{segments_inv}", "8", "80 ff ff ff"),
        ("{state} {blink}", "H047", "02 00"),
        ("{state} {blink}", "----", "01 00"),
        ("{state} {blink}", "", "00 00"),
        ("{state:10,11,12,13} {blink:30,31}", "", "10 30"),
        ("{size} {rest} {length} {text} {xor8}", "H047", "08 05 04 48 30 34 37 72"),
        ("{rest} 01 02", "", "02 01 02"),
        ("02 'A' {text} 03 {sum16_hex}", "H047", "02 41 48 30 34 37 03 30 31 32 39"),
        ("{xor8:2-} {text}", "", None),
    ],
)
def test_frames_worked_out_by_hand(template: str, text: str, frame: str | None) -> None:
    if frame is None:
        with pytest.raises(TemplateFault):
            Template(template, 4)
        return
    made = Template(template, 4)
    assert made.render(scene(text)).hex(" ") == frame
    assert made.size == len(frame.split())


def test_a_call_differs_by_state_and_blink() -> None:
    template = Template("{state} {blink}", 4)
    assert template.render(scene("H047", blink=True)).hex() == "0301"
    assert template.blinks
    assert not Template("{unit} {text}", 4).blinks
    assert Template("{unit_ascii}", 4).addressed
    assert not Template("{text}", 4).addressed


def test_what_stands_for_no_number_is_the_configs_choice() -> None:
    template = Template("{hi} {lo}", 4)
    chosen = {"free_number": 0xFFFE, "blank_number": 0xFFFF}
    assert template.render(scene("----", **chosen)).hex() == "fffe"
    assert template.render(scene("", **chosen)).hex() == "ffff"
    assert template.render(scene("H047", **chosen)).hex() == "002f"


def test_a_checksum_before_what_it_covers() -> None:
    assert Template("AA {sum8:3-6} {text}", 4).render(scene("H047")).hex(" ") == (
        "aa e3 48 30 34 37"
    )


def test_a_second_checksum_covers_the_first() -> None:
    assert Template("{unit} {sum8} {xor8}", 4).render(scene("")).hex() == "050500"


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("AA {unti} 55", "part 2 '{unti}' is no field; did you mean 'unit'?"),
        ("AA {unit", "part 2 '{unit' is no hex byte, no 'text' and no {field}"),
        ("AAA", "part 1 'AAA' is no hex byte"),
        ("AA {unit:3}", "part 2 '{unit:3}' takes nothing behind a colon"),
        ("{text:0}", "part 1 '{text:0}' takes a number from 1 to 32"),
        ("{text:x}", "takes a number from 1 to 32"),
        ("{blink:1}", "takes 2 hex bytes behind the colon, such as 00,01, not '1'"),
        ("{state:00,01}", "takes 4 hex bytes"),
        ("{size:2}", "takes nothing behind a colon"),
        ("AA {sum8:0-}", "part 2 '{sum8:0-}' covers bytes such as 2- or 2-5"),
        ("AA {sum8:9-}", "covers bytes 9 to 1: nothing at all"),
        ("{sum8}", "covers bytes 1 to 0: nothing at all"),
        ("AA {sum8:1-3}", "covers bytes 1 to 3, but the frame has 2"),
        ("AA {sum8:1-2}", "and so '{sum8:1-2}' itself"),
        ("AA {sum8:1-3} {xor8}", "and so '{sum8:1-3}' itself"),
        ("AA {crc16_modbu:2-}", "did you mean 'crc16_modbus'?"),
        ("AA ??", "part 2 '??' is no hex byte"),
        ("AA 'MỜI' 55", "part 2 ''MỜI'' is no ASCII text between single quotes"),
        ("AA 'MOI", "part 2 ''MOI' is no ASCII text between single quotes"),
        ("   ", "is empty"),
        (" ".join(["{text:32}"] * 8), "makes 256 bytes; 255 is the most"),
    ],
)
def test_a_fault_names_the_part_and_its_place(template: str, said: str) -> None:
    with pytest.raises(TemplateFault) as caught:
        Template(template, 4)
    assert said in str(caught.value)


def test_all_faults_of_a_template_are_told_at_once() -> None:
    with pytest.raises(TemplateFault) as caught:
        Template("AA {unti} GG {text:99} {sum8:7-9}", 4)
    places = [line.split("'")[0] for line in str(caught.value).splitlines()]
    assert places == ["part 2 ", "part 3 ", "part 4 ", "part 5 "]


def test_a_reply_may_leave_bytes_open_and_still_be_checked() -> None:
    reply = Template("AA {unit} ?? {sum8}", 4, reply=True)
    for byte in (0, 6, 255):
        came = bytes([0xAA, 5, byte, (0xAA + 5 + byte) % 256])
        assert reply.render(scene(""), came) == came
    assert reply.render(scene(""), bytes([0xAA, 5, 6, 0])) != bytes([0xAA, 5, 6, 0])


UNDER_TEST = Template("{unit} 06 00 07 {hi} {lo} {crc16_modbus}", 6)


@given(st.integers(1, 247), st.integers(0, 65535))
def test_a_modbus_frame_as_a_template_equals_an_encoder_nobody_here_wrote(
    unit: int, number: int
) -> None:
    request = WriteSingleRegisterRequest(dev_id=unit, address=7, registers=[number])
    frame = UNDER_TEST.render(scene(f"{number:05}", unit=unit, length=6))
    assert frame == FramerRTU(DecodePDU(is_server=True)).buildFrame(request)


@given(st.sampled_from(sorted(FIELDS)), st.text(max_size=8), st.booleans(), st.integers(1, 32))
def test_every_field_keeps_its_size_whatever_the_text(
    name: str, text: str, blink: bool, length: int
) -> None:
    template = Template(f"{{{name}}} 55", length)
    frame = template.render(scene(text, blink=blink, length=length))
    assert len(frame) == template.size
    assert frame[-1] == 0x55
