"""display.toml: who the agent is, and its panels; every fault reported at once."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from display.ports import Panel
from edge import drivers
from edge.config import AgentConfig, common, read_file
from wire.checks import Fault, FaultyFile, Table, refuse_if_faulty
from wire.ids import SLUG

PANEL_DRIVERS: Final = "layso.display.panel"
LISTEN: Final = "127.0.0.1:8200"
DATA_DIR: Final = "var/display"


@dataclass(frozen=True)
class PanelConfig:
    """One panel: the counter it belongs to, its driver's name, and the panel itself."""

    counter: str
    driver: str
    panel: Panel


@dataclass(frozen=True)
class DisplayConfig:
    """All of display.toml."""

    agent: AgentConfig
    panels: tuple[PanelConfig, ...]


def load(path: Path) -> DisplayConfig:
    """Read and check the file. Opens no port.

    Raises:
        FaultyFile: with everything that is wrong in it.
    """
    faults: list[Fault] = []
    top = Table(read_file(path), "", faults)
    agent = common(top, path.parent, data_dir=DATA_DIR, listen=LISTEN)
    tables = top.tables("panel")
    if not tables and not any(fault.where == "panel" for fault in faults):
        top.fault("panel", "is missing; give a [[panel]] for each LED panel")
    shared: dict[str, Any] = {}
    panels = tuple(found for table in tables if (found := _panel(table, shared)) is not None)
    top.finish()
    refuse_if_faulty(faults)
    return DisplayConfig(agent, panels)


def _panel(table: Table, shared: dict[str, Any]) -> PanelConfig | None:
    counter = table.text("counter", pattern=SLUG, what="the id of a counter")
    driver = table.text("driver", what="a panel driver, such as modbus_rtu")
    if not driver:
        table.rest()
        return None
    try:
        open_panel = drivers.load(PANEL_DRIVERS, driver, where=table.path("driver"))
    except FaultyFile as error:
        table.faults.extend(error.faults)
        table.rest()  # nobody knows the options of a driver that is not there
        return None
    panel: Panel = open_panel(table, shared)
    table.finish()
    return PanelConfig(counter, driver, panel)
