"""How keys are judged, and that no two share a line: the same for a kiosk's keys and for pads."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from wire.checks import Table

DEBOUNCE_S: Final = 0.3


class Judging(NamedTuple):
    """How long a contact must rest, and how long a key is deaf after a press; seconds."""

    debounce_s: float
    quiet_s: float


def read_judging(options: Table | None, *, quiet_s: float, quiet_most_s: float) -> Judging:
    """Read `debounce_s` and `quiet_s` of a table, noting faults; the usual where it is absent.

    Args:
        options: `[keys]` or `[pads]`.
        quiet_s: What holds where the table does not say.
        quiet_most_s: The longest that may be said.
    """
    if options is None:
        return Judging(DEBOUNCE_S, quiet_s)
    judging = Judging(
        options.number("debounce_s", DEBOUNCE_S, low=0.02, high=2, what="seconds"),
        options.number("quiet_s", quiet_s, low=0, high=quiet_most_s, what="seconds"),
    )
    options.finish()
    return judging


def refuse_shared_lines(found: Iterable[tuple[Table, Sequence[str]]]) -> None:
    """Note a fault in every table whose lines, such as pins, another has taken before it."""
    takers: dict[str, str] = {}
    for table, lines in found:
        for line in lines:
            taker = takers.setdefault(line, table.where)
            if taker != table.where:
                table.fault("driver", f"{line} is taken by {taker}; give another one")
