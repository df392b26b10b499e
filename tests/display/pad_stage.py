"""A real server behind a relay, and a display agent with one virtual pad and one panel."""

import json
import signal
import time
import urllib.request
from pathlib import Path
from typing import Any

from display import config
from display.app import DisplayAgent
from display.drivers.pad_virtual import VirtualPad
from display.pads.worker import PadWorker
from edge.client import ServerClient
from tests.kiosk.kiosk_stage import until
from tests.kiosk.test_real_server import Lobby

CENTRE = "/api/v1/centres/binh-duong"
COUNTER = f"{CENTRE}/counters/q1"


class PadLobby:
    """The server, its staff, and what they do."""

    def __init__(self, folder: Path, port: int) -> None:
        self.lobby = Lobby(folder, port)
        self.tokens = {role: self.token(role) for role in ("display", "manager")}
        self.tokens["pad"] = self.token("pad")
        url = f"http://127.0.0.1:{port}"
        self.staff = ServerClient(url, self.tokens["manager"])
        self.keys = 0

    def token(self, role: str) -> str:
        where = ("--counter", "q1") if role == "pad" else ()
        return self.lobby.layso("token", "create", "--role", role, "--centre", "binh-duong", *where)

    def do(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """One command of the manager's."""
        self.keys += 1
        return self.staff.post(path, body or {}, key=f"staff-{self.keys:06}", timeout_s=15).body

    def issue(self) -> str:
        """Somebody comes; their number."""
        return str(self.do(f"{CENTRE}/tickets", {"service": "ho-tich"})["number"])

    def board(self) -> Any:
        return self.staff.get(f"{CENTRE}/board", timeout_s=15).body

    def holds(self) -> str | None:
        """The number that the counter has."""
        ticket = self.board()["counters"][0]["ticket"]
        return ticket["number"] if ticket else None

    def clean(self) -> None:
        """As in the morning: nobody waits, the counter is open and free."""
        self.do(f"{COUNTER}/open")
        while self.do(f"{COUNTER}/next")["ticket"]:
            pass

    def freeze(self) -> None:
        """The server hears everything and answers nothing."""
        self.lobby.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.lobby.process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        self.staff.close()
        self.lobby.close()


class Desk:
    """A running agent with its pad, and hands on it."""

    def __init__(self, house: PadLobby, folder: Path, *, more: str = "", token: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "display.token").write_text(house.tokens["display"])
        (folder / "pad.token").write_text(token or house.tokens["pad"])
        path = folder / "display.toml"
        path.write_text(
            f'server = "{house.lobby.relay.url}"\ntoken_file = "display.token"\n'
            'centre = "binh-duong"\ndata_dir = "data"\nlisten = "127.0.0.1:0"\n'
            '[[panel]]\ncounter = "q1"\ndriver = "virtual"\n'
            f'[[pad]]\ncounter = "q1"\ndriver = "virtual"\ntoken_file = "pad.token"\n{more}'
        )
        self.folder = folder / "data" / "pads"
        self.agent = DisplayAgent(config.load(path))
        self.agent.start()
        self.url = self.agent.web.address

    @property
    def worker(self) -> PadWorker:
        return self.agent.pads.workers[0]

    @property
    def pad(self) -> VirtualPad:
        pad = self.worker.config.pad
        assert isinstance(pad, VirtualPad)
        return pad

    def ready(self) -> "Desk":
        until(lambda: self.report()["state"] == "ok" and self.agent.link.state == "up", 15)
        return self

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"{self.url}{path.lstrip('/')}", timeout=5) as answer:
            return str(answer.read().decode())

    def report(self) -> dict[str, Any]:
        """The pad as /api/pads has it."""
        return dict(json.loads(self.get("/api/pads"))[0])

    def lamps(self) -> dict[str, str]:
        return dict(self.report()["lamps"])

    def touch(self, key: str = "next") -> None:
        with (self.folder / "keys").open("a") as file:
            file.write(f"press q1 {key}\n")

    def press(self, key: str = "next", within_s: float = 10) -> Any:
        """Touch a key, and how that ended."""
        before = self.report()["last"]
        self.touch(key)
        return until(lambda: (now := self.report()["last"]) != before and now, within_s)

    def rest(self) -> None:
        """Wait until the next touch is a wish of its own."""
        quiet = self.worker._wishes
        until(lambda: not quiet.folds("next", time.monotonic()))

    def stop(self) -> None:
        self.agent.stop()
