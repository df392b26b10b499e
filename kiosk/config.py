"""kiosk.toml, read once with every fault named at once."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from edge.config import AgentConfig, common, read_file
from edge.drivers import load as load_driver
from kiosk.guide import PadKeys, pad_keys
from kiosk.key_config import KeysConfig, ScannerConfig, read_keys, read_scanner
from kiosk.ports import Printer
from wire.checks import Fault, FaultyFile, Table, refuse_if_faulty

PRINTERS: Final = "layso.kiosk.printer"

DEFAULT_DATA_DIR: Final = "var/kiosk"
DEFAULT_LISTEN: Final = "127.0.0.1:8100"
LOGO_KINDS: Final = (".svg", ".png", ".webp", ".jpg")


@dataclass(frozen=True)
class PressConfig:
    """How many numbers in a row and a minute: to everybody together, and to fingers."""

    burst: int = 60
    per_minute: float = 60
    touches: int = 8
    touches_per_minute: float = 20


@dataclass(frozen=True)
class KioskConfig:
    """All a kiosk is told. Printer, keys and scanner are made but not opened."""

    agent: AgentConfig
    printer: Printer
    printer_driver: str
    printer_model: str
    press: PressConfig
    keys: KeysConfig
    scanner: ScannerConfig
    pad_keys: PadKeys
    logo: Path | None = None


def load(path: Path, *, enrolled: bool = True) -> KioskConfig:
    """Read the file.

    Args:
        enrolled: Whether the token must be there already; a printer is tried out before.

    Raises:
        FaultyFile: with everything that is wrong in it.
    """
    return parse(read_file(path), path.parent, enrolled=enrolled)


def parse(data: dict[str, Any], base: Path, *, enrolled: bool = True) -> KioskConfig:
    """Check the parsed file; relative paths in it start at `base`."""
    faults: list[Fault] = []
    table = Table(data, "", faults)
    agent = common(table, base, data_dir=DEFAULT_DATA_DIR, listen=DEFAULT_LISTEN, enrolled=enrolled)
    driver, printer = _printer(table, agent.data_dir)
    press = _press(table)
    logo = _logo(table, base)
    keys, scanner = read_keys(table, agent.data_dir), read_scanner(table)
    pad = pad_keys(table)
    table.finish()
    refuse_if_faulty(faults)
    assert printer is not None
    model = str(data["printer"].get("model", ""))
    return KioskConfig(agent, printer, driver, model, press, keys, scanner, pad, logo)


def _printer(table: Table, data_dir: Path) -> tuple[str, Printer | None]:
    """The printer of `[printer]`, its options read by its own driver."""
    options = table.table("printer", required=True)
    if options is None:
        return "", None
    name = options.text("driver", what="a printer driver, such as network or usb")
    if not name:
        return "", None
    try:
        open_printer = load_driver(PRINTERS, name, where="printer.driver")
    except FaultyFile as error:
        table.faults.extend(error.faults)
        return name, None
    printer: Printer = open_printer(options, data_dir=data_dir)
    return name, printer


def _logo(table: Table, base: Path) -> Path | None:
    """The picture of the centre's own that the touch page shows beside its name."""
    name = table.text("logo", "", what="a picture file, such as logo.svg")
    if not name:
        return None
    path = base / name
    if path.suffix.lower() not in LOGO_KINDS:
        table.fault("logo", f"must be a file of {', '.join(LOGO_KINDS)}, not '{name}'")
    elif not path.is_file():
        table.fault("logo", f"'{path}' is not there")
    return path


def _press(table: Table) -> PressConfig:
    """How fast this kiosk gives numbers, against mashers."""
    press = table.table("press")
    if press is None:
        return PressConfig()
    known = PressConfig()
    rate = "presses a minute"
    found = PressConfig(
        burst=press.integer("burst", known.burst, low=1, high=1000, what="presses in a row"),
        per_minute=press.number("per_minute", known.per_minute, low=1, high=6000, what=rate),
        touches=press.integer("touches", known.touches, low=1, high=1000, what="touches in a row"),
        touches_per_minute=press.number(
            "touches_per_minute", known.touches_per_minute, low=1, high=6000, what=rate
        ),
    )
    press.finish()
    return found
