"""Every alarm has its place in operations.md: troubles of devices, alerts of Prometheus."""

import re
from pathlib import Path
from typing import get_args

from look.catalogue import words
from wire.devices import Trouble


def test_every_trouble_stands_with_the_words_that_the_manager_reads(root: Path) -> None:
    page = (root / "docs/operations.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", page, re.MULTILINE))
    assert set(rows) == set(get_args(Trouble))
    said = words("vi", "manage")
    lost = {name for name, told in rows.items() if said[f"manage.trouble.{name}"] not in told}
    assert lost == set()


def test_every_alert_has_its_place(root: Path) -> None:
    page = (root / "docs/operations.md").read_text(encoding="utf-8")
    places = re.findall(r"^### Alert (Layso\w+)$\n\n(?=[^#\s])", page, re.MULTILINE)
    assert len(places) == len(set(places)) >= 30
    rules = sorted(root.glob("firmware_config/monitoring/*.rules.yml"))
    alerts = {name for path in rules for name in re.findall(r"alert: (\w+)", path.read_text())}
    assert alerts - set(places) == set()


def test_what_pages_quote_of_screens_is_on_them(root: Path) -> None:
    areas = ("manage", "admin", "greet", "hall", "kiosk", "desk", "web", "display")
    shown = " ".join(text for area in areas for text in words("vi", area).values())
    lost = {}
    for name in ("operations", "install.vi", "install.en"):
        page = (root / f"docs/{name}.md").read_text(encoding="utf-8")
        for quoted in re.findall(r'"([^"\n]*[À-ỹ][^"\n]*)"', page):
            if quoted not in shown and quoted != "bị mất":
                lost[quoted] = name
    assert lost == {}
