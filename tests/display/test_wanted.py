"""From board and changes to the text of each panel."""

from typing import Any

import pytest

from display.wanted import CounterView, Views, after, from_board, is_new_call

NONE = None


def board(*counters: tuple[str, str, tuple[str, str] | None]) -> dict[str, Any]:
    return {
        "calls": [
            {"call_id": ticket[0], "times": 1, "number": ticket[0], "counter": {"id": name}}
            for name, _, ticket in counters
            if ticket
        ],
        "counters": [
            {
                "id": name,
                "number": index,
                "state": state,
                "ticket": ticket and {"number": ticket[0], "state": ticket[1]},
            }
            for index, (name, state, ticket) in enumerate(counters, start=1)
        ],
    }


def change(
    ticket: tuple[str, str] | None, counter: tuple[str, str] | None, *, times: int = 0
) -> dict[str, Any]:
    return {
        "ticket": ticket and {"id": "i", "number": ticket[0], "state": ticket[1]},
        "counter": counter and {"id": counter[0], "number": 1, "state": counter[1]},
        "call": {"call_id": ticket[0], "times": times} if ticket and times else None,
    }


def texts(views: Views) -> dict[str, str]:
    return {name: view.text for name, view in views.items()}


@pytest.mark.parametrize(
    ("state", "ticket", "text", "status"),
    [
        ("open", ("H047", "called"), "H047", "called"),
        ("open", ("H047", "serving"), "H047", "serving"),
        ("open", None, "----", "free"),
        ("paused", None, "", "paused"),
        ("closed", None, "", "closed"),
    ],
)
def test_each_state_of_a_counter(
    state: str, ticket: tuple[str, str] | None, text: str, status: str
) -> None:
    view = from_board(board(("q1", state, ticket)))["q1"]
    assert (view.text, view.status) == (text, status)


def test_a_ticket_from_call_to_end() -> None:
    views = from_board(board(("q1", "open", NONE), ("q2", "open", NONE)))
    shown = []
    for state, times in (("called", 1), ("called", 2), ("serving", 0), ("served", 0)):
        before = views["q1"]
        views = after(views, change(("H047", state), ("q1", "open"), times=times))
        shown.append((views["q1"].text, is_new_call(views["q1"], before)))
    assert shown == [("H047", True), ("H047", True), ("H047", False), ("----", False)]
    assert views["q2"] == CounterView(number=2, state="open")


@pytest.mark.parametrize("ending", ["no_show", "on_hold", "waiting", "cancelled", "served"])
@pytest.mark.parametrize("counter", [("q1", "open"), None])
def test_whatever_ends_it_the_panel_is_free(ending: str, counter: tuple[str, str] | None) -> None:
    views = from_board(board(("q1", "open", ("H047", "called"))))
    assert texts(after(views, change(("H047", ending), counter))) == {"q1": "----"}


def test_the_end_of_another_ticket_leaves_the_panel_alone() -> None:
    views = from_board(board(("q1", "open", ("H047", "called"))))
    views = after(views, change(("H001", "cancelled"), None))
    views = after(views, change(("H002", "on_hold"), ("q1", "open")))
    assert texts(views) == {"q1": "H047"}


def test_a_ticket_that_moves_leaves_its_old_panel() -> None:
    views = from_board(board(("q1", "open", ("H047", "called")), ("q2", "open", NONE)))
    views = after(views, change(("H047", "called"), ("q2", "open"), times=1))
    assert texts(views) == {"q1": "----", "q2": "H047"}


def test_a_change_of_priority_without_a_counter_keeps_the_call() -> None:
    views = from_board(board(("q1", "open", ("H047", "called"))))
    assert texts(after(views, change(("H047", "called"), None))) == {"q1": "H047"}


def test_a_held_ticket_that_comes_back_is_shown_again() -> None:
    views = from_board(board(("q1", "open", NONE)))
    held = views["q1"]
    views = after(views, change(("H047", "serving"), ("q1", "open")))
    assert texts(views) == {"q1": "H047"}
    assert not is_new_call(views["q1"], held), "nobody was called, so nothing blinks"


def test_opening_pausing_closing_and_a_new_counter() -> None:
    views: Views = {}
    shown = []
    for state in ("open", "paused", "open", "closed"):
        views = after(views, change(None, ("q9", state)))
        shown.append(views["q9"].text)
    assert shown == ["----", "", "----", ""]


def test_a_call_missed_while_away_counts_as_a_call_and_an_old_one_does_not() -> None:
    before = from_board(board(("q1", "open", ("H046", "called")), ("q2", "open", ("C1", "called"))))
    now = from_board(board(("q1", "open", ("H047", "called")), ("q2", "open", ("C1", "called"))))
    assert is_new_call(now["q1"], before["q1"])
    assert not is_new_call(now["q2"], before["q2"])


def test_an_undo_that_brings_a_call_back_is_no_new_call() -> None:
    views = from_board(board(("q1", "open", NONE)))
    views = after(views, change(("H047", "called"), ("q1", "open"), times=1))
    finished = after(views, change(("H047", "served"), ("q1", "open")))
    undone = after(finished, change(("H047", "called"), ("q1", "open"), times=1))
    assert texts(undone) == {"q1": "H047"}
    assert not is_new_call(undone["q1"], finished["q1"])


def test_the_views_before_are_not_touched() -> None:
    views = from_board(board(("q1", "open", NONE)))
    after(views, change(("H047", "called"), ("q1", "open"), times=1))
    assert texts(views) == {"q1": "----"}
