"""The local web server as a browser, a rebinding page and an operator meet it."""

import contextlib
import http.client
import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from edge.errors import PortTaken
from edge.health import Metric, exposition, health_blueprint
from edge.web import LocalServer, serve_look

HEALTH: dict[str, Any] = {"link": "up"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LocalServer]:
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "tokens.css").write_text(":root{}")
    (tmp_path.parent / "secret.txt").write_text("secret")
    app = Flask(__name__)
    serve_look(app, tmp_path)
    gauge = Metric("layso_up", "Whether it runs.", "gauge", [({}, 1)])
    app.register_blueprint(health_blueprint(lambda: HEALTH, lambda: [gauge], token="tok"))

    @app.post("/api/press")
    def press() -> dict[str, bool]:
        return {"pressed": True}

    running = LocalServer(app, "127.0.0.1", 0)
    running.start()
    yield running
    running.stop()


Ask = Callable[..., tuple[int, dict[str, str], bytes]]


@pytest.fixture
def ask(server: LocalServer) -> Ask:
    def request(method: str, path: str, body: bytes = b"", **headers: str) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        return answer.status, dict(answer.getheaders()), data

    return request


def test_its_own_page_is_served_under_a_strict_policy(ask: Ask) -> None:
    status, headers, _ = ask("GET", "/look/css/tokens.css")
    assert status == 200
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "waitress" not in headers.get("Server", "")


def test_nothing_outside_the_folder_is_served(ask: Ask) -> None:
    assert ask("GET", "/look/../secret.txt")[0] == 404
    assert ask("GET", "/look/%2e%2e/secret.txt")[0] == 404


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8200", "10.0.0.5", ""])
def test_a_name_that_was_rebound_to_this_machine_is_refused(ask: Ask, host: str) -> None:
    assert ask("GET", "/healthz", Host=host)[0] in (400, 403)
    assert ask("POST", "/api/press", Host=host)[0] in (400, 403)


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1", "[::1]:80"])
def test_this_machine_may_call_itself_by_any_loopback_name(ask: Ask, host: str) -> None:
    assert ask("GET", "/healthz", Host=host)[0] == 200


def test_another_site_cannot_press(ask: Ask, server: LocalServer) -> None:
    own = f"127.0.0.1:{server.port}"
    assert ask("POST", "/api/press", Host=own, Origin=f"http://{own}")[0] == 200
    assert ask("POST", "/api/press", Host=own)[0] == 200
    assert ask("POST", "/api/press", Host=own, Origin="http://evil.example")[0] == 403
    assert ask("POST", "/api/press", Host=own, Origin="null")[0] == 403
    assert ask("POST", "/api/press", Host=own, Sec_Fetch_Site="cross-site")[0] == 403


def test_health_and_metrics_are_for_this_machine_or_the_token(ask: Ask) -> None:
    status, _, body = ask("GET", "/healthz")
    assert (status, json.loads(body)) == (200, {"status": "ok", "link": "up"})
    assert b"layso_up 1\n" in ask("GET", "/metrics")[2]
    assert ask("GET", "/metrics", X_Forwarded_For="10.0.0.9")[0] == 401
    assert ask("GET", "/metrics", X_Forwarded_For="10.0.0.9", Authorization="Bearer no")[0] == 401
    assert ask("GET", "/metrics", X_Forwarded_For="10.0.0.9", Authorization="Bearer tok")[0] == 200


def test_an_agent_that_fails_says_so(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(HEALTH, "ok", False)
    status, _, body = ask("GET", "/healthz")
    assert (status, json.loads(body)["status"]) == (503, "failing")


def test_labels_are_escaped() -> None:
    metric = Metric("m", "M.", "counter", [({"name": 'a"b\\c\nd'}, 2.5)])
    assert exposition([metric]).splitlines()[-1] == 'm{name="a\\"b\\\\c\\nd"} 2.5'


def test_a_body_that_is_too_large_is_refused(ask: Ask) -> None:
    assert ask("POST", "/api/press", b"x" * 70_000)[0] in (200, 413)


@pytest.mark.parametrize("length", [b"Content-Length: 2000000", b"Transfer-Encoding: chunked"])
def test_a_huge_body_is_not_waited_for_nor_kept(server: LocalServer, length: bytes) -> None:
    head = b"POST /api/press HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as sock:
        sock.sendall(head + length + b"\r\n\r\n")
        if b"chunked" in length:
            with contextlib.suppress(ConnectionError):  # hung up on before the end
                sock.sendall((b"10000\r\n" + b"x" * 0x10000 + b"\r\n") * 30)
        with contextlib.suppress(ConnectionError):
            assert sock.recv(4096).split(b" ", 2)[1] == b"413"


def test_a_taken_port_is_named_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=f"127.0.0.1:{port} is taken.*change 'listen'"):
            LocalServer(Flask("x"), "127.0.0.1", port)


def test_after_stop_the_port_is_free_again() -> None:
    first = LocalServer(Flask("x"), "127.0.0.1", 0)
    first.start()
    kept = socket.create_connection(("127.0.0.1", first.port))
    first.stop()
    first.stop()
    kept.close()
    second = LocalServer(Flask("x"), "127.0.0.1", first.port)
    second.start()
    second.stop()
