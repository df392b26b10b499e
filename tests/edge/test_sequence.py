"""Order by seq, whatever the network did to the order: shown for every order there is."""

from hypothesis import given
from hypothesis import strategies as st

from edge.sequence import Sequence


def drain(sequence: Sequence) -> list[int]:
    out = []
    while (change := sequence.next_change()) is not None:
        out.append(change["seq"])
    return out


@given(st.permutations(range(1, 9)), st.integers(0, 8), st.integers(0, 8))
def test_any_order_any_repeat_any_board_comes_out_once_in_order(
    order: list[int], board: int, when: int
) -> None:
    sequence = Sequence()
    sequence.restart()
    out: list[int] = []
    for place, seq in enumerate([*order, *order]):
        if place == when:
            assert sequence.take_board(board)
        sequence.take_change({"seq": seq})
        out += drain(sequence)
    assert out == list(range(board + 1, 9))
    assert not sequence.incomplete


def test_a_gap_and_a_pulse_ahead_are_noticed() -> None:
    sequence = Sequence()
    sequence.restart()
    sequence.take_pulse(9)
    assert not sequence.incomplete, "before the first board nothing is missing yet"
    sequence.take_board(9)
    sequence.take_change({"seq": 11})
    assert drain(sequence) == []
    assert sequence.incomplete
    sequence.take_change({"seq": 10})
    assert drain(sequence) == [10, 11]
    sequence.take_pulse(12)
    assert sequence.incomplete


def test_a_board_that_a_change_has_overtaken_does_not_count() -> None:
    sequence = Sequence()
    sequence.restart()
    sequence.take_board(4)
    sequence.take_change({"seq": 5})
    drain(sequence)
    assert not sequence.take_board(4)
    assert sequence.seq == 5


def test_after_a_new_connection_even_a_lower_board_counts() -> None:
    sequence = Sequence()
    sequence.restart()
    sequence.take_board(40)
    sequence.take_change({"seq": 99})
    sequence.restart()
    assert sequence.take_board(3)
    assert (sequence.seq, sequence.incomplete) == (3, False)
