"""The study as a table for a terminal."""

from collections.abc import Callable, Sequence

from simulation.planning.figures import Figures, OfScenario
from simulation.planning.wording import Wording

Column = tuple[str, Callable[[OfScenario], str]]


def rows_of(figures: Figures, say: Wording) -> list[list[str]]:
    """The table's cells: the heads, then one row a scenario."""
    columns = _columns(figures, say)
    heads = [say(f"simulate.column.{name}") for name, _ in columns]
    return [heads, *([write(one) for _, write in columns] for one in figures.scenarios)]


def _columns(figures: Figures, say: Wording) -> list[Column]:
    columns: list[Column] = [
        ("scenario", say.scenario),
        ("people", lambda one: say.number(one.people_per_day, 0)),
        ("mean", lambda one: say.mean(one.wait_min.mean)),
        ("p90", lambda one: say.number(one.wait_min.p90)),
        ("p99", lambda one: say.number(one.wait_min.p99)),
        ("worst", lambda one: say.worst(figures, one.worst)),
        ("priority", lambda one: say.number(one.priority_mean_min)),
        ("utilisation", lambda one: say.percent(one.utilisation)),
        ("ratio", lambda one: _ratio(one, say)),
    ]
    if any(one.told for one in figures.scenarios):
        columns += [
            ("error", lambda one: _told(one, say, "mean_error_min")),
            ("simple", lambda one: _told(one, say, "mean_error_simple_min")),
            ("covered", lambda one: _told(one, say, "covered")),
        ]
    return columns


def _ratio(one: OfScenario, say: Wording) -> str:
    return say.mean(one.against_as_is, 2) if one.against_as_is else say("simulate.none")


def _told(one: OfScenario, say: Wording, field: str) -> str:
    if one.told is None:
        return say("simulate.none")
    value: float = getattr(one.told, field)
    return say.percent(value) if field == "covered" else say.number(value)


def table(figures: Figures, say: Wording) -> str:
    """Everything for the terminal: what was run, the table, what to know beside it."""
    rows = rows_of(figures, say)
    parts = [say.about(figures), "", *aligned(rows), "", *say.notes(figures)]
    return "\n".join(parts) + "\n"


LEFT = frozenset((0, 5))
"""Columns of words; the others are numbers and stand to the right."""


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of cells as lines in which the columns stand under each other."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = [
        "  ".join(
            cell.ljust(width) if at in LEFT else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return [lines[0], "  ".join("-" * width for width in widths), *lines[1:]]
