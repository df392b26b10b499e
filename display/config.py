"""display.toml: who the agent is, its panels, pads and voice; every fault reported at once."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from display.crowding import crowded
from display.drivers.serial_wire import SerialWire
from display.pads.config import PadsConfig, read_pads
from display.ports import Panel
from display.voice.config import VoiceConfig, read_voice_table
from edge import drivers
from edge.config import AgentConfig, common, read_file
from wire.checks import Fault, Table, refuse_if_faulty
from wire.ids import SLUG

PANEL_DRIVERS: Final = "layso.display.panel"
LISTEN: Final = "127.0.0.1:8200"
DATA_DIR: Final = "var/display"
PARTS: Final = ("panel", "pad", "voice")
"""An agent has at least one of them."""


@dataclass(frozen=True)
class PanelConfig:
    """One panel: the counter it belongs to, its driver's name, and the panel itself."""

    counter: str
    driver: str
    panel: Panel


@dataclass(frozen=True)
class DisplayConfig:
    """All of display.toml; `warnings` are for whoever checks it."""

    agent: AgentConfig
    panels: tuple[PanelConfig, ...]
    pads: PadsConfig
    voice: VoiceConfig | None = None
    warnings: tuple[str, ...] = ()


def load(path: Path) -> DisplayConfig:
    """Read and check the file. Opens no port.

    Raises:
        FaultyFile: with everything that is wrong in it.
    """
    faults: list[Fault] = []
    top = Table(read_file(path), "", faults)
    agent = common(top, path.parent, data_dir=DATA_DIR, listen=LISTEN)
    tables = top.tables("panel")
    spoken = top.table("voice")
    if not any(top.has(part) for part in PARTS):
        top.fault("panel", "is missing; give a [[panel]] for each LED panel, a [[pad]] or [voice]")
    shared: dict[str, Any] = {}
    panels = tuple(found for table in tables if (found := _panel(table, shared)) is not None)
    pads = read_pads(top, path.parent, agent.data_dir, shared)
    voice = read_voice_table(spoken, path.parent, agent.data_dir)
    top.finish()
    refuse_if_faulty(faults)
    warnings = crowded((one.panel.wire for one in panels), _bauds(shared))
    return DisplayConfig(agent, panels, pads, voice, tuple(warnings))


def _bauds(shared: dict[str, Any]) -> dict[str, int]:
    """The speed of every wire that panels and pads have in common."""
    wires = [wire for wire in shared.values() if isinstance(wire, SerialWire)]
    return {wire.name: wire.baud for wire in wires}


def _panel(table: Table, shared: dict[str, Any]) -> PanelConfig | None:
    counter = table.text("counter", pattern=SLUG, what="the id of a counter")
    driver = table.text("driver", what="a panel driver, such as modbus_rtu")
    open_panel: Any = drivers.of(table, PANEL_DRIVERS, driver)
    if open_panel is None:
        return None
    panel: Panel = open_panel(table, shared)
    table.finish()
    return PanelConfig(counter, driver, panel)
