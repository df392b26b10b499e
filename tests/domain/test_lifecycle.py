"""The life cycle is exactly the table of the contract, and what the phone adds: a step back."""

import pytest

from server.domain.lifecycle import DAY_END, TABLE, transition
from wire.errors import Refusal
from wire.words import STATES

CONTRACT = {
    "call": ("waiting on_hold", "called"),
    "recall": ("called", "called"),
    "start": ("called", "serving"),
    "finish": ("called serving", "served"),
    "no-show": ("called", "no_show"),
    "hold": ("called serving", "on_hold"),
    "resume": ("on_hold", "serving"),
    "return": ("called no_show on_hold", "waiting"),
    "step-back": ("waiting called", "waiting"),
    "transfer": ("waiting called serving on_hold", "waiting"),
    "cancel": ("waiting called on_hold", "cancelled"),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("action", CONTRACT)
def test_every_action_from_every_state(action: str, state: str) -> None:
    sources, target = CONTRACT[action]
    if state in sources.split():
        assert transition(action, state).target == target
        return
    with pytest.raises(Refusal) as refused:
        transition(action, state)
    problem = refused.value.problem()
    assert (problem.code, problem.from_, problem.action) == ("invalid_transition", state, action)


def test_the_table_has_no_other_action() -> None:
    assert set(TABLE) == set(CONTRACT)


def test_the_day_ends_every_open_state() -> None:
    assert DAY_END == {
        "waiting": "cancelled",
        "called": "cancelled",
        "on_hold": "cancelled",
        "serving": "served",
    }
