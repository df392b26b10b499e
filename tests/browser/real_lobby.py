"""A real server with one small centre and its people, for pages tried against the real thing.

Start-up takes about two seconds: share one lobby per module, and let each test use numbers,
counters and people of its own.
"""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
import uuid
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from server.config import ServerConfig, read_config
from server.parts import make_data_dir, make_secret_key, open_parts
from server.storage.migrate import migrate
from tests.conftest import wait_for_port
from wire.words import ROLES

CENTRE = "lai-thieu"
PASSWORD = "mot mat khau dai"
PEOPLE = {
    "clerk": "clerk",
    "clerk2": "clerk",
    "greeter": "greeter",
    "manager": "manager",
    "admin": "admin",
}

_SERVICES = (
    ("ho-tich", "H", "Hộ tịch", "Civil status"),
    ("chung-thuc", "C", "Chứng thực", "Certification"),
    ("dat-dai", "A", "Đất đai", "Land"),
)
_HEAD = """
[centre]
id = "lai-thieu"
name = { vi = "Phường Lái Thiêu", en = "Lái Thiêu ward" }
kind = "branch"
timezone = "Asia/Ho_Chi_Minh"
location = { lat = 10.9046, lon = 106.6997 }
address = "Đường Nguyễn Trãi"
[[zone]]
id = "a"
name = { vi = "Khu A", en = "Zone A" }
floor = 1
side = "left"
"""


def centre_file(counters: int = 6) -> str:
    """A centre of three services whose counters all serve the first two; q1 the third as well."""
    parts = [_HEAD]
    for id_, prefix, vi, en in _SERVICES:
        parts.append(
            f'[[service]]\nid = "{id_}"\nprefix = "{prefix}"\n'
            f'name = {{ vi = "{vi}", en = "{en}" }}\n'
            "target_wait_min = 15\ntypical_service_min = 8\nanywhere = true\n"
        )
    for n in range(1, counters + 1):
        services = '"ho-tich", "chung-thuc"' + (', "dat-dai"' if n == 1 else "")
        parts.append(
            f'[[counter]]\nid = "q{n}"\nnumber = {n}\n'
            f'name = {{ vi = "Quầy {n}", en = "Counter {n}" }}\n'
            f'services = [{services}]\nzone = "a"\n'
        )
    return "\n".join(parts)


class RealLobby:
    """A served data folder: commands of the program, the API by token, pages by sign-in.

    `tokens` has one of each role (the pad's is for q1); `PEOPLE` may sign in with `PASSWORD`.

    Args:
        folder: Empty; holds the database.
        port: Free; the server listens there on loopback.
        counters: How many counters the centre has.
    """

    def __init__(self, folder: Path, port: int, counters: int = 6) -> None:
        self.port = port
        self.address = f"http://127.0.0.1:{self.port}"
        clean = {name: value for name, value in os.environ.items() if "LAYSO_" not in name}
        own = {
            "LAYSO_DATA_DIR": str(folder / "data"),
            "LAYSO_PORT": str(self.port),
            "LAYSO_PUBLIC_URL": self.address,
        }
        self.data_dir = folder / "data"
        self._settings = clean | own
        self.tokens: dict[str, str] = {}
        self._furnish(read_config(own), counters)
        self._process = self._run()

    def _furnish(self, config: ServerConfig, counters: int) -> None:
        make_data_dir(config)
        make_secret_key(config)
        migrate(config.database_url)
        parts = open_parts(config)
        parts.centres.import_file(centre_file(counters))
        for role in ROLES:
            place = None if role == "admin" else CENTRE
            counter = "q1" if role == "pad" else None
            self.tokens[role] = parts.access.create_token(role, place, counter)  # type: ignore[arg-type]  # a role by name
        for name, role in PEOPLE.items():
            place = None if role == "admin" else CENTRE
            parts.access.create_user(name, role, place, PASSWORD)  # type: ignore[arg-type]  # likewise
        parts.close()

    def _run(self) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen([sys.executable, "-m", "server", "run"], env=self._settings)
        wait_for_port(self.port)
        return process

    def stop(self) -> None:
        """End the server as an operator does."""
        self._process.terminate()
        self._process.wait(20)

    def start(self) -> None:
        """Start it again on the same data and port."""
        self._process = self._run()

    def layso(self, *words: str, given: str = "") -> str:
        """Run a command of the program to its end; what it printed."""
        run = subprocess.run(
            [sys.executable, "-m", "server", *words],
            env=self._settings, input=given, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert run.returncode == 0, run.stderr
        return run.stdout.strip()

    def ask(
        self, method: str, path: str, role: str = "manager", body: Any = None
    ) -> tuple[int, Any]:
        """Ask the API as a role's token or as the given one; status and parsed answer."""
        request = urllib.request.Request(f"{self.address}/api/v1{path}", method=method)
        request.add_header("Authorization", f"Bearer {self.tokens.get(role, role)}")
        if method == "POST":
            request.add_header("Content-Type", "application/json")
            request.add_header("Idempotency-Key", uuid.uuid4().hex)
            request.data = json.dumps(body or {}).encode()
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def issue(self, service: str = "ho-tich", **body: Any) -> dict[str, Any]:
        """Issue one ticket as the greeter; it carries its link."""
        path = f"/centres/{CENTRE}/tickets"
        status, ticket = self.ask("POST", path, "greeter", {"service": service, **body})
        assert status == 201, ticket
        assert isinstance(ticket, dict)
        return ticket

    def at_counter(self, counter: str, action: str, body: Any = None) -> dict[str, Any]:
        """Give a counter's command as the manager."""
        status, answer = self.ask(
            "POST", f"/centres/{CENTRE}/counters/{counter}/{action}", "manager", body
        )
        assert status == 200, answer
        assert isinstance(answer, dict)
        return answer

    def sign_in(self, page: Page, name: str) -> None:
        """Sign in by the page, as people do."""
        page.goto(f"{self.address}/")
        page.fill("[name=user]", name)
        page.fill("[name=password]", PASSWORD)
        page.locator("[name=password]").press("Enter")
        page.wait_for_load_state()
