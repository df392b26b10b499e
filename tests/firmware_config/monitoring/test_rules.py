"""The alerts: each is told when it should be and not otherwise, as Prometheus itself judges."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.firmware_config.debian_root import DebianRoot
from tests.firmware_config.monitoring.cases import CASES, HALF_MINUTE, PATIENCE_MIN, Case
from tests.firmware_config.monitoring.conftest import PLACE, Rule

SPEAKS = re.compile(r"\{\{ \$labels\.(\w+) \}\}")


def expected(case: Case, rule: Rule) -> list[dict[str, Any]]:
    """What Prometheus hands on in this case: labels, and the words with labels in them."""
    if case.told is None:
        return []
    labels = {**case.told, **rule["labels"]}
    told = {
        name: SPEAKS.sub(lambda found: labels[found[1]], text)
        for name, text in rule["annotations"].items()
    }
    return [{"exp_labels": labels, "exp_annotations": told}]


def as_promtool(case: Case, rule: Rule) -> dict[str, Any]:
    """A case as promtool reads it; what is told in the end is not told before its time."""
    moments = [(case.at, expected(case, rule))]
    patience_s = 60 * PATIENCE_MIN.get(case.alert, 0)
    if case.told is not None and patience_s and case.step == HALF_MINUTE:
        moments.append((f"{patience_s - 30}s", []))
    return {
        "name": f"{case.alert}: {case.why}",
        "interval": case.step,
        "input_series": [{"series": name, "values": text} for name, text in case.series.items()],
        "alert_rule_test": [
            {"eval_time": at, "alertname": case.alert, "exp_alerts": told} for at, told in moments
        ],
    }


def judge(box: DebianRoot, cases: list[Case], leaning: list[Rule], rule: Rule) -> str:
    """What promtool says of these cases of one alert; SUCCESS where all went as expected."""
    group = {"name": rule["alert"], "rules": [*leaning, rule]}
    box.write(f"{PLACE}/one.yml", json.dumps({"groups": [group]}))
    said = ""
    for step in {case.step for case in cases}:
        tests = [as_promtool(case, rule) for case in cases if case.step == step]
        asked = {"rule_files": ["one.yml"], "evaluation_interval": step, "tests": tests}
        box.write(f"{PLACE}/cases.yml", json.dumps(asked, ensure_ascii=False))
        done = box.run("promtool", "test", "rules", f"{PLACE}/cases.yml", check=False)
        said += done.stdout + done.stderr
    return said


def test_every_alert_has_a_case_where_it_is_told_and_one_where_not(
    alerts: dict[str, Rule],
) -> None:
    assert len(alerts) >= 32
    assert {case.alert for case in CASES if case.told is not None} == set(alerts)
    assert {case.alert for case in CASES if case.told is None} == set(alerts)


@pytest.mark.parametrize("name", sorted({case.alert for case in CASES}))
def test_an_alert_is_told_when_it_should_be(
    box: DebianRoot, alerts: dict[str, Rule], leaning: list[Rule], name: str
) -> None:
    cases = [case for case in CASES if case.alert == name]
    said = judge(box, cases, leaning, alerts[name])
    assert "SUCCESS" in said, said
    assert "FAILED" not in said, said


def test_an_alert_that_is_told_at_the_wrong_moment_is_noticed(
    box: DebianRoot, alerts: dict[str, Rule], leaning: list[Rule]
) -> None:
    told = next(case for case in CASES if case.alert == "LaysoPaperOut" and case.told)
    for wrong in (told._replace(told=None), told._replace(at="30s"),
                  told._replace(told={"centre": "c", "role": "hall"})):  # fmt: skip
        assert "FAILED" in judge(box, [wrong], leaning, alerts["LaysoPaperOut"])


def test_every_alert_says_what_is_wrong_and_where_to_read(
    alerts: dict[str, Rule], root: Path
) -> None:
    page = (root / "docs/operations.md").read_text(encoding="utf-8")
    places = {name: f"operations.md#alert-{name.lower()}"
              for name in re.findall(r"^### Alert (Layso\w+)$", page, re.MULTILINE)}  # fmt: skip
    assert {name: rule["annotations"]["runbook"] for name, rule in alerts.items()} == places
    for name, rule in alerts.items():
        assert rule["labels"].keys() == {"severity"}, name
        assert rule["labels"]["severity"] in ("page", "work"), name
        assert re.search("[À-ỹ]", rule["annotations"]["summary"]), name
        assert rule["annotations"]["summary_en"].isascii(), name


def test_prometheus_and_its_tools_take_the_files(box: DebianRoot) -> None:
    said = box.run("promtool", "check", "config", f"{PLACE}/prometheus.yml").stdout
    assert "WARNING" not in said
    assert "is valid prometheus config file" in said
    assert "33 rules found" in said
    said = box.run("amtool", "check-config", f"{PLACE}/alertmanager.yml").stdout
    assert "SUCCESS" in said
    assert "2 receivers" in said


@pytest.mark.parametrize("severity", ["page", "work"])
def test_each_severity_reaches_its_receiver(box: DebianRoot, severity: str) -> None:
    ask = ("amtool", "config", "routes", "test", f"--config.file={PLACE}/alertmanager.yml")
    assert box.run(*ask, f"severity={severity}", "alertname=Layso").stdout.strip() == severity


def test_no_line_is_longer_than_in_code(folder: Path) -> None:
    lines = [
        f"{path.name}: {line}"
        for path in folder.glob("*.yml")
        for line in path.read_text(encoding="utf-8").splitlines()
        if len(line) > 100
    ]
    assert lines == []


def test_nobody_is_called_at_night(folder: Path) -> None:
    routing = yaml.safe_load((folder / "alertmanager.yml").read_text(encoding="utf-8"))
    for route in routing["route"]["routes"]:
        assert "night" in route["mute_time_intervals"]
