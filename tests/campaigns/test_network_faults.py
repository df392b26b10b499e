"""100 network faults between the server and its screens: true again in 3 s, nothing said twice."""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.campaigns.faulty_lobby import FaultyLobby
from tests.campaigns.network_faults import Campaign, Planned, Report, plan
from tests.conftest import CHROMIUM_FLAGS

pytestmark = pytest.mark.browser

FAULTS = 100
SEED = 20261128
A_FEW = (Planned("hole, goes on", 1.0), Planned("cut", 0.5), Planned("server killed", 0.3))


@pytest.fixture
def unattended(browser: Browser, chromium: str) -> Iterator[Browser]:
    """A Chromium started as `docs/hall.md` says for a screen that nobody touches."""
    flags = [*CHROMIUM_FLAGS, "--autoplay-policy=no-user-gesture-required"]
    launched = browser.browser_type.launch(executable_path=chromium, args=flags, headless=True)
    yield launched
    launched.close()


@pytest.fixture
def lobby(
    tmp_path: Path, free_port: Callable[[], int], unattended: Browser
) -> Iterator[FaultyLobby]:
    made = FaultyLobby(tmp_path, free_port, unattended, SEED)
    yield made
    made.close()


def campaign(lobby: FaultyLobby, faults: Iterable[Planned], calm_s: float) -> Report:
    print(f"seed {SEED}")
    run = Campaign(lobby, SEED, calm_s)
    run.begin()
    for planned in faults:
        agreed = run.run(planned)
        print(planned, agreed, run.report.broken[-3:], flush=True)
    report = run.finish()
    print(json.dumps(report.figures(), indent=1, ensure_ascii=False))
    return report


def test_a_few_network_faults(lobby: FaultyLobby) -> None:
    report = campaign(lobby, A_FEW, 0.5)
    assert [one for one in report.broken if "still wrong after" not in one] == []


@pytest.mark.full
@pytest.mark.timeout(5400)
def test_a_hundred_network_faults(lobby: FaultyLobby) -> None:
    report = campaign(lobby, plan(FAULTS, SEED), 2.5)
    assert report.broken == []
