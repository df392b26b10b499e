"""The docs say what the code does: settings, commands, drivers, metrics, messages, links."""

import re
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import entry_points
from pathlib import Path

import pytest

KEY_ASKED = re.compile(r"""\.(?:text|texts|number|integer|flag|table|tables)\(\s*"([a-z_]+)\"""")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)")


def test_the_reference_is_what_the_code_says(root: Path) -> None:
    script = root / "script" / "write_reference.py"
    done = subprocess.run(
        [sys.executable, script, "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_setting_has_its_line(root: Path, documents: Mapping[str, str]) -> None:
    named = set()
    for package in ("server", "simulation", "kiosk", "display", "edge"):
        for path in (root / package).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            named |= set(re.findall(r"\bLAYSO_[A-Z][A-Z_]*[A-Z]\b", text))
    everything = "\n".join(documents.values())
    assert len(named) >= 8
    assert sorted(name for name in named if f"`{name}`" not in everything) == []


def test_every_program_and_driver_has_its_line(documents: Mapping[str, str]) -> None:
    page = documents["docs/reference.md"]
    groups = entry_points()
    drivers = [point for group in groups.groups if group.startswith("layso.")
               for point in groups.select(group=group)]  # fmt: skip
    assert len(drivers) >= 4
    assert [point.name for point in drivers if f"| `{point.name}` |" not in page] == []
    programs = [point.name for point in groups.select(group="console_scripts")]
    ours = [name for name in programs if name.startswith("layso-")]
    assert len(ours) >= 3
    assert [name for name in ours if f"### {name}" not in page] == []


def test_every_key_of_a_configuration_file_has_its_line(
    root: Path, documents: Mapping[str, str]
) -> None:
    asked = set()
    for folder in ("server/domain", "edge", "kiosk", "display"):
        for path in (root / folder).rglob("*.py"):
            asked |= set(KEY_ASKED.findall(path.read_text(encoding="utf-8")))
    assert len(asked) >= 40
    page = documents["docs/configuration.md"]
    assert sorted(key for key in asked if not re.search(rf"\b{key}\b", page)) == []


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "docs"])
def test_every_link_leads_somewhere(root: Path, name: str) -> None:
    place = root / name
    pages = sorted(place.rglob("*.md")) if place.is_dir() else [place]
    dead = [
        f"{page.relative_to(root)}: {target}"
        for page in pages
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert dead == []


def test_the_index_names_every_page(documents: Mapping[str, str]) -> None:
    index = documents["docs/index.md"]
    missing = [
        name
        for name in documents
        if name != "docs/index.md"
        and not name.startswith("docs/decisions/")
        and name.removeprefix("docs/") not in index
    ]
    assert missing == []
