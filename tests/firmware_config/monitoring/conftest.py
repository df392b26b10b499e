"""The files of monitoring, and the Debian in which Prometheus and its tools are."""

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.firmware_config.debian_root import DebianRoot

PLACE: Final = "/etc/prometheus"
"""Where the files lie on a box."""

NAMES: Final = ("layso.rules.yml", "prometheus.yml", "alertmanager.yml")

Rule = dict[str, Any]


@pytest.fixture(scope="session")
def folder(root: Path) -> Path:
    """The files as they are shipped."""
    return root / "firmware_config/monitoring"


@pytest.fixture(scope="session")
def alerts(folder: Path) -> dict[str, Rule]:
    """The alerts by name."""
    return {rule["alert"]: rule for rule in rules_of(folder) if "alert" in rule}


@pytest.fixture(scope="session")
def leaning(folder: Path) -> list[Rule]:
    """What alerts lean on."""
    return [rule for rule in rules_of(folder) if "record" in rule]


@pytest.fixture(scope="session")
def dashboard(folder: Path) -> dict[str, Any]:
    """The dashboard."""
    found: dict[str, Any] = json.loads((folder / "layso.dashboard.json").read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def box(debian: DebianRoot, folder: Path) -> DebianRoot:
    """A Debian with the files where the page about them says."""
    for name in NAMES:
        debian.write(f"{PLACE}/{name}", (folder / name).read_text("utf-8"))
    return debian


def with_elsewhere(text: str) -> str:
    """The configuration of Prometheus with its example of a server elsewhere taken in."""
    head, mark, example = text.partition("  #\n  # - job_name:")
    assert mark
    return head + re.sub("^  # ", "  ", mark.removeprefix("  #\n") + example, flags=re.MULTILINE)


def rules_of(folder: Path) -> list[Rule]:
    """Every rule, alerts and what they lean on."""
    whole = yaml.safe_load((folder / "layso.rules.yml").read_text("utf-8"))
    return [rule for group in whole["groups"] for rule in group["rules"]]


def panels(dashboard: dict[str, Any]) -> list[dict[str, Any]]:
    """The panels that show figures."""
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def expressions(dashboard: dict[str, Any]) -> list[str]:
    """Every question that the dashboard asks."""
    return [target["expr"] for panel in panels(dashboard) for target in panel["targets"]]
