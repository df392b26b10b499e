"""A real Prometheus scrapes a real server: what rules and dashboard ask for is really there."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from tests.firmware_config.debian_root import DebianRoot
from tests.firmware_config.monitoring.conftest import Rule, expressions, rules_of
from tests.firmware_config.monitoring.watched import Elsewhere, Lobby, Watcher
from tests.realtime.conftest import eventually
from wire.devices import DEVICE_STATES, PrinterWord, Trouble
from wire.words import CounterState, Role

NAME = re.compile(r"\b(?:layso_\w+|up|ALERTS)\b")
SELECTOR = re.compile(r"\b(layso_\w+|up|ALERTS)\{([^}]*)\}")
MATCHER = re.compile(r'(\w+)\s*(?:=~|!=|!~|=)\s*"([^"]*)"')
GROUPING = re.compile(r"\b(?:by|on)\s*\(([^)]*)\)")
WORDS: dict[str, set[str]] = {
    "trouble": set(get_args(Trouble)),
    "role": set(get_args(Role)),
    "kind": {"read", "write"},
}
STATES = {
    "layso_devices": set(DEVICE_STATES),
    "layso_printers": set(get_args(PrinterWord)),
    "layso_counters": set(get_args(CounterState)),
}


@pytest.fixture(scope="module")
def watcher(
    box: DebianRoot, tmp_path_factory: pytest.TempPathFactory, free_port: Callable[[], int]
) -> Iterator[Watcher]:
    """Prometheus, which has looked at the lobby a few times."""
    elsewhere = Elsewhere(box)
    lobby = Lobby(tmp_path_factory.mktemp("lobby"), f"https://127.0.0.1:{elsewhere.port}")
    watcher = Watcher(box, lobby.server.port, elsewhere.port, free_port())
    yield watcher
    watcher.stop()
    lobby.stop()
    elsewhere.close()


@pytest.fixture(scope="module")
def asked(folder: Path, dashboard: dict[str, Any]) -> list[str]:
    """Every question that rules and dashboard ask."""
    return [*(rule["expr"] for rule in rules_of(folder)), *expressions(dashboard)]


def test_every_metric_that_is_asked_for_is_scraped(watcher: Watcher, asked: list[str]) -> None:
    eventually(lambda: "ALERTS" in watcher.labels(), within_s=5)
    named = {name for text in asked for name in NAME.findall(text)}
    assert len(named) >= 30
    assert named - set(watcher.labels()) == set()


def test_every_label_that_is_asked_for_is_there(watcher: Watcher, asked: list[str]) -> None:
    labels = watcher.labels()
    lost = [
        f"{name}{{{matcher}}}"
        for text in asked
        for name, inside in SELECTOR.findall(text)
        for matcher, _ in MATCHER.findall(inside)
        if matcher not in labels[name]
    ]
    for text in asked:
        there = set().union(*(labels[name] for name in NAME.findall(text)), {"centre"})
        for group in GROUPING.findall(text):
            lost += [f"{word}: {text}" for word in group.replace(" ", "").split(",")
                     if word not in there]  # fmt: skip
    assert lost == []


def test_every_word_that_is_asked_for_is_one_that_is_said(asked: list[str]) -> None:
    wrong = []
    seen = set()
    for text in asked:
        for name, inside in SELECTOR.findall(text):
            for matcher, value in MATCHER.findall(inside):
                known = STATES[name] if matcher == "state" else WORDS.get(matcher)
                if known is not None:
                    seen.add(matcher)
                    wrong += [f"{name}: {word}" for word in value.split("|") if word not in known]
    assert seen == {"state", *WORDS}
    assert wrong == []


def test_no_alert_is_about_a_metric_that_can_have_no_samples(
    watcher: Watcher, alerts: dict[str, Rule]
) -> None:
    rules = {rule["name"]: rule for group in watcher.get("rules")["groups"]
             for rule in group["rules"]}  # fmt: skip
    assert alerts.keys() < rules.keys()
    assert {name: rule["lastError"] for name, rule in rules.items() if "lastError" in rule} == {}
    assert {rule["health"] for rule in rules.values()} == {"ok"}


def test_a_server_elsewhere_is_asked_with_its_token(watcher: Watcher) -> None:
    ready = {found["metric"]["job"]: found["value"][1] for found in watcher.ask("layso_ready")}
    assert ready == {"layso": "1", "layso-lai-thieu": "1"}


def test_what_is_wrong_in_this_lobby_is_told_and_nothing_else(watcher: Watcher) -> None:
    def told(state: str) -> set[str]:
        found = watcher.ask(f'ALERTS{{alertstate="{state}"}}')
        return {one["metric"]["alertname"] for one in found}

    eventually(lambda: bool(told("firing")), within_s=5)
    assert told("firing") == {"LaysoTicketsRefused"}
    assert told("pending") == {"LaysoOutboxGrows", "LaysoServiceOverloaded"}


def test_every_panel_shows_something(watcher: Watcher, dashboard: dict[str, Any]) -> None:
    eventually(lambda: watcher.ask('ALERTS{alertstate="firing"}'), within_s=5)
    empty = []
    for text in expressions(dashboard):
        question = text.replace("$centre", "phu-an").replace("$__rate_interval", "5s")
        assert "$" not in question
        if not watcher.ask(question):
            empty.append(text)
    assert empty == []


def test_the_choice_of_centres_offers_those_that_are_there(
    watcher: Watcher, dashboard: dict[str, Any]
) -> None:
    choice = next(one for one in dashboard["templating"]["list"] if one["name"] == "centre")
    found = re.fullmatch(r"label_values\((\w+), (\w+)\)", choice["query"]["query"])
    assert found is not None
    assert watcher.get(f"label/{found[2]}/values", match_=found[1]) == ["phu-an"]
