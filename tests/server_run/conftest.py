"""The installed program, run as people run it: settings in the environment, words, pipes."""

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

CENTRE = """\
[centre]
id = "phu-an"
name = { vi = "Điểm Phú An", en = "Phú An point" }
kind = "point"
timezone = "Asia/Ho_Chi_Minh"
location = { lat = 11.05, lon = 106.6 }
address = "Phú An"

[[service]]
id = "ho-tich"
prefix = "H"
name = { vi = "Hộ tịch", en = "Civil status" }
target_wait_min = 15
typical_service_min = 8

[[service]]
id = "chung-thuc"
prefix = "C"
name = { vi = "Chứng thực", en = "Certification" }
target_wait_min = 15
typical_service_min = 5

[[counter]]
id = "q1"
number = 1
name = { vi = "Quầy 1", en = "Counter 1" }
services = ["ho-tich", "chung-thuc"]

[[counter]]
id = "q2"
number = 2
name = { vi = "Quầy 2", en = "Counter 2" }
services = ["ho-tich", "chung-thuc"]
"""


class House:
    """One data folder and the commands and servers that work on it."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self.folder = folder
        self.settings = {"LAYSO_DATA_DIR": str(folder / "data"), "LAYSO_PORT": "0", **settings}
        self.running: list[Running] = []

    def environ(self) -> dict[str, str]:
        """The environment without other settings than this house's."""
        clean = {name: value for name, value in os.environ.items() if "LAYSO_" not in name}
        return {**clean, **self.settings}

    def layso(self, *words: str, given: str = "") -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "server", *words],
            env=self.environ(),
            input=given,
            capture_output=True,
            text=True,
            timeout=90,
        )

    def done(self, *words: str, given: str = "") -> str:
        """Run a command that must succeed; what it printed."""
        result = self.layso(*words, given=given)
        assert result.returncode == 0, result.stderr
        return result.stdout.strip()

    def refused(self, *words: str, given: str = "") -> str:
        """Run a command that must fail with 1; what it said."""
        result = self.layso(*words, given=given)
        assert result.returncode == 1, (result.returncode, result.stderr)
        assert "Traceback" not in result.stderr
        return result.stderr.strip()

    def serve(self, *words: str) -> "Running":
        """Start a server and wait until it says that it is ready."""
        server = Running(self, words)
        self.running.append(server)
        return server

    def import_centre(self, text: str = CENTRE) -> None:
        """Bring in the test centre."""
        file = self.folder / "centre.toml"
        file.write_text(text, encoding="utf-8")
        self.done("centre", "import", str(file))


class Running:
    """A server process."""

    def __init__(self, house: House, words: tuple[str, ...]) -> None:
        self.log = house.folder / f"log-{uuid.uuid4().hex}.jsonl"
        begun = time.monotonic()
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "server", "run", *words],
                env=house.environ(),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        found = re.fullmatch(r"ready on (http://127\.0\.0\.1:([0-9]+))\n", line)
        assert found, (line, self.log.read_text())
        self.took_s = time.monotonic() - begun
        self.url, self.port = found[1], int(found[2])
        self.said: list[str] = []
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; the exit status."""
        self.process.send_signal(number)
        status = self.process.wait(timeout=15)
        self._listener.join(timeout=5)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return status

    def api(self, token: str) -> "Api":
        """A keep-alive connection with this token."""
        return Api(self.port, token)


class Api:
    """One keep-alive connection to /api/v1."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def get(self, path: str) -> tuple[int, Any]:
        """Status and parsed body."""
        self._connection.request("GET", "/api/v1" + path, headers=self._headers)
        return self._answer()

    def post(self, path: str, body: dict[str, Any], key: str | None = None) -> tuple[int, Any]:
        """Status and parsed body; a key of its own when none is given."""
        headers = {**self._headers, "Idempotency-Key": key or uuid.uuid4().hex}
        self._connection.request("POST", "/api/v1" + path, json.dumps(body), headers)
        return self._answer()

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _answer(self) -> tuple[int, Any]:
        answer = self._connection.getresponse()
        return answer.status, json.loads(answer.read())


@pytest.fixture
def make_house(tmp_path: Path) -> Iterator[Callable[..., House]]:
    """Makes houses, and ends every server that still runs in them."""
    houses: list[House] = []

    def make(**settings: str) -> House:
        folder = tmp_path / f"house-{len(houses)}"
        folder.mkdir()
        houses.append(House(folder, settings))
        return houses[-1]

    yield make
    for house in houses:
        for server in house.running:
            if server.process.poll() is None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    server.stop(signal.SIGKILL)


@pytest.fixture
def house(make_house: Callable[..., House]) -> House:
    """A house on the embedded database."""
    return make_house()
