"""The study as one HTML page with charts: no script, nothing fetched, fit to be sent by mail."""

import base64
import re
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from look import STATIC_DIR
from simulation.planning import charts
from simulation.planning.figures import AS_IS, Figures, OfScenario
from simulation.planning.table import rows_of
from simulation.planning.wording import Wording

PAGE_DIR: Final = Path(__file__).parent / "page"
FEW: Final = 2
"""So many scenarios share one row, each chart being wide."""

_FONT: Final = re.compile(r"url\(\.\./fonts/([a-z0-9-]+\.woff2)\)")


def report(figures: Figures, say: Wording) -> str:
    """The whole page, in one language."""
    as_is = figures.scenario(AS_IS)
    focus = figures.focus
    page = _templates().get_template("report.html")
    return page.render(
        figures=figures,
        say=say,
        style=Markup(_style()),  # noqa: S704 - the project's own style sheets
        as_is=as_is,
        focus=focus,
        compared=as_is is not None and focus is not as_is,
        headline=_headline(figures, say),
        change=_change(focus, say),
        rows=rows_of(figures, say),
        panels=_panels(figures, as_is),
        slots=_slots(figures),
        charts=charts,
        top=charts.nice_top(max(one.wait_min.p99 for one in figures.scenarios)),
    )


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(PAGE_DIR),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _style() -> str:
    """Tokens with the fonts inside, the shared base, and the page's own."""
    css = STATIC_DIR / "css"
    tokens = _FONT.sub(_embedded, (css / "tokens.css").read_text(encoding="utf-8"))
    base = (css / "base.css").read_text(encoding="utf-8")
    own = (PAGE_DIR / "report.css").read_text(encoding="utf-8")
    return "\n".join((tokens, base, own))


def _embedded(found: re.Match[str]) -> str:
    data = base64.b64encode((STATIC_DIR / "fonts" / found[1]).read_bytes()).decode()
    return f"url(data:font/woff2;base64,{data})"


def _headline(figures: Figures, say: Wording) -> str:
    as_is, focus = figures.scenario(AS_IS), figures.focus
    new = say.number(focus.wait_min.mean.value)
    if as_is is None or focus is as_is:
        return say("simulate.headline_one", min=new)
    old = say.number(as_is.wait_min.mean.value)
    return say("simulate.headline_two", scenario=say.scenario(focus), new=new, old=old)


def _change(focus: OfScenario, say: Wording) -> str:
    """Whether it is better, where that can be said."""
    ratio = focus.against_as_is
    if ratio is None:
        return ""
    if ratio.low is None or ratio.high is None or ratio.low <= 1.0 <= ratio.high:
        return say("simulate.no_difference")
    share = say.percent(abs(1.0 - ratio.value))
    return say("simulate.less" if ratio.value < 1.0 else "simulate.more", share=share)


def _slots(figures: Figures) -> list[str]:
    return sorted({half.at for one in figures.scenarios for half in one.by_half_hour})


def _panels(figures: Figures, as_is: OfScenario | None) -> list[dict[str, Any]]:
    """A chart of waits by half hour for each scenario, all on the same axes."""
    halves = [half for one in figures.scenarios for half in one.by_half_hour]
    if not halves:
        return []
    top = charts.nice_top(max(half.mean_min for half in halves))
    times = [charts.minutes(half.at) for half in halves]
    span = (min(times), max(times))
    wide = charts.WIDE if len(figures.scenarios) <= FEW else charts.WIDTH
    return [
        {
            "scenario": one,
            "chart": charts.lines(
                one.by_half_hour,
                as_is.by_half_hour if as_is is not None and one is not as_is else (),
                top,
                span,
                wide,
            ),
            "worst": max(one.by_half_hour, key=lambda half: half.mean_min),
        }
        for one in figures.scenarios
        if one.by_half_hour
    ]
