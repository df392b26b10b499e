"""What is pure about pads: lamps, blinking, which presses are one wish, frames, who waits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from display.frames.pad import Finder, frame
from display.frames.template import TemplateFault
from display.pads.light import Sight, lights
from display.pads.press import Outcome, Wishes
from display.pads.waiting import waiting_by_counter
from display.wanted import CounterView
from edge.blinking import lit, next_change_s

FREE = CounterView(number=1, state="open")
CALLED = CounterView(1, "open", "H001", "called", ("c1", 1))


@pytest.mark.parametrize(
    ("sight", "shown"),
    [
        (Sight("up", status="free", waiting=2), "waiting=on link=on call=off help=off"),
        (Sight("up", status="free", waiting=0), "waiting=off link=on call=off help=off"),
        (Sight("up", status="called", waiting=1), "waiting=on link=on call=blink help=off"),
        (Sight("up", status="serving"), "waiting=off link=on call=on help=off"),
        (Sight("up", status="closed", waiting=3), "waiting=off link=on call=off help=off"),
        (Sight("connecting", status="free", waiting=1), "waiting=on link=blink call=off help=off"),
        (Sight("down", status="serving", waiting=1), "waiting=off link=off call=off help=off"),
        (Sight("up", refused=True), "waiting=off link=blink call=off help=off"),
        (Sight("up", status="free", help="called"), "waiting=off link=on call=off help=blink"),
        (Sight("up", status="free", help="coming"), "waiting=off link=on call=off help=on"),
        (Sight("up", status="serving", asking=True), "waiting=blink link=on call=blink help=off"),
        (Sight("up", status="free", nobody=True), "waiting=blink link=on call=blink help=off"),
        (Sight("down", fault=True, asking=True), "waiting=fast link=fast call=fast help=fast"),
    ],
)  # fmt: skip
def test_every_lamp_of_the_table(sight: Sight, shown: str) -> None:
    words = dict(word.split("=") for word in shown.split())
    assert lights(sight) == words


@given(st.floats(0, 1e6))
def test_a_lamp_that_blinks_changes_when_it_is_said_to(now_s: float) -> None:
    both = {"a": "blink", "b": "on", "c": "off"}
    soon = next_change_s(both, now_s)  # type: ignore[arg-type]
    assert soon is not None
    assert 0 <= soon < 0.401
    before, later = lit(both, now_s), lit(both, now_s + soon + 1e-3)  # type: ignore[arg-type]
    assert before["a"] != later["a"]
    assert (later["b"], later["c"]) == (True, False)
    assert next_change_s({"b": "on"}, now_s) is None


def wishes() -> Wishes:
    keys = iter(f"key-{n}" for n in range(100))
    return Wishes(1.0, lambda: next(keys))


def test_after_an_answer_the_same_key_is_quiet_for_a_while() -> None:
    some = wishes()
    some.ended("next", some.operation("next"), Outcome("called", "H001"), FREE, 10.0)
    assert some.folds("next", 9.5)  # while it was being asked for
    assert some.folds("next", 10.9)
    assert not some.folds("next", 11.0)
    assert not some.folds("recall", 10.1)
    some.ended("next", some.operation("next"), Outcome("not_open"), FREE, 20.0)
    assert not some.folds("next", 20.1)  # a fault is answered by pressing again


def test_an_unanswered_press_keeps_its_key_until_the_truth_is_known() -> None:
    some = wishes()
    first = some.operation("next")
    some.ended("next", first, Outcome("unsure"), FREE, 10.0)
    assert some.operation("next") == first
    assert some.operation("help") != first
    some.ended("next", first, Outcome("away"), FREE, 12.0)
    assert some.operation("next") == first
    assert not some.heard(FREE, None, 13.0)
    assert not some.heard(FREE, 13.0, 14.0)
    assert some.heard(CALLED, 13.0, 15.0) == "next"
    assert some.operation("next") != first
    assert some.folds("next", 15.5)


def test_a_press_the_server_never_heard_of_is_over_after_a_while() -> None:
    some = wishes()
    first = some.operation("next")
    some.ended("next", first, Outcome("unsure"), FREE, 10.0)
    assert not some.heard(FREE, 100.0, 109.0)
    assert some.operation("next") == first
    assert not some.heard(FREE, 100.0, 110.1)
    assert some.operation("next") != first


def test_another_key_in_between_leaves_an_unanswered_press_its_key() -> None:
    some = wishes()
    first = some.operation("next")
    some.ended("next", first, Outcome("unsure"), FREE, 10.0)
    some.ended("recall", some.operation("recall"), Outcome("unsure"), FREE, 12.0)
    assert some.operation("next") == first
    assert some.heard(CALLED, 13.0, 14.0) is not None
    assert some.operation("next") != first


def test_a_counter_that_moves_on_is_no_answer_to_a_call_for_help() -> None:
    some = wishes()
    first = some.operation("help")
    some.ended("help", first, Outcome("unsure"), FREE, 10.0)
    assert some.heard(CALLED, 10.5, 11.0) is None
    assert some.operation("help") == first


def test_a_press_that_was_answered_the_second_time_is_over() -> None:
    some = wishes()
    first = some.operation("next")
    some.ended("next", first, Outcome("unsure"), FREE, 10.0)
    some.ended("next", first, Outcome("called", "H001"), FREE, 11.0)
    assert some.operation("next") != first


@pytest.mark.parametrize(
    ("template", "data"),
    [
        ("AA {unit} 01 {sum8} 55", "aa 07 01 b2 55"),
        ("AA {unit} 01 {sum8:2-} 55", "aa 07 01 08 55"),
        ("02 {unit} 'OK' {xor8} 03", "02 07 4f 4b 01 03"),
        ("{unit} 03 00 00 00 01 {crc16_modbus}", "07 03 00 00 00 01 84 6c"),
        ("01 02 {sum8_neg}", "01 02 fd"),
    ],
)
def test_a_template_becomes_bytes(template: str, data: str) -> None:
    assert frame(template, 7).hex(" ") == data


@pytest.mark.parametrize("template", ["", "A", "AA BBC", "{sum9}", "'Đ'", "AA {text}"])
def test_what_is_no_template_is_refused(template: str) -> None:
    with pytest.raises(TemplateFault):
        frame(template, 1)


@given(st.lists(st.sampled_from(["a", "b"]), max_size=8), st.binary(max_size=6), st.integers(1, 5))
def test_frames_are_found_in_whatever_pieces_they_come(
    wanted: list[str], noise: bytes, size: int
) -> None:
    noise = noise.replace(b"\xaa", b"\x00")
    frames = {"a": b"\xaa\x01\x55", "b": b"\xaa\x02\x03\x55"}
    data = noise.join(frames[key] for key in wanted) + noise
    finder = Finder(frames)
    found = [key for at in range(0, len(data), size) for key in finder.feed(data[at : at + size])]
    assert found == wanted


def test_who_waits_for_a_counter_waits_for_any_of_its_services() -> None:
    board = {
        "services": [
            {"id": "a", "waiting": 2},
            {"id": "b", "waiting": 3},
            {"id": "c", "waiting": 0},
        ],
        "counters": [{"id": "q1", "services": ["a", "b"]}, {"id": "q2", "services": ["c"]}],
    }
    assert waiting_by_counter(board) == {"q1": 5, "q2": 0}
