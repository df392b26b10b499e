"""What the screen's browser may open, asked of a real Chromium with the box's own policy."""

import json
import os
import queue
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from firmware_config.installer.configs import policies
from firmware_config.installer.places import POLICY
from firmware_config.installer.wishes import Wishes
from tests.browser.served import served

pytestmark = pytest.mark.browser

IN_PLACE = """
set -eu
mount -t tmpfs layso "$1"
mkdir -p "$2"
cp "$3" "$2/layso.json"
shift 3
exec "$@"
"""


class Server:
    """Writes down which pages it is asked for. Its pages lead to another one's, and tell how."""

    def __init__(self) -> None:
        self.asked: queue.Queue[str] = queue.Queue()
        self.leads_to = ""
        self.app = Flask("hall")
        self.app.get("/<path:path>")(self._page)

    def _page(self, path: str) -> str:
        self.asked.put(path)
        there = f'<iframe src="{self.leads_to}" onload="fetch(`/done`)"></iframe>'
        return there if self.leads_to and path != "done" else "<h1>sảnh</h1>"

    def until(self, path: str) -> None:
        """Wait until it is asked for this page."""
        while self.asked.get(timeout=30) != path:
            pass


@contextmanager
def browser(policy: Path, address: str) -> Iterator[None]:
    """A browser on a page, under a policy that it alone sees."""
    program = shutil.which("chromium")
    assert program is not None
    folders = [str(POLICY.parents[2]), str(POLICY.parent)]
    place = ["unshare", "--mount", "sh", "-c", IN_PLACE, "in-place", *folders, str(policy)]
    words = [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"]
    process = subprocess.Popen(
        [*place, *words, f"--user-data-dir={policy.parent}/profile", address],
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_only_the_lobby_s_own_server_can_be_opened(tmp_path: Path) -> None:
    lobby, other = Server(), Server()
    with served(lobby.app) as here, served(other.app) as there:
        lobby.leads_to = f"{there}/elsewhere"
        policy = tmp_path / "policy.json"
        made = policies(Wishes(("hall",), server=here, centre="lai-thieu"))
        policy.write_text(made[str(POLICY)], encoding="utf-8")
        with browser(policy, f"{here}/hall/lai-thieu"):
            lobby.until("done")
        assert other.asked.empty()
        # The same without our list, so that it is the list that kept the other one out.
        policy.write_text("{}")
        with browser(policy, f"{here}/hall/lai-thieu"):
            other.until("elsewhere")


def test_a_kiosk_opens_its_own_agent_alone() -> None:
    made = policies(Wishes(("kiosk",), server="http://10.0.0.5:8000", centre="x"))
    (text,) = made.values()
    allowed = json.loads(text)["URLAllowlist"]
    assert allowed == ["http://127.0.0.1:8100", "file:///run/layso-screen/start.html"]


@pytest.mark.parametrize(
    ("server", "reach"),
    [
        ("http://10.0.0.5:8000", "IPAddressAllow=10.0.0.5\n"),
        ("https://so.binhduong.example", "192.168.0.0/16"),
    ],
)
def test_a_hall_s_screen_reaches_its_server_and_nothing_beyond(server: str, reach: str) -> None:
    made = policies(Wishes(("hall",), server=server, centre="x"))
    (drop_in,) = (text for path, text in made.items() if path.endswith(".conf"))
    assert reach in drop_in
