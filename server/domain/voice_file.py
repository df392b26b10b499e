"""Reading the `[voice]` table of a centre file."""

import re
from typing import Final

from server.domain.centre import VoiceRules, VolumeStep
from wire.checks import Table

_STEPS_MOST: Final = 24
_TIME: Final = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")


def read_voice_rules(table: Table | None) -> VoiceRules:
    """Read how calls sound here, noting faults; the usual where the table is absent."""
    if table is None:
        return VoiceRules()
    steps = [_step(step) for step in table.tables("volume")]
    if len(steps) > _STEPS_MOST:
        table.fault("volume", f"has {len(steps)} steps; at most {_STEPS_MOST} hold")
    times = [step.at for step in steps if step.at]
    twice = sorted({at for at in times if times.count(at) > 1})
    if twice:
        table.fault("volume", f"gives {', '.join(twice)} twice; leave one step for each time")
    rules = VoiceRules(table.flag("chime", True), tuple(sorted(steps)))
    table.finish()
    return rules


def _step(table: Table) -> VolumeStep:
    at = table.text("at")
    if isinstance(table.given("at"), str) and not _TIME.fullmatch(at):
        table.fault("at", f"'{at}' is no time of day; write it as 07:00")
    percent = table.integer("percent", low=0, high=100, what="a whole number of percent")
    table.finish()
    return VolumeStep(at, percent)
