"""The OpenAPI document tells the truth: a property-based tester finds nothing against it."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from server.web.openapi import statuses
from server.web.operations import OPERATIONS
from tests.web.conftest import House
from wire.errors import STATUS_OF

CONFIG = """
[parameters]
"path.centre" = "mot"
"path.counter" = "q1"
"path.ticket" = "{ticket}"
"""


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing: thousands of requests come."""


@pytest.fixture
def address(house: House) -> Iterator[str]:
    """The whole server on a port of loopback."""
    server = make_server("127.0.0.1", 0, house.app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("role", "pinned"), [("manager", True), ("integration", True), ("manager", False)]
)
def test_a_property_based_tester_is_content(
    house: House, address: str, tmp_path: Path, role: str, pinned: bool
) -> None:
    called = house.call()
    config = tmp_path / "schemathesis.toml"
    config.write_text(CONFIG.format(ticket=called["id"]) if pinned else "")
    done = subprocess.run(
        [
            *(str(Path(sys.executable).parent / "st"), "--config-file", str(config), "run"),
            *("--checks", "all", "--max-examples", "10", "--seed", "2026"),
            *("--header", f"Authorization: Bearer {house.tokens[role]}"),
            *(
                "--suppress-health-check",
                "all",
                "--warnings",
                "off",
                "--generation-database",
                "none",
            ),
            f"{address}/api/v1/openapi.json",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=220,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr


def test_the_document_is_open_and_names_every_operation(house: House) -> None:
    document = house.ask("GET", "/openapi.json", None).json
    assert document["openapi"].startswith("3.1")
    named = {
        described["operationId"]
        for path in document["paths"].values()
        for described in path.values()
    }
    assert named == {operation.name for operation in OPERATIONS}


def test_every_code_of_the_wire_is_documented_somewhere() -> None:
    documented = {code for op in OPERATIONS for codes in statuses(op).values() for code in codes}
    elsewhere = {"not_found", "method_not_allowed", "internal"}
    assert documented | elsewhere == set(STATUS_OF)
