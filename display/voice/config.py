"""The `[voice]` table of display.toml: one loudspeaker, its zone and its clips."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from display.ports import Speaker
from edge import drivers
from look.voice import Voice, read_voice
from wire.checks import Table
from wire.ids import SLUG

SPEAKER_DRIVERS: Final = "layso.display.speaker"
_CENTRES: Final = -1


@dataclass(frozen=True)
class VoiceConfig:
    """The loudspeaker of this agent.

    `zone` is None where it says all calls; `percent` is None where the centre tells how loud.
    """

    driver: str
    speaker: Speaker
    zone: str | None
    percent: int | None
    voice: Voice


def read_voice_table(table: Table | None, base: Path, data_dir: Path) -> VoiceConfig | None:
    """Read the table, noting faults; None where there is none. Opens no device.

    Args:
        table: `[voice]`.
        base: The folder of the file; relative paths in it start there.
        data_dir: Where the agent keeps its things.
    """
    if table is None:
        return None
    zone = table.text("zone", "", pattern=SLUG, what="the id of a zone") or None
    percent = _percent(table)
    clips = table.text("clips", "", pattern=".+", what="a folder of recorded clips")
    driver = table.text("driver", what="a loudspeaker driver, such as alsa")
    open_speaker: Any = drivers.of(table, SPEAKER_DRIVERS, driver)
    if open_speaker is None:
        return None
    speaker: Speaker = open_speaker(table, data_dir)
    table.finish()
    # Faulty recordings stop nobody: the panels go on, and the made clip is said.
    return VoiceConfig(driver, speaker, zone, percent, read_voice(base / clips if clips else None))


def _percent(table: Table) -> int | None:
    given = table.integer("volume", _CENTRES, low=0, high=100, what="a whole number of percent")
    return None if given == _CENTRES else given
