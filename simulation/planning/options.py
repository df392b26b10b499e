"""What `layso-simulate` was asked for: the command line, checked at once, every fault a line."""

import argparse
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

from look.catalogue import LANGUAGES
from simulation.planning.changes import Changes, ClockSpan, Loan, Opening
from simulation.planning.source import clock_min
from simulation.planning.study import BASELINES, POLICIES
from wire.checks import Fault, FaultyFile, did_you_mean, refuse_if_faulty
from wire.ids import SLUG

MOST_DAYS: Final = 100_000
_SPAN: Final = "a time such as @8:00-10:00"


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        """End with status 2."""
        self.exit(2, f"{self.prog}: {message}; {self.prog} --help lists the options\n")


@dataclass(frozen=True)
class Asked:
    """One run of the program."""

    centre: str | None
    profile: Path | None
    log: Path | None
    people: int | None
    changes: Changes
    policies: Sequence[str]
    advice: bool
    surge: float
    absent: float | None
    estimates: bool
    days: int
    replications: int
    seed: int
    processes: int
    language: str
    json: str | None
    html: Path | None
    quiet: bool


def make_parser() -> argparse.ArgumentParser:
    """Every option."""
    parser = _Parser(
        prog="layso-simulate",
        description="Run a centre's day through the server's own rule, and ask what if.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "centre", nargs="?", metavar="CENTRE",
        help="a centre file, or a centre or study hall of the project; may be left out with --log",
    )  # fmt: skip
    day = parser.add_argument_group("the day, for every scenario")
    day.add_argument("--profile", metavar="FILE", help="JSON: when people come, and for what")
    day.add_argument("--log", metavar="FILE", help="replay this log of layso-server log export")
    day.add_argument("--people", metavar="N", help="how many come on a day")
    day.add_argument("--surge", metavar="F", default="1", help="F times as many people come")
    day.add_argument("--absent", metavar="SHARE", help="the share who do not answer the call")
    what_if = parser.add_argument_group("what if")
    what_if.add_argument("--open", metavar="COUNTER@TIME-TIME", action="append", default=[],
                         help="a counter is open in this time as well")  # fmt: skip
    what_if.add_argument("--closed", metavar="COUNTER", action="append", default=[],
                         help="a counter is not staffed")  # fmt: skip
    what_if.add_argument("--lend", metavar="COUNTER:SERVICE[@TIME-TIME]", action="append",
                         default=[], help="a counter serves one more service")  # fmt: skip
    what_if.add_argument("--policy", metavar="NAME", action="append", default=[],
                         help=f"another way to call: {', '.join(POLICIES)}")  # fmt: skip
    what_if.add_argument("--compare", action="store_true", help="every way that others call")
    what_if.add_argument("--advice", action="store_true", help="the manager follows the advice")
    study = parser.add_argument_group("the study")
    study.add_argument("--estimates", action="store_true", help="also what people would be told")
    study.add_argument("--days", metavar="N", help="days to run (20); with --log, the log's")
    study.add_argument("--replications", metavar="R", default="1", help="run that R times (1)")
    study.add_argument("--seed", metavar="S", default="1", help="chooses the people (1)")
    study.add_argument("--processes", metavar="P", help="processor cores to use (all)")
    output = parser.add_argument_group("what is written")
    output.add_argument("--language", default="vi", choices=LANGUAGES, help="vi or en (vi)")
    output.add_argument("--json", metavar="FILE", help="the figures as JSON; - for stdout")
    output.add_argument("--html", metavar="FILE", help="a report with charts, one file")
    output.add_argument("--quiet", action="store_true", help="no table and no progress bar")
    return parser


def read(words: Sequence[str] | None) -> Asked:
    """What was asked for.

    Raises:
        SystemExit: status 2 for what is no option at all.
        FaultyFile: the options whose value is wrong, each with what would be right.
    """
    given = make_parser().parse_args(words)
    values = _Values()
    asked = Asked(
        centre=given.centre,
        profile=Path(given.profile) if given.profile is not None else None,
        log=Path(given.log) if given.log is not None else None,
        people=values.whole("--people", given.people, 1, 100_000),
        changes=Changes(
            [one for text in given.open if (one := values.opening(text))],
            [name for text in given.closed if (name := values.counter("--closed", text))],
            [loan for text in given.lend if (loan := values.loan(text))],
        ),
        policies=values.policies(given.policy, given.compare),
        advice=given.advice,
        surge=values.number("--surge", given.surge, 0.01, 10.0) or 1.0,
        absent=values.number("--absent", given.absent, 0.0, 0.95),
        estimates=given.estimates,
        days=values.whole("--days", given.days, 1, MOST_DAYS) or 20,
        replications=values.whole("--replications", given.replications, 1, MOST_DAYS) or 1,
        seed=values.whole("--seed", given.seed, 0, 1_000_000_000) or 0,
        processes=values.whole("--processes", given.processes, 1, 512) or cores(),
        language=given.language,
        json=given.json,
        html=Path(given.html) if given.html is not None else None,
        quiet=given.quiet,
    )
    values.together(asked, days_given=given.days is not None)
    refuse_if_faulty(values.faults)
    return asked


def cores() -> int:
    """How many processor cores this program may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Values:
    """Reads option values and remembers what is wrong with them."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def _fault(self, option: str, message: str) -> None:
        self.faults.append(Fault(option, message))

    def whole(self, option: str, text: str | None, low: int, high: int) -> int | None:
        """A whole number; None where it is not given, or wrong."""
        if text is None:
            return None
        if not re.fullmatch(r"[0-9]{1,12}", text) or not low <= int(text) <= high:
            self._fault(option, f"must be a whole number from {low} to {high}, not '{text}'")
            return None
        return int(text)

    def number(self, option: str, text: str | None, low: float, high: float) -> float | None:
        """A number; None where it is not given, or wrong."""
        if text is None:
            return None
        try:
            value = float(text)
        except ValueError:
            value = low - 1
        if not low <= value <= high:
            self._fault(option, f"must be a number from {low:g} to {high:g}, not '{text}'")
            return None
        return value

    def counter(self, option: str, text: str) -> str | None:
        """A counter's id."""
        if not re.fullmatch(SLUG, text):
            self._fault(option, f"'{text}' is no counter's id; write one such as q7")
            return None
        return text

    def opening(self, text: str) -> Opening | None:
        """`q7@8:00-10:00` or `q7`."""
        counter, at, times = text.partition("@")
        name = self.counter("--open", counter)
        span = self._span("--open", text, times) if at else None
        return Opening(name, span) if name and (span or not at) else None

    def loan(self, text: str) -> Loan | None:
        """`q3:dat-dai` or `q3:dat-dai@9:00-11:00`."""
        what, at, times = text.partition("@")
        counter, colon, service = what.partition(":")
        if not colon or not re.fullmatch(SLUG, service) or not re.fullmatch(SLUG, counter):
            right = "write COUNTER:SERVICE, such as q3:dat-dai"
            self._fault("--lend", f"'{text}' names no counter and service; {right}")
            return None
        span = self._span("--lend", text, times) if at else None
        return Loan(counter, service, span) if span or not at else None

    def _span(self, option: str, text: str, times: str) -> ClockSpan | None:
        first, _, last = times.partition("-")
        start, end = clock_min(first), clock_min(last)
        if start is None or end is None:
            self._fault(option, f"'{text}' has no time after @; write {_SPAN}")
        elif start >= end:
            self._fault(option, f"'{text}' ends before it begins; write {_SPAN}")
        else:
            return ClockSpan(start, end)
        return None

    def policies(self, names: Sequence[str], compare: bool) -> list[str]:
        """Names of policies, each once."""
        for name in names:
            if name not in POLICIES:
                known = did_you_mean(name, POLICIES) or f"; choose of {', '.join(POLICIES)}"
                self._fault("--policy", f"there is no policy '{name}'{known}")
        return list(dict.fromkeys([*names, *(BASELINES if compare else ())]))

    def together(self, asked: Asked, *, days_given: bool) -> None:
        """What does not go together."""
        if asked.centre is None and asked.log is None:
            self._fault("CENTRE", "is missing; give a centre file, or a log with --log FILE")
        if asked.days * asked.replications > MOST_DAYS:
            self._fault("--replications", f"days x replications must be {MOST_DAYS} at the most")
        if asked.log is None:
            return
        for option, given in (
            ("--profile", asked.profile is not None),
            ("--people", asked.people is not None),
            ("--days", days_given),
        ):
            if given:
                self._fault(option, "does not go with --log, which says it itself; leave it out")
        if asked.replications > 1 and asked.surge == 1.0 and asked.absent is None:
            self._fault(
                "--replications",
                "a log's days are the same each time; leave it out, or add --surge or --absent",
            )


def refused(error: FaultyFile) -> list[str]:
    """The lines that say why."""
    return [str(fault) for fault in error.faults]
