"""What pages name in backticks exists: settings, metrics, units, files; examples load."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from display import config as display_config
from display.screen import config as screen_config
from kiosk import config as kiosk_config
from server.config import SETTINGS
from server.domain.centre_file import read_centre
from tests.docs.pages import ROOT, Block, blocks, page_paths, words
from wire.checks import FaultyFile

OURS = ("bench", "display", "docs", "edge", "firmware_config", "kiosk", "look", "script", "server",
        "simulation", "tests", "wire")  # fmt: skip
MADE = ("docs/html", "look/static/fonts", "look/static/voice")
PATTERN = re.compile(r"[…*{<=\"A-Z]")
UNIT = re.compile(r"\b(layso-[a-z-]+\.(?:service|timer))\b")
CENTRE = """
[centre]
id = "lai-thieu"
name = { vi = "Lái Thiêu", en = "Lai Thieu" }
[[service]]
id = "ho-tich"
prefix = "H"
name = { vi = "Hộ tịch", en = "Civil status" }
"""
HEAD = {"server": "http://10.0.0.5:8000", "token_file": "token", "centre": "lai-thieu"}


def named(pattern: str) -> dict[str, str]:
    """What matches in the text of the pages, and where it stands first."""
    found: dict[str, str] = {}
    for path in page_paths():
        for name in re.findall(pattern, path.read_text(encoding="utf-8")):
            found.setdefault(name, path.name)
    return found


def test_every_setting_that_is_named_is_one() -> None:
    known = {setting.name for setting in SETTINGS}
    known |= set(re.findall(r"\bLAYSO_[A-Z_]+\b", _sources("simulation/demo", "*.py")))
    known |= set(re.findall(r"\bLAYSO_[A-Z_]+\b", _sources("firmware_config", "*")))
    asked = named(r"\b(LAYSO_[A-Z_]+[A-Z])\b")
    assert len(asked) >= 8
    assert {name: where for name, where in asked.items() if name not in known} == {}


def test_every_metric_that_is_named_is_one() -> None:
    reference = (ROOT / "docs/reference.md").read_text(encoding="utf-8")
    known = set(re.findall(r"^\| `(layso_\w+)` \|", reference, re.MULTILINE))
    asked = named(r"(?<![$.\w])(layso_[a-z_]+[a-z])\b")
    ends = re.compile(r"_(total|bucket|sum|count)$")
    lost = {name: at for name, at in asked.items() if {name, ends.sub("", name)}.isdisjoint(known)}
    assert lost == {}


def test_every_unit_that_is_named_is_there() -> None:
    there = {path.name for path in (ROOT / "firmware_config/systemd/units").iterdir()}
    asked = named(UNIT.pattern)
    assert len(asked) >= 4
    assert {name: where for name, where in asked.items() if name not in there} == {}


def test_every_file_of_the_project_that_is_named_is_there() -> None:
    lost = []
    for path in page_paths():
        for word in words(path):
            name = word.split(" ")[0].split("::")[0].rstrip(":")
            if (
                "/" not in name
                or name.split("/")[0] not in OURS
                or re.search(r"[…*{<=\"A-Z]", name)
            ):
                continue
            if not (ROOT / name).exists() and not name.startswith(MADE):
                lost.append(f"{path.name}: {name}")
    assert lost == []


def test_every_example_is_toml_and_its_program_takes_it(tmp_path: Path) -> None:
    wrong = []
    examples = blocks("toml")
    assert len(examples) >= 12
    for number, block in enumerate(examples):
        folder = tmp_path / str(number)
        folder.mkdir()
        wrong += [f"{block.where}: {fault}" for fault in _faults(block, folder)]
    assert wrong == []


def _faults(block: Block, folder: Path) -> list[str]:
    """What the program that such a file is for has to say of it, once the rest is there."""
    text = re.sub(r'^token_file = "(?:.*/)?(.+)"', r'token_file = "\1"', block.text, flags=re.M)
    example = tomllib.loads(text)
    for part in [example, HEAD, *example.get("pad", ())]:
        place = folder / part.get("token_file", "token")
        place.write_text("x" * 43)
        place.chmod(0o600)
    if "chime" in example.get("voice", {}):
        read_centre(f"{CENTRE}\n{text}")
        return []
    load, rest = _rest(example)
    head = "".join(f'{key} = "{value}"\n' for key, value in HEAD.items() if key not in example)
    path = folder / "whole.toml"
    path.write_text(f"{head}{text}\n{rest}", encoding="utf-8")
    try:
        load(path)
    except FaultyFile as error:
        return [str(fault) for fault in error.faults]
    return []


def _rest(example: dict[str, Any]) -> tuple[Callable[[Path], object], str]:
    """What reads such a file, and what a part of one lacks."""
    if "show" in example:
        return screen_config.load, ""
    if {"panel", "pad", "voice"} & set(example):
        return display_config.load, ""
    return kiosk_config.load, "" if "printer" in example else '[printer]\ndriver = "virtual"\n'


def _sources(folder: str, pattern: str) -> str:
    files = (path for path in (ROOT / folder).rglob(pattern) if path.is_file())
    return "\n".join(path.read_text(encoding="utf-8", errors="ignore") for path in files)
