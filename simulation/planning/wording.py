"""A study's figures in the reader's words: numbers, names of scenarios and services."""

from collections.abc import Mapping

from look.catalogue import words
from simulation.planning.figures import AS_IS, RECORDED, WHAT_IF, Cell, Figures, Mean, OfScenario


class Wording:
    """The words and the way of writing numbers of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._words: Mapping[str, str] = words(language, "simulate")

    def __call__(self, key: str, **values: object) -> str:
        """A text of the catalogue, its holes filled in."""
        return self._words[key].format(**values)

    def number(self, value: float, digits: int = 1) -> str:
        """A number with so many digits after the decimal sign."""
        text = f"{value:.{digits}f}"
        if float(text) == 0.0:
            text = text.removeprefix("-")
        return text.replace(".", ",") if self.language == "vi" else text

    def percent(self, share: float) -> str:
        """A share as whole per cent."""
        gap = "" if self.language == "en" else "\N{NO-BREAK SPACE}"
        return f"{self.number(100.0 * share, 0)}{gap}%"

    def mean(self, mean: Mean, digits: int = 1) -> str:
        """A mean with its interval, where it has one."""
        value = self.number(mean.value, digits)
        if mean.low is None or mean.high is None:
            return value
        between = f"{self.number(mean.low, digits)}–{self.number(mean.high, digits)}"
        return f"{value} ({between})"

    def scenario(self, one: OfScenario) -> str:
        """What a scenario is called."""
        if one.id in (AS_IS, WHAT_IF, RECORDED):
            return self(f"simulate.scenario.{one.id}")
        policy = self(f"simulate.policy.{one.policy}")
        if one.id.startswith(f"{WHAT_IF}/"):
            return self("simulate.scenario.what_if_policy", policy=policy)
        return policy

    def service(self, figures: Figures, service: str) -> str:
        """A service's name."""
        return figures.centre.services[service][self.language]

    def centre(self, figures: Figures) -> str:
        """The centre's name."""
        return figures.centre.name[self.language]

    def worst(self, figures: Figures, cell: Cell | None) -> str:
        """The service and half hour that waits longest."""
        if cell is None:
            return self("simulate.none")
        name = self.service(figures, cell.service)
        return self("simulate.worst_cell", min=self.number(cell.mean_min), at=cell.at, service=name)

    def day(self, day: str) -> str:
        """A business day as people write it."""
        if self.language == "en":
            return day
        year, month, date = day.split("-")
        return f"{date}/{month}/{year}"

    def about(self, figures: Figures) -> str:
        """What was run, in one line."""
        one = figures.scenario(AS_IS) or figures.scenarios[0]
        people = self.number(one.people_per_day, 0)
        if figures.source == "log":
            text = self(
                "simulate.from_log", centre=self.centre(figures), people=people,
                first=self.day(figures.log_days[0]), last=self.day(figures.log_days[-1]),
                days=figures.days,
            )  # fmt: skip
        else:
            text = self(
                "simulate.from_profile", centre=self.centre(figures), people=people,
                hours=figures.centre.hours, days=figures.days, seed=figures.seed,
            )  # fmt: skip
        return " · ".join([text, *self._more(figures)])

    def _more(self, figures: Figures) -> list[str]:
        more = []
        if figures.replications > 1:
            more.append(self("simulate.replicated", n=figures.replications))
        if figures.surge != 1.0:
            more.append(self("simulate.surge", factor=self.number(figures.surge)))
        if figures.absent is not None:
            more.append(self("simulate.absent", share=self.percent(figures.absent)))
        return more

    def changed(self, figures: Figures) -> str:
        """What the what-if changes; empty where there is none."""
        focus = figures.focus
        words_ = [*focus.changes, *([self("simulate.advice")] if focus.advice else [])]
        return self("simulate.changes", changes="; ".join(words_)) if words_ else ""

    def notes(self, figures: Figures) -> list[str]:
        """What a reader must know beside the figures."""
        found = [self("simulate.unit_note")]
        if changed := self.changed(figures):
            found.insert(0, changed)
        for one in figures.scenarios:
            name = self.scenario(one)
            if one.unserved:
                found.append(self("simulate.unserved", scenario=name, n=one.unserved))
            if one.left:
                found.append(self("simulate.left", scenario=name, n=one.left))
        if figures.days * figures.replications == 1:
            found.append(self("simulate.one_day"))
        return found
