"""The dashboard by itself: every panel can be told apart, read and asked."""

import itertools
import json
import re
from pathlib import Path
from typing import Any, Final

from tests.firmware_config.debian_root import DebianRoot
from tests.firmware_config.monitoring.conftest import PLACE, Rule, expressions, panels

UNITS: Final = {"none", "s", "percentunit", "bytes", "reqps", "opm", "bool_on_off"}
"""Those of Grafana's units that are used here; a misspelt one shows as a word behind the figure."""

COLUMNS: Final = 24


def test_panels_have_ids_of_their_own(dashboard: dict[str, Any]) -> None:
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(ids) == len(set(ids)) >= 30
    titles = [panel["title"] for panel in dashboard["panels"]]
    assert len(titles) == len(set(titles))


def test_no_panel_lies_on_another(dashboard: dict[str, Any]) -> None:
    fields: dict[tuple[int, int], str] = {}
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= COLUMNS, panel["title"]
        across = range(place["x"], place["x"] + place["w"])
        down = range(place["y"], place["y"] + place["h"])
        for field in itertools.product(across, down):
            assert field not in fields, (panel["title"], fields[field])
            fields[field] = panel["title"]
    height = max(y for _, y in fields) + 1
    assert len(fields) == COLUMNS * height


def test_every_panel_has_a_unit_words_and_the_chosen_prometheus(
    dashboard: dict[str, Any],
) -> None:
    for panel in panels(dashboard):
        name = panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"] in UNITS, name
        assert re.search("[À-ỹ].* · [A-Z]", name), name
        assert panel["description"], name
        assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}, name
        marks = [target["refId"] for target in panel["targets"]]
        assert len(marks) == len(set(marks)) >= 1, name
        if len(marks) > 1:
            words = [target["legendFormat"] for target in panel["targets"]]
            assert len(set(words)) == len(words), name


def test_every_question_is_understood(box: DebianRoot, dashboard: dict[str, Any]) -> None:
    asked = [text.replace("$__rate_interval", "1m") for text in expressions(dashboard)]
    rules = [{"record": f"asked:{number}", "expr": text} for number, text in enumerate(asked)]
    box.write(f"{PLACE}/asked.yml", json.dumps({"groups": [{"name": "asked", "rules": rules}]}))
    said = box.run("promtool", "check", "rules", f"{PLACE}/asked.yml").stdout
    assert f"{len(asked)} rules found" in said
    rules[0]["expr"] += ")"
    box.write(f"{PLACE}/asked.yml", json.dumps({"groups": [{"name": "asked", "rules": rules}]}))
    assert box.run("promtool", "check", "rules", f"{PLACE}/asked.yml", check=False).returncode


def test_everything_of_a_centre_can_be_chosen(dashboard: dict[str, Any]) -> None:
    of_a_centre = r"\b(layso_(?:waiting|counters|service_counters|wait_\w+|device\w*|printers))\b"
    for text in expressions(dashboard):
        named = len(re.findall(of_a_centre, text))
        assert text.count('centre=~"$centre"') >= named, text


def test_the_page_about_it_says_what_each_panel_shows(
    root: Path, dashboard: dict[str, Any], alerts: dict[str, Rule]
) -> None:
    page = (root / "docs/monitoring.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| ([^|`]+) \| [^|]+ \|$", page.partition("## Grafana")[2], re.MULTILINE)
    shown = [panel["title"].partition(" · ")[2] for panel in panels(dashboard)]
    assert [name for name in told if name not in ("Panel",)] == shown
    assert f"{len(alerts)} alerts" in page
