"""Enrolling against a real HTTP server: the token file, and every way it can fail."""

import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask, request

from edge.enrol import enrol
from edge.errors import EnrolmentFailed
from edge.web import LocalServer
from wire.ids import is_key

SKELETON = (
    'server = "{server}"\ntoken_file = "{token_file}"\ncentre = "{centre}"\ncounter = "{counter}"\n'
)


@pytest.fixture
def server() -> Iterator[str]:
    app = Flask(__name__)

    @app.post("/api/v1/enrol")
    def exchange() -> tuple[dict[str, object], int]:
        if request.get_json()["code"] != "GOOD-CODE":
            refusal = {"code": "not_found", "title": "T", "status": 404, "detail": "unknown code"}
            return refusal, 404
        return {"token": "tok-1", "role": "display", "centre": "binh-duong", "counter": None}, 200

    running = LocalServer(app, "127.0.0.1", 0)
    running.start()
    yield running.address.rstrip("/")
    running.stop()


def test_a_code_becomes_a_private_token_and_a_first_config(server: str, tmp_path: Path) -> None:
    path = tmp_path / "new" / "display.toml"
    enrolled = enrol(server, " GOOD-CODE\n", path, role="display", skeleton=SKELETON)
    assert enrolled.centre == "binh-duong"
    token = path.with_name("display.token")
    assert token.read_text() == "tok-1\n"
    assert stat.S_IMODE(token.stat().st_mode) == 0o600
    assert f'server = "{server}"' in path.read_text()
    assert 'counter = "q1"' in path.read_text()


def test_an_existing_config_is_left_alone_and_its_token_replaced(
    server: str, tmp_path: Path
) -> None:
    path = tmp_path / "display.toml"
    path.write_text('token_file = "old.token"\n# mine\n')
    (tmp_path / "old.token").write_text("stale")
    (tmp_path / "old.token").chmod(0o644)
    enrol(server, "GOOD-CODE", path, role="display", skeleton=SKELETON)
    assert path.read_text() == 'token_file = "old.token"\n# mine\n'
    assert (tmp_path / "old.token").read_text() == "tok-1\n"
    assert stat.S_IMODE((tmp_path / "old.token").stat().st_mode) == 0o600


def test_what_fails_leaves_nothing_behind(
    server: str, tmp_path: Path, free_port: Callable[[], int]
) -> None:
    path = tmp_path / "display.toml"
    for address, code, role, said in [
        (server, "WRONG-CODE", "display", "unknown code"),
        (server, "GOOD-CODE", "kiosk", "the code is for a display"),
        (f"http://127.0.0.1:{free_port()}", "GOOD-CODE", "display", "cannot be reached"),
        ("10.0.0.5", "GOOD-CODE", "display", "is not an address"),
    ]:
        with pytest.raises(EnrolmentFailed, match=said):
            enrol(address, code, path, role=role, skeleton=SKELETON)
    assert list(tmp_path.iterdir()) == []


def test_a_lost_answer_is_asked_for_again_under_the_same_key(tmp_path: Path) -> None:
    app, keys = Flask(__name__), list[str]()

    @app.post("/api/v1/enrol")
    def exchange() -> tuple[dict[str, object], int]:
        keys.append(request.headers["Idempotency-Key"])
        if len(keys) < 3:
            return {"code": "unavailable", "title": "T", "status": 503}, 503
        return {"token": "tok-1", "role": "kiosk", "centre": "binh-duong", "counter": None}, 200

    running = LocalServer(app, "127.0.0.1", 0)
    running.start()
    try:
        url = running.address.rstrip("/")
        enrol(url, "GOOD-CODE", tmp_path / "kiosk.toml", role="kiosk", skeleton=SKELETON)
        enrol(url, "GOOD-CODE", tmp_path / "kiosk.toml", role="kiosk", skeleton=SKELETON)
    finally:
        running.stop()
    assert (tmp_path / "kiosk.token").read_text() == "tok-1\n"
    assert keys[0] == keys[1] == keys[2]
    assert keys[3] != keys[0]
    assert all(is_key(key) for key in keys)
