"""One visit as the citizen sees it, who holds the link of their number."""

from wire.answers import Answer, CounterRef, Moment, Wait
from wire.words import LinkAction, Name, State


class GivenRating(Answer, frozen=True):
    """The score that a visit was given."""

    score: int


class PublicTicket(Answer, frozen=True):
    """What the holder of a track link may see, and in `can` what they may do about it now.

    While it waits: `counters` are the numbers of the open counters that may call it, `zone` where
    they all are. `times` is how often it was called, `steps_left` how often it may step back yet.
    """

    number: str
    service: Name
    state: State
    counter: CounterRef | None
    zone: Name | None
    ahead: int | None
    wait: Wait | None
    issued_at: Moment
    called_at: Moment | None
    ended_at: Moment | None
    side: str | None = None
    times: int = 0
    coming: bool = False
    counters: tuple[int, ...] = ()
    procedure: Name | None = None
    papers: tuple[str, ...] = ()
    can: tuple[LinkAction, ...] = ()
    steps_left: int = 0
    rating: GivenRating | None = None


class Coming(Answer, frozen=True):
    """The called tickets whose people say that they are on the way: the event `coming`."""

    centre: str
    tickets: list[str]
