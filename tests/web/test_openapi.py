"""The OpenAPI document tells the truth: a property-based tester finds nothing against it."""

import json
import os
import socket
import subprocess
import sys
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from server.web.openapi import statuses
from server.web.operations import OPERATIONS
from tests.web.conftest import CENTRE_FILE, House
from wire.errors import STATUS_OF

CONFIG = """
[parameters]
"path.centre" = "mot"
"path.counter" = "q1"
"path.service" = "ho-tich"
"path.ticket" = "{ticket}"
"""

EVERYTHING = "examples,coverage,fuzzing,stateful"


@dataclass
class Running:
    """The installed server in a process of its own, with two tokens and a ticket called."""

    address: str
    tokens: dict[str, str]
    ticket: str = ""

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Send one command as manager."""
        request = urllib.request.Request(
            f"{self.address}/api/v1/centres/mot{path}",
            json.dumps(body).encode(),
            {
                "Authorization": f"Bearer {self.tokens['manager']}",
                "Content-Type": "application/json",
                "Idempotency-Key": uuid.uuid4().hex,
            },
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            done: dict[str, Any] = json.load(answer)
            return done


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One server for the whole file."""
    folder = tmp_path_factory.mktemp("running")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LAYSO_")}
    environ = {**clean, "LAYSO_DATA_DIR": str(folder / "data"), "LAYSO_PORT": "0"}

    def layso(*words: str) -> str:
        command = [sys.executable, "-m", "server", *words]
        return subprocess.check_output(command, env=environ, text=True, timeout=60).strip()

    (folder / "mot.toml").write_text(CENTRE_FILE.format(id="mot"), encoding="utf-8")
    layso("init")
    layso("centre", "import", str(folder / "mot.toml"))
    tokens = {
        role: layso("token", "create", "--role", role, "--centre", "mot")
        for role in ("manager", "integration")
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "server", "run"],
            env=environ,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    assert process.stdout is not None
    server = Running(process.stdout.readline().split()[-1], tokens)
    server.post("/counters/q1/open", {})
    server.post("/tickets", {"service": "ho-tich"})
    server.ticket = server.post("/counters/q1/next", {})["ticket"]["id"]
    yield server
    process.terminate()
    process.communicate(timeout=30)
    faults = (folder / "log").read_text(encoding="utf-8")
    assert "Traceback" not in faults, faults[-5_000:]


def tried(
    running: Running, folder: Path, role: str, *, pinned: bool, phases: str, examples: int
) -> None:
    """Let schemathesis try everything it knows, and insist that it is content.

    `pinned` has it ask about a centre, counter and ticket that exist.
    """
    config = CONFIG.format(ticket=running.ticket) if pinned else ""
    (folder / "schemathesis.toml").write_text(config)
    done = subprocess.run(
        [
            *(str(Path(sys.executable).parent / "st"), "run"),
            *("--checks", "all", "--max-examples", str(examples), "--seed", "2026"),
            *("--phases", phases, "--header", f"Authorization: Bearer {running.tokens[role]}"),
            *("--suppress-health-check", "all", "--warnings", "off"),
            *("--generation-database", "none"),
            f"{running.address}/api/v1/openapi.json",
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("role", "pinned", "phases"),
    [
        ("manager", True, "examples,coverage"),
        pytest.param("manager", True, "fuzzing,stateful", marks=pytest.mark.full),
        pytest.param("integration", True, "examples,coverage", marks=pytest.mark.full),
        pytest.param("manager", False, "fuzzing,stateful", marks=pytest.mark.full),
    ],
)
def test_a_property_based_tester_is_content(
    running: Running, tmp_path: Path, role: str, pinned: bool, phases: str
) -> None:
    tried(running, tmp_path, role, pinned=pinned, phases=phases, examples=5)


@pytest.mark.full
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    ("role", "pinned"), [("manager", True), ("integration", True), ("manager", False)]
)
def test_a_tester_with_patience_is_content_too(
    running: Running, tmp_path: Path, role: str, pinned: bool
) -> None:
    tried(running, tmp_path, role, pinned=pinned, phases=EVERYTHING, examples=150)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"Content-Length: 100\r\n\r\n{", b"400"),
        (b"Content-Length: 0\r\n\r\n", b"422"),
        (b"Content-Length: 9999999999\r\n\r\n", b"413"),
        (b"Content-Length: -1\r\n\r\n", b"400"),
        (b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", b"400"),
        (b"Transfer-Encoding: chunked\r\n\r\n20000\r\n" + b" " * 0x20000, b"413"),
    ],
)
def test_a_broken_body_is_refused_and_leaves_no_trace(
    running: Running, sent: bytes, status: bytes
) -> None:
    """The fixture insists that the server's log holds no traceback."""
    host, _, port = running.address.rpartition("/")[2].partition(":")
    head = (
        "POST /api/v1/centres/mot/tickets HTTP/1.1\r\nHost: localhost\r\n"
        "Content-Type: application/json\r\nIdempotency-Key: broken-body\r\n"
        f"Authorization: Bearer {running.tokens['manager']}\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=10) as raw:
        raw.sendall(head.encode() + sent)
        raw.shutdown(socket.SHUT_WR)
        answer = raw.recv(4096)
    assert answer.split(b" ")[1] == status, answer


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
