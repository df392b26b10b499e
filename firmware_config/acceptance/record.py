"""What an acceptance record holds."""

from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

Outcome = Literal["well", "failed", "look", "untested"]
"""`look`: the device cannot say how it went; somebody has to look."""

VERSION: Final = 1
"""Of the JSON beside the page."""


@dataclass(frozen=True)
class Fact:
    """One line of what the box is; an empty `value` could not be found out."""

    name: str
    vi: str
    en: str
    value: str


@dataclass(frozen=True)
class Trial:
    """One thing that was tried, or was to be tried; `seen` is what was measured or said."""

    vi: str
    en: str
    outcome: Outcome
    seen: str = ""


@dataclass(frozen=True)
class Record:
    """A whole record. `made_at` is local time with its offset, ISO 8601, to the second."""

    made_at: str
    roles: tuple[str, ...]
    facts: tuple[Fact, ...]
    trials: tuple[Trial, ...]
    answers: tuple[Trial, ...]

    def count(self, outcome: Outcome) -> int:
        """How many trials and answers went so."""
        return sum(one.outcome == outcome for one in (*self.trials, *self.answers))

    def value(self, name: str) -> str:
        """The value of a fact, empty where there is none."""
        return next((fact.value for fact in self.facts if fact.name == name), "")

    def as_json(self) -> dict[str, Any]:
        """The same, for programs."""
        return {"version": VERSION} | asdict(self)
