"""`[[button]]`, `[keys]` and `[scanner]` of kiosk.toml, read with every fault named."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast, get_args

from edge.drivers import load as load_driver
from kiosk.ports import Button, Scanner
from wire.checks import FaultyFile, Table
from wire.ids import SLUG
from wire.words import PRIORITIES, Language, Priority

BUTTONS: Final = "layso.kiosk.buttons"
SCANNERS: Final = "layso.kiosk.scanner"

DEBOUNCE_S: Final = 0.3
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
    _refuse_twice(keys)
    debounce_s, quiet_s = _judging(table)
    return KeysConfig(tuple(key for _, key in keys), debounce_s, quiet_s)


def read_scanner(table: Table) -> ScannerConfig:
    """Read `[scanner]`; what is wrong is added to `table.faults`."""
    options = table.table("scanner")
    if options is None:
        return ScannerConfig()
    name = options.text("driver", what="a scanner driver: serial or keyboard")
    age = options.integer("elderly_age", ELDERLY_AGE, low=50, high=100, what="years")
    open_scanner = _driver(SCANNERS, name, options)
    if open_scanner is None:
        return ScannerConfig()
    return ScannerConfig(name, open_scanner(options), age)


def _key(table: Table, data_dir: Path, shared: dict[str, Any]) -> KeyConfig | None:
    service = table.text("service", pattern=SLUG, what="the id of a service")
    groups = [group for group in PRIORITIES if group != "appointment"]
    priority = cast(Priority, table.text("priority", "none", choices=groups))
    language = cast(Language, table.text("language", "vi", choices=get_args(Language)))
    name = table.text("driver", what="a button driver: gpio or virtual")
    open_button = _driver(BUTTONS, name, table)
    if open_button is None:
        return None
    button: Button = open_button(table, data_dir=data_dir, shared=shared)
    return KeyConfig(service, priority, language, name, button)


def _driver(group: str, name: str, table: Table) -> Any:
    """The factory, or None after a fault: nobody knows the options of what is not there."""
    if name:
        try:
            return load_driver(group, name, where=table.path("driver"))
        except FaultyFile as error:
            table.faults.extend(error.faults)
    table.rest()
    return None


def _refuse_twice(keys: Iterable[tuple[Table, KeyConfig]]) -> None:
    """No two keys share a line; no two give the same number in the same language."""
    takers: dict[object, str] = {}
    for table, key in keys:
        for line in key.button.lines:
            taker = takers.setdefault(line, table.where)
            if taker != table.where:
                table.fault("driver", f"{line} is taken by {taker}; give another one")
        taker = takers.setdefault((key.service, key.priority, key.language), table.where)
        if key.service and taker != table.where:
            other = "give another service, priority or language"
            table.fault("service", f"'{key.service}' has a key already, {taker}; {other}")


def _judging(table: Table) -> tuple[float, float]:
    options = table.table("keys")
    if options is None:
        return DEBOUNCE_S, QUIET_S
    debounce_s = options.number("debounce_s", DEBOUNCE_S, low=0.02, high=2, what="seconds")
    quiet_s = options.number("quiet_s", QUIET_S, low=0, high=60, what="seconds")
    options.finish()
    return debounce_s, quiet_s
