"""`layso-screen self-test`: what it looks at, and what it says to do."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask, request

from display.screen.cli import main
from edge.web import LocalServer


@pytest.fixture
def config(tmp_path: Path) -> Callable[..., str]:
    """A hall screen's file; `env` stands for a compositor."""

    def write(server: str, browser: str) -> str:
        (tmp_path / "token").write_text("ls_token\n")
        path = tmp_path / "screen.toml"
        path.write_text(
            f'show = "hall"\nserver = "{server}"\ncentre = "lai-thieu"\ntoken_file = "token"\n'
            f'compositor = ["env"]\nbrowser = "{browser}"\n'
        )
        return str(path)

    return write


@pytest.fixture
def server() -> Iterator[LocalServer]:
    """A server that knows one token."""
    app = Flask(__name__)

    @app.get("/api/v1/whoami")
    def whoami() -> tuple[dict[str, str], int]:
        known = request.headers.get("Authorization") == "Bearer ls_token"
        return {"role": "hall"}, 200 if known else 401

    running = LocalServer(app, "127.0.0.1", 0)
    running.start()
    yield running
    running.stop()


def test_each_thing_is_looked_at_and_said(
    config: Callable[..., str], server: LocalServer, capsys: pytest.CaptureFixture[str]
) -> None:
    address = server.address.rstrip("/")
    status = main(["self-test", "--config", config(address, "sh")])
    said = capsys.readouterr()
    assert f"page: ok, {address}" in said.out
    assert "env: ok, /" in said.out
    assert "sh: ok, /" in said.out
    named = [line.partition(":")[0] for line in (said.out + said.err).splitlines()]
    assert sorted(named) == ["env", "graphics", "page", "sh", "sound"]
    assert status == int("FAILED" in said.err)


def test_what_is_missing_is_said_with_what_to_do(
    config: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["self-test", "--config", config("http://127.0.0.1:9", "no-such-browser")]) == 1
    said = capsys.readouterr().err
    assert "no-such-browser: FAILED, not installed; apt-get install cage chromium" in said
    assert "page: FAILED, http://127.0.0.1:9: " in said
