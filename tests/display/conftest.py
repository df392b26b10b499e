"""A display agent on virtual panels before a real socket server."""

import json
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from display import config
from display.app import DisplayAgent
from tests.fakes.socket_server import CENTRE, TOKEN, LiveServer


@pytest.fixture
def server(free_port: Callable[[], int]) -> Iterator[LiveServer]:
    live = LiveServer(free_port()).start()
    yield live
    live.kill()


def virtual(*counters: str) -> str:
    return "".join(f'[[panel]]\ncounter = "{name}"\ndriver = "virtual"\n' for name in counters)


class Running:
    """A started agent and its local API."""

    def __init__(self, path: Path) -> None:
        self.agent = DisplayAgent(config.load(path))
        self.agent.start()
        self.url = self.agent.web.address

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.url}{path.lstrip('/')}", timeout=5) as answer:
            return json.load(answer)

    def texts(self) -> dict[str, str]:
        return {panel["counter"]: panel["text"] for panel in self.get("/api/panels")}

    def states(self) -> dict[str, str]:
        return {panel["counter"]: panel["state"] for panel in self.get("/api/panels")}


@pytest.fixture
def write_config(tmp_path: Path) -> Callable[..., Path]:
    def write(url: str, panels: str) -> Path:
        (tmp_path / "display.token").write_text(TOKEN)
        path = tmp_path / "display.toml"
        path.write_text(
            f'server = "{url}"\ntoken_file = "display.token"\ncentre = "{CENTRE}"\n'
            f'listen = "127.0.0.1:0"\n{panels}'
        )
        return path

    return write


@pytest.fixture
def run_agent(write_config: Callable[..., Path]) -> Iterator[Callable[..., Running]]:
    running: list[Running] = []

    def begin(url: str, panels: str) -> Running:
        running.append(Running(write_config(url, panels)))
        return running[-1]

    yield begin
    for one in running:
        one.agent.stop()
