"""Keys that bounce, are held, or are worn out: which edges are presses."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from edge.debounce import Debounce

SETTLE_S = 0.3
Edges = list[tuple[bool, float]]


def presses(edges: Edges) -> list[float]:
    contact = Debounce(SETTLE_S)
    return [at for down, at in edges if contact.edge(down, at)]


def bounces(down: bool, at: float, gaps: list[float]) -> tuple[Edges, float]:
    """A change of the contact with all its chatter; ends on the level it changes to."""
    edges = [(down, at)]
    for gap in gaps:
        edges += [(not down, at + gap), (down, at + 2 * gap)]
        at += 2 * gap
    return edges, at


chatter = st.lists(st.floats(0.0001, 0.02), max_size=6)
touch = st.tuples(chatter, st.floats(0.0, 20.0), chatter, st.floats(SETTLE_S + 0.001, 20.0))


@given(st.lists(touch, max_size=12))
def test_each_touch_is_one_press_at_its_first_contact(touches: list[tuple]) -> None:  # type: ignore[type-arg]
    edges: Edges = []
    wanted, at = [], 1.0
    for closing, held_s, opening, pause_s in touches:
        wanted.append(at)
        closed, at = bounces(True, at, closing)
        opened, at = bounces(False, at + held_s, opening)
        edges += closed + opened
        at += pause_s
    assert presses(edges) == wanted


@given(st.lists(st.tuples(st.booleans(), st.floats(0.0, 2.0)), max_size=60))
def test_whatever_comes_presses_are_apart_and_begin_open(steps: list[tuple[bool, float]]) -> None:
    edges: Edges = []
    at = 0.0
    for down, gap in steps:
        at += gap
        edges.append((down, at))
    found = presses(edges)
    assert all(later - first >= SETTLE_S for first, later in pairwise(found))
    assert all((True, moment) in edges for moment in found)


def test_a_held_key_acts_once_even_if_its_driver_repeats() -> None:
    assert presses([(True, at / 10) for at in range(100)]) == [0.0]


def test_a_worn_contact_that_never_rests_falls_silent() -> None:
    edges = [(n % 2 == 0, n * 0.2) for n in range(500)]
    assert presses(edges) == [0.0]


def test_two_keys_know_nothing_of_each_other() -> None:
    one, other = Debounce(SETTLE_S), Debounce(SETTLE_S)
    assert one.edge(True, 1.0)
    assert other.edge(True, 1.0)
