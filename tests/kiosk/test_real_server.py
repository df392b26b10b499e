"""The kiosk and the real server: one touch is one ticket, whichever of two tries comes first."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edge.client import ServerClient
from edge.errors import ServerRefused
from tests.conftest import wait_for_port
from tests.fakes.relay import Relay
from tests.kiosk.kiosk_stage import PRINTER, Kiosk, until

CENTRE = """\
[centre]
id = "binh-duong"
name = { vi = "Trung tâm Phục vụ hành chính công tỉnh Bình Dương", en = "Bình Dương" }
kind = "provincial"
timezone = "Asia/Ho_Chi_Minh"
location = { lat = 11.05, lon = 106.6 }
address = "Bình Dương"
[[service]]
id = "ho-tich"
prefix = "H"
name = { vi = "Hộ tịch", en = "Civil status" }
target_wait_min = 15
typical_service_min = 8
[[counter]]
id = "q1"
number = 1
name = { vi = "Quầy 1", en = "Counter 1" }
services = ["ho-tich"]
"""


class Lobby:
    """A real server behind a relay, with a kiosk's token."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        settings = {name: value for name, value in os.environ.items() if "LAYSO_" not in name}
        self.settings = settings | {
            "LAYSO_DATA_DIR": str(folder / "server"), "LAYSO_PORT": str(port),
        }  # fmt: skip
        self.port = port
        (folder / "centre.toml").write_text(CENTRE, encoding="utf-8")
        self.layso("init")
        self.layso("centre", "import", str(folder / "centre.toml"))
        self.token = self.layso("token", "create", "--role", "kiosk", "--centre", "binh-duong")
        self.process = self.run()
        self.relay = Relay(port)

    def layso(self, *words: str) -> str:
        run = subprocess.run(
            [sys.executable, "-m", "server", *words],
            env=self.settings, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return run.stdout.strip()

    def run(self) -> "subprocess.Popen[bytes]":
        with (self.folder / "server.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "server", "run"], env=self.settings, stderr=log, stdout=log
            )
        wait_for_port(self.port, 30)
        return process

    def config(self) -> Path:
        (self.folder / "kiosk.token").write_text(self.token + "\n")
        path = self.folder / "kiosk.toml"
        path.write_text(
            f'server = "{self.relay.url}"\ntoken_file = "kiosk.token"\ncentre = "binh-duong"\n'
            f'data_dir = "data"\nlisten = "127.0.0.1:0"\n{PRINTER}',
            encoding="utf-8",
        )
        return path

    def tickets(self) -> dict[str, str]:
        """Number → state, as the server's table has them."""
        path = next((self.folder / "server").glob("*.sqlite3"))
        database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            return dict(database.execute("SELECT number, state FROM ticket").fetchall())
        finally:
            database.close()

    def close(self) -> None:
        self.relay.close()
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        self.process.wait(timeout=20)


@pytest.fixture
def lobby(tmp_path: Path, free_port: Callable[[], int]) -> Iterator[Lobby]:
    made = Lobby(tmp_path, free_port())
    yield made
    made.close()


@pytest.fixture
def kiosk(lobby: Lobby) -> Iterator[Kiosk]:
    made = Kiosk(lobby.config())
    yield made.met()
    made.stop()


def test_the_try_comes_first_and_is_replaced(lobby: Lobby, kiosk: Kiosk) -> None:
    assert kiosk.press()["ticket"]["number"] == "H001"
    lobby.process.send_signal(signal.SIGSTOP)
    assert kiosk.press()["ticket"]["number"] == "H700"
    lobby.process.send_signal(signal.SIGCONT)
    until(lambda: kiosk.state()["outbox"] == 0, 20)
    assert lobby.tickets() == {"H001": "waiting", "H002": "cancelled", "H700": "waiting"}
    lobby.layso("verify")


def test_the_replacement_comes_first_and_the_try_is_superseded(lobby: Lobby, kiosk: Kiosk) -> None:
    lobby.relay.set("hole")
    ticket = kiosk.press()["ticket"]
    assert ticket["number"] == "H700"
    (item,) = kiosk.agent.spool.pending()
    key = item.body["replaces"]
    lobby.relay.set("pass")
    until(lambda: kiosk.state()["outbox"] == 0, 20)
    client = ServerClient(f"http://127.0.0.1:{lobby.port}", lobby.token)
    late = {
        "service": "ho-tich", "priority": "none", "language": "vi",
        "id": key.removeprefix("press-"), "track": "AbCdEfGhIjKlMnOpQrStUg",
    }  # fmt: skip
    with pytest.raises(ServerRefused) as refusal:
        client.post("/api/v1/centres/binh-duong/tickets", late, key=key)
    assert refusal.value.problem.code == "superseded"
    client.close()
    assert lobby.tickets() == {"H700": "waiting"}
    lobby.layso("verify")


def test_a_server_killed_and_back_has_every_paper(lobby: Lobby, kiosk: Kiosk) -> None:
    papers = [kiosk.press()["ticket"]["number"] for _ in range(3)]
    lobby.process.kill()
    lobby.process.wait()
    papers += [kiosk.press()["ticket"]["number"] for _ in range(3)]
    lobby.process = lobby.run()
    until(lambda: kiosk.state()["outbox"] == 0, 30)
    papers.append(until(lambda: kiosk.press()["ticket"]["number"]))
    assert len(set(papers)) == 7
    waiting = {number for number, state in lobby.tickets().items() if state == "waiting"}
    assert waiting == set(papers)
    lobby.layso("verify")
