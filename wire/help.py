"""Calls for help: somebody at a kiosk or a counter wants a member of staff to come.

One record for each caller goes clear, called, coming, clear. It is nobody's log: what was
called for is forgotten at the end of the day, and after half an hour without an answer.
"""

from typing import Final, Literal

from wire.answers import Answer, CounterRef, Moment
from wire.requests import Body, Slug

HELP_ID: Final = r"^[0-9a-f]{16}$"

HelpState = Literal["clear", "called", "coming"]


class HelpRequest(Body, frozen=True):
    """Call for help: a desk names its counter, a kiosk and a pad speak for themselves."""

    counter: Slug | None = None


class KioskCaller(Answer, frozen=True, tag_field="kind", tag="kiosk"):
    """A kiosk that calls: its number in the centre, and what people call it."""

    kiosk: int
    name: str


class CounterCaller(Answer, frozen=True, tag_field="kind", tag="counter"):
    """A counter that calls."""

    counter: CounterRef


class HelpCall(Answer, frozen=True):
    """One caller's record; a new call after `clear` has a new id."""

    id: str
    caller: KioskCaller | CounterCaller
    state: HelpState
    called_at: Moment
    coming_at: Moment | None


class HelpCalls(Answer, frozen=True):
    """All who call now, the first first; also the event `help`, whenever that changes."""

    centre: str
    calls: list[HelpCall]
