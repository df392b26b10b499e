"""`[[button]]`, `[keys]` and `[scanner]` of kiosk.toml, read with every fault named."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast, get_args

from edge import drivers
from edge.key_rules import DEBOUNCE_S, read_judging, refuse_shared_lines
from kiosk.ports import Button, Scanner
from wire.checks import Table
from wire.ids import SLUG
from wire.words import PRIORITIES, Language, Priority

BUTTONS: Final = "layso.kiosk.buttons"
SCANNERS: Final = "layso.kiosk.scanner"

QUIET_S: Final = 3.0
ELDERLY_AGE: Final = 60


@dataclass(frozen=True)
class KeyConfig:
    """One key: what it gives numbers for, and the key itself, made but not opened."""

    service: str
    priority: Priority
    language: Language
    driver: str
    button: Button


@dataclass(frozen=True)
class KeysConfig:
    """All keys, and how they are judged."""

    keys: tuple[KeyConfig, ...] = ()
    debounce_s: float = DEBOUNCE_S
    quiet_s: float = QUIET_S


@dataclass(frozen=True)
class ScannerConfig:
    """The scanner; `scanner` is None where the page reads it, or there is none."""

    driver: str = "none"
    scanner: Scanner | None = None
    elderly_age: int = ELDERLY_AGE


def read_keys(table: Table, data_dir: Path) -> KeysConfig:
    """Read `[[button]]` and `[keys]`; what is wrong is added to `table.faults`."""
    shared: dict[str, Any] = {}
    tables = table.tables("button")
    keys = [(one, key) for one in tables if (key := _key(one, data_dir, shared)) is not None]
    refuse_shared_lines((one, key.button.lines) for one, key in keys)
    _refuse_twice(keys)
    judging = read_judging(table.table("keys"), quiet_s=QUIET_S, quiet_most_s=60)
    return KeysConfig(tuple(key for _, key in keys), *judging)


def read_scanner(table: Table) -> ScannerConfig:
    """Read `[scanner]`; what is wrong is added to `table.faults`."""
    options = table.table("scanner")
    if options is None:
        return ScannerConfig()
    name = options.text("driver", what="a scanner driver: serial or keyboard")
    age = options.integer("elderly_age", ELDERLY_AGE, low=50, high=100, what="years")
    open_scanner = drivers.of(options, SCANNERS, name)
    if open_scanner is None:
        return ScannerConfig()
    return ScannerConfig(name, open_scanner(options), age)


def _key(table: Table, data_dir: Path, shared: dict[str, Any]) -> KeyConfig | None:
    service = table.text("service", pattern=SLUG, what="the id of a service")
    groups = [group for group in PRIORITIES if group != "appointment"]
    priority = cast(Priority, table.text("priority", "none", choices=groups))
    language = cast(Language, table.text("language", "vi", choices=get_args(Language)))
    name = table.text("driver", what="a button driver: gpio or virtual")
    open_button = drivers.of(table, BUTTONS, name)
    if open_button is None:
        return None
    button: Button = open_button(table, data_dir=data_dir, shared=shared)
    return KeyConfig(service, priority, language, name, button)


def _refuse_twice(keys: Iterable[tuple[Table, KeyConfig]]) -> None:
    """No two keys give the same number in the same language."""
    takers: dict[object, str] = {}
    for table, key in keys:
        taker = takers.setdefault((key.service, key.priority, key.language), table.where)
        if key.service and taker != table.where:
            other = "give another service, priority or language"
            table.fault("service", f"'{key.service}' has a key already, {taker}; {other}")
