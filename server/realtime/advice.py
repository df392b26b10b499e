"""Managers who watch a centre: its advice at once, when it changes, and every ten minutes."""

from collections.abc import Callable, Hashable
from time import monotonic
from typing import Any, Final

from server.realtime.pictures import PictureWatch
from server.realtime.ports import Adviser
from wire.live import Advised
from wire.words import Role

ADVISED: Final[frozenset[Role]] = frozenset({"manager", "admin"})
CHECK_S: Final = 5.0
REPEAT_S: Final = 600.0


class AdviceWatch(PictureWatch):
    """The advice of every centre that a manager watches in this process.

    Args:
        adviser: Works the advice out; asked only while a manager watches.
        elapsed: Seconds on a clock that only goes forward.
    """

    def __init__(self, adviser: Adviser, elapsed: Callable[[], float] = monotonic) -> None:
        def ask(centre: str) -> tuple[Hashable, Any]:
            board = adviser.board(centre)
            ids = frozenset(one.id for one in board.advice)
            return ids, Advised(board.centre, board.as_of, board.advice)

        super().__init__(
            "advice", ADVISED, ask, check_s=CHECK_S, repeat_s=REPEAT_S, elapsed=elapsed
        )
