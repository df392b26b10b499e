"""docs/hardware/panels.md: its examples load, its templates parse, and it names every field."""

import re
import tomllib
from pathlib import Path

from display.crowding import MOST
from display.frames.checksums import CHECKSUMS
from display.frames.fields import FIELDS
from display.frames.template import Template
from edge import drivers
from wire.checks import Fault, Table


def test_every_example_of_a_panel_loads(root: Path) -> None:
    page = (root / "docs/hardware/panels.md").read_text(encoding="utf-8")
    examples = re.findall(r"```toml\n(\[\[panel\]\].*?)```", page, re.DOTALL)
    loaded = []
    for example in examples:
        (options,) = tomllib.loads(example)["panel"]
        faults: list[Fault] = []
        table = Table(options, "panel", faults)
        table.text("counter")
        loaded.append(table.text("driver"))
        panel = drivers.load("layso.display.panel", loaded[-1])(table, {})
        table.finish()
        assert not faults, faults
        assert panel.blinks
    assert loaded == ["modbus_rtu", "alpha", "frame"]


def test_how_many_panels_a_bus_carries_is_told_as_it_is_checked(root: Path) -> None:
    page = (root / "docs/hardware/panels.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+)(?: to \d+)? \| (\d+) ", page, re.MULTILINE)
    assert tuple((int(baud), int(most)) for baud, most in rows) == MOST


def test_every_template_parses_and_every_field_and_checksum_is_named(root: Path) -> None:
    page = (root / "docs/hardware/panels.md").read_text(encoding="utf-8")
    told = page.split("Examples:")[1].split("##")[0]
    templates = re.findall(r"\| `([^`]*\{[^`]*)` \|", told)
    assert len(templates) == 4
    for text in templates:
        assert Template(text, 4).size
    missing = [name for name in (*FIELDS, *CHECKSUMS) if f"| `{{{name}}}` |" not in page]
    assert missing == []
    for name, checksum in CHECKSUMS.items():
        value = checksum.of(b"123456789")
        written = f"'{value.decode()}'" if name.endswith("hex") else value.hex(" ").upper()
        assert f"| `{{{name}}}` | {checksum.size} | {checksum.words} | {written} |" in page
