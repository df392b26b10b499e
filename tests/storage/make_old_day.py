"""Let the server of an old checkout work for a while, and write down what its database holds.

    .venv/bin/python -m tests.storage.make_old_day CHECKOUT > tests/storage/old/REVISION.sql

CHECKOUT is a `git worktree` of a commit whose tables stand at REVISION. Only rows are written:
the tables are for the migrations to make, on whichever database. Nothing here is run by tests.
"""

import http.client
import itertools
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

CENTRE: Final = "thu-nghiem"
NO_SHOW_AFTER_S: Final = 61
PASSWORD: Final = "mật khẩu dài"
CENTRE_FILE: Final = """
[centre]
id = "thu-nghiem"
name = { vi = "Trung tâm thử nghiệm", en = "Test centre" }
kind = "point"
timezone = "Asia/Ho_Chi_Minh"
location = { lat = 10.98, lon = 106.67 }
address = "Số 1"

[[service]]
id = "ho-tich"
prefix = "H"
name = { vi = "Hộ tịch", en = "Civil status" }
typical_service_min = 8

[[service]]
id = "dat-dai"
prefix = "A"
name = { vi = "Đất đai", en = "Land" }
typical_service_min = 12

[[counter]]
id = "q1"
number = 1
name = { vi = "Quầy 1", en = "Counter 1" }
services = ["ho-tich"]

[[counter]]
id = "q2"
number = 2
name = { vi = "Quầy 2", en = "Counter 2" }
services = ["ho-tich", "dat-dai"]
"""


class OldServer:
    """The program of a checkout on a data folder of its own."""

    def __init__(self, checkout: Path, folder: Path) -> None:
        self._checkout = checkout
        clean = {name: value for name, value in os.environ.items() if "LAYSO_" not in name}
        self._environ = {**clean, "LAYSO_DATA_DIR": str(folder), "LAYSO_PORT": "0"}
        self._keys = itertools.count(1)

    def done(self, *words: str, given: str = "") -> str:
        """Run a command that must succeed; what it printed."""
        return subprocess.run(
            [sys.executable, "-m", "server", *words],
            cwd=self._checkout,
            env=self._environ,
            input=given,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout.strip()

    def start(self) -> None:
        """Serve."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "server", "run"],
            cwd=self._checkout,
            env=self._environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        found = re.search(r":([0-9]+)\n", self._process.stdout.readline())
        assert found is not None
        self._port = int(found[1])

    def stop(self) -> None:
        """End, as systemd ends it."""
        self._process.terminate()
        self._process.communicate(timeout=20)

    def has(self, revision: str) -> bool:
        """Whether its tables stand at this revision or a later one."""
        there = (self._checkout / "server/storage/migrations/versions").glob("[0-9]*.py")
        return max(path.name for path in there) >= revision

    def centre(self, token: str, path: str, **body: Any) -> Any:
        """One command of the centre, which must be taken."""
        return self.post(token, f"/centres/{CENTRE}{path}", **body)

    def post(self, token: str, path: str, **body: Any) -> Any:
        """One command, which must be taken."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        headers["Idempotency-Key"] = f"old-day-{next(self._keys):06d}"
        with closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)) as wire:
            wire.request("POST", f"/api/v1{path}", json.dumps(body), headers)
            answer = wire.getresponse()
            text = answer.read()
        assert answer.status in (200, 201), (path, answer.status, text)
        return json.loads(text)


def work(server: OldServer, manager: str, kiosk: str) -> None:
    """What happens in a lobby in an hour, one of each."""

    def issue(service: str, **more: Any) -> str:
        return str(server.centre(kiosk, "/tickets", service=service, **more)["id"])

    def act(ticket: str, action: str, **body: Any) -> None:
        server.centre(manager, f"/tickets/{ticket}/{action}", **body)

    for counter in ("q1", "q2"):
        server.centre(manager, f"/counters/{counter}/open")
    civil = [issue("ho-tich") for _ in range(8)]
    land = [issue("dat-dai") for _ in range(3)]
    act(civil[3], "priority", priority="elderly", why="ông cụ 80 tuổi")
    first = server.centre(manager, "/counters/q1/next")["ticket"]["id"]
    act(first, "recall")
    act(first, "start")
    act(first, "finish")
    second = server.centre(manager, "/counters/q1/next")["ticket"]["id"]
    time.sleep(NO_SHOW_AFTER_S)
    act(second, "no-show")
    act(second, "return")
    act(civil[6], "cancel")
    third = server.centre(manager, "/counters/q2/next")["ticket"]["id"]
    act(third, "start")
    act(third, "hold", why="thiếu giấy")
    server.centre(manager, "/counters/q2/next", current="on_hold")
    server.centre(manager, "/counters/q2/undo")
    act(land[2], "transfer", service="ho-tich")
    server.centre(manager, "/counters/q2/pause")
    server.centre(manager, "/counters/q2/open")
    server.centre(manager, "/counters/q2/next")
    if server.has("0005"):
        server.post(kiosk, "/heartbeat", version="1", printer={"state": "ok"}, outbox=0)
        server.centre(kiosk, "/help")


def rows_of(file: Path) -> Iterator[str]:
    """Every row as an INSERT that SQLite and PostgreSQL both take."""
    with closing(sqlite3.connect(file)) as database:
        names = [name for (name,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        ) if name != "alembic_version" and not name.startswith("sqlite_")]  # fmt: skip
        for name in names:
            found = database.execute(f'SELECT * FROM "{name}"')
            columns = ", ".join(f'"{column[0]}"' for column in found.description)
            for row in found:
                values = ", ".join(map(literal, row))
                yield f'INSERT INTO "{name}" ({columns}) VALUES ({values});'


def literal(value: object) -> str:
    """A value in SQL; nothing that is kept is anything but text, a number or nothing."""
    if value is None:
        return "NULL"
    if isinstance(value, int | float):
        return str(value)
    assert isinstance(value, str)
    return "'" + value.replace("'", "''") + "'"


def main() -> None:
    """Make a day and print it."""
    checkout = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(prefix="layso-old-day-") as name:
        folder = Path(name) / "data"
        server = OldServer(checkout, folder)
        server.done("init")
        centre = Path(name) / "centre.toml"
        centre.write_text(CENTRE_FILE, encoding="utf-8")
        server.done("centre", "import", str(centre))
        token = ("token", "create", "--centre", CENTRE, "--role")
        manager = server.done(*token, "manager")
        kiosk = server.done(*token, "kiosk", "--band", "700-749")
        account = ("user", "create", "--name", "quản lý", "--role", "manager", "--centre", CENTRE)
        server.done(*account, "--password-stdin", given=PASSWORD)
        server.start()
        try:
            work(server, manager, kiosk)
        finally:
            server.stop()
        assert server.done("verify") == "the log is whole and fits the tables"
        sys.stdout.write("-- Rows of an old release, by tests/storage/make_old_day.py.\n")
        sys.stdout.write(f"-- token: {manager}\n")
        for line in rows_of(folder / "layso.sqlite3"):
            sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
