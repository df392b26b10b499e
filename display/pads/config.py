"""`[[pad]]` and `[pads]` of display.toml, read with every fault named."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from display.pads.ports import OpenPad, Pad
from edge import drivers
from edge.config import read_token
from edge.key_rules import DEBOUNCE_S, read_judging, refuse_shared_lines
from wire.checks import Table
from wire.ids import SLUG

PAD_DRIVERS: Final = "layso.display.pad"
QUIET_S: Final = 1.0
_REMEDY: Final = "make it with layso-server token create --role pad --counter ID"


@dataclass(frozen=True)
class PadConfig:
    """One pad: its counter, its token, and the pad itself, made but not opened."""

    counter: str
    driver: str
    token: str = field(repr=False)
    pad: Pad


@dataclass(frozen=True)
class PadsConfig:
    """All pads, and how their keys are judged."""

    pads: tuple[PadConfig, ...] = ()
    debounce_s: float = DEBOUNCE_S
    quiet_s: float = QUIET_S


def read_pads(top: Table, base: Path, data_dir: Path, shared: dict[str, Any]) -> PadsConfig:
    """Read `[[pad]]` and `[pads]`; what is wrong is added to `top.faults`.

    Args:
        top: The file's top table.
        base: The folder of the file.
        data_dir: Where the agent keeps its things.
        shared: Kept between the panels and pads of one config.
    """
    found = []
    for table in top.tables("pad"):
        config = _pad(table, base, data_dir, shared)
        if config is not None:
            found.append((table, config))
    refuse_shared_lines((table, config.pad.lines) for table, config in found)
    judging = read_judging(top.table("pads"), quiet_s=QUIET_S, quiet_most_s=10)
    return PadsConfig(tuple(config for _, config in found), *judging)


def _pad(table: Table, base: Path, data_dir: Path, shared: dict[str, Any]) -> PadConfig | None:
    counter = table.text("counter", pattern=SLUG, what="the id of a counter")
    token = read_token(table, base, remedy=_REMEDY)
    driver = table.text("driver", what="a pad driver, such as gpio or keypad")
    open_pad: OpenPad | None = drivers.of(table, PAD_DRIVERS, driver)
    if open_pad is None:
        return None
    pad = open_pad(table, counter=counter, data_dir=data_dir, shared=shared)
    table.finish()
    return PadConfig(counter, driver, token, pad)
