"""A lobby of real programs, its screens behind a faulty line: server, agent, two hall pages."""

import json
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.campaigns.busy_counters import NO_SHOW_AFTER_S, BusyCounters
from tests.campaigns.faulty_line import FaultyLine
from tests.conftest import wait_for_port
from tests.server_run.conftest import House

CENTRE = "phu-an"
COUNTERS = {"q1": "a", "q2": "a", "q3": "a", "q4": "b", "q5": "b", "q6": "b"}
ROWS = 6
"""The number called now and the last five."""

# What a page shows, and what it says: each (call_id, times) that its voice began, and how many
# sentences were handed to the sound.
HEAR = """
window.spoken = []; window.sentences = 0;
const keep = Storage.prototype.setItem;
Storage.prototype.setItem = function (key, value) {
  if (key.startsWith("layso.hall.spoken.")) spoken.push(JSON.parse(value).at(-1));
  return keep.call(this, key, value);
};
const gain = BaseAudioContext.prototype.createGain;
BaseAudioContext.prototype.createGain = function () { sentences += 1; return gain.call(this); };
"""
LOOK = """() => ({
  stale: document.querySelector("[data-stale]") !== null,
  calls: [...document.querySelectorAll("[data-call]")].map((one) =>
    [one.dataset.call, one.dataset.number, one.dataset.counter]),
  spoken, sentences,
})"""

Said = list[tuple[str, int]]


def centre_file() -> str:
    """Two services, two zones of three counters; no-shows sooner than in life."""
    parts = [
        f'[centre]\nid = "{CENTRE}"\nname = {{ vi = "Điểm Phú An", en = "Phú An point" }}\n'
        'kind = "point"\ntimezone = "Asia/Ho_Chi_Minh"\nlocation = { lat = 11.05, lon = 106.6 }\n'
        'address = "Phú An"\n'
    ]
    for id_, prefix, vi, en in (
        ("ho-tich", "H", "Hộ tịch", "Civil status"),
        ("chung-thuc", "C", "Chứng thực", "Certification"),
    ):
        parts.append(
            f'[[service]]\nid = "{id_}"\nprefix = "{prefix}"\n'
            f'name = {{ vi = "{vi}", en = "{en}" }}\ntarget_wait_min = 15\n'
            "typical_service_min = 5\n"
        )
    for zone, side in (("a", "left"), ("b", "right")):
        name = f'{{ vi = "Khu {zone.upper()}", en = "Zone {zone.upper()}" }}'
        parts.append(f'[[zone]]\nid = "{zone}"\nname = {name}\nfloor = 1\nside = "{side}"\n')
    for number, (counter, zone) in enumerate(COUNTERS.items(), 1):
        parts.append(
            f'[[counter]]\nid = "{counter}"\nnumber = {number}\n'
            f'name = {{ vi = "Quầy {number}", en = "Counter {number}" }}\n'
            f'services = ["ho-tich", "chung-thuc"]\nzone = "{zone}"\n'
        )
    parts.append(f"[policy]\nno_show_after_s = {NO_SHOW_AFTER_S}\n")
    return "\n".join(parts)


@dataclass
class Seen:
    """What one screen shows at one moment: calls of a page, or texts of panels."""

    stale: bool
    shown: Any


@dataclass
class Screen:
    """A hall page or the agent's panels, with its loudspeaker."""

    name: str
    look: Callable[[], Seen]
    equals: Callable[[Any, Any], bool]
    zone: str | None = None
    said: Said = field(default_factory=list)

    def true_to(self, board: Any) -> bool:
        """Whether it shows this board, and does not doubt it."""
        seen = self.look()
        return not seen.stale and self.equals(seen.shown, board)


class FaultyLobby:
    """Everything runs; only the screens are behind `line`.

    Args:
        folder: For the files of all of them.
        free_port: Names a port of loopback.
        browser: A Chromium that may make sound untouched.
        seed: Of what the counters do.
    """

    def __init__(
        self, folder: Path, free_port: Callable[[], int], browser: Browser, seed: int
    ) -> None:
        self.page_errors: list[str] = []
        self._agent_lines: dict[str, tuple[str, int]] = {}
        self._folder = folder / "display"
        self._folder.mkdir()
        self._agent_url = f"http://127.0.0.1:{free_port()}"
        with ExitStack() as opened:
            self._open(opened, House(folder, {"LAYSO_PORT": str(free_port())}), browser, seed)
            self._opened = opened.pop_all()
        self.screens = [
            Screen("panels", self._look_at_panels, panels_show),
            Screen("hall", self._looker("hall"), partial(page_shows, zone=None)),
            Screen("zone b", self._looker("b"), partial(page_shows, zone="b"), "b"),
        ]

    def _open(self, opened: ExitStack, house: House, browser: Browser, seed: int) -> None:
        self.house = house
        house.done("init")
        house.import_centre(centre_file())
        opened.callback(self._stop_server)
        self.server = house.serve()
        self.line = FaultyLine(self.server.port)
        opened.callback(self.line.close)
        self._manager = self._token("manager")
        self._api = self.server.api(self._manager)
        opened.callback(lambda: self._api.close())
        self.agent = self._start_agent(opened)
        hall = self._token("hall")
        self.pages = {
            zone or "hall": self._open_page(opened, browser, hall, zone) for zone in (None, "b")
        }
        self.counters = BusyCounters(CENTRE, self.server.port, self._manager, seed)
        opened.callback(self.counters.stop)

    def close(self) -> None:
        """End every program."""
        self._opened.close()

    def _stop_server(self) -> None:
        for server in self.house.running:
            if server.process.poll() is None:
                server.stop()

    def kill_server(self) -> None:
        """As a power cut would."""
        self._api.close()
        self.server.stop(signal.SIGKILL)

    def start_server(self) -> None:
        """Begin again with what it had stored; returns once it is ready."""
        self.server = self.house.serve()
        self._api = self.server.api(self._manager)

    def board(self) -> Any:
        """The server's truth, asked without the line."""
        try:
            status, board = self._api.get(f"/centres/{CENTRE}/board")
        except ConnectionError:  # hung up on for keeping quiet
            self._api.close()
            self._api = self.server.api(self._manager)
            status, board = self._api.get(f"/centres/{CENTRE}/board")
        assert status == 200, board
        return board

    def listen(self) -> None:
        """Take in what was said since the last time."""
        panels, hall, zone = self.screens
        panels.said = self._agent_said()
        for screen, name in ((hall, "hall"), (zone, "b")):
            look = self.pages[name].evaluate(LOOK)
            screen.said = [(call_id, times) for call_id, times in look["spoken"]]
            assert look["sentences"] == len(screen.said), f"{name} played what it does not know"

    def agent_get(self, path: str) -> Any:
        """The agent's own API."""
        with urllib.request.urlopen(self._agent_url + path, timeout=10) as answer:
            return json.load(answer)

    def agent_holds(self) -> tuple[int, int]:
        """How many files and threads the agent's process has."""
        proc = Path(f"/proc/{self.agent.pid}")
        return len(list((proc / "fd").iterdir())), len(list((proc / "task").iterdir()))

    def _token(self, role: str) -> str:
        return self.house.done("token", "create", "--role", role, "--centre", CENTRE)

    def _start_agent(self, opened: ExitStack) -> "subprocess.Popen[bytes]":
        panels = "".join(f'[[panel]]\ncounter = "{one}"\ndriver = "virtual"\n' for one in COUNTERS)
        (self._folder / "display.token").write_text(self._token("display"), "utf-8")
        file = self._folder / "display.toml"
        file.write_text(
            f'server = "{self.line.url}"\ntoken_file = "display.token"\ncentre = "{CENTRE}"\n'
            f'listen = "{self._agent_url.removeprefix("http://")}"\ndata_dir = "data"\n'
            f'{panels}[voice]\ndriver = "virtual"\n',
            "utf-8",
        )
        with (self._folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "display.cli", "run", "--config", str(file)],
                stdout=log,
                stderr=log,
            )
        opened.callback(process.wait, timeout=20)
        opened.callback(process.terminate)
        wait_for_port(int(self._agent_url.rsplit(":", 1)[1]), 30)
        return process

    def _open_page(self, opened: ExitStack, browser: Browser, token: str, zone: str | None) -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 720})
        opened.callback(context.close)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.add_init_script(HEAR)
        page.on("pageerror", lambda error: self.page_errors.append(str(error)))
        query = f"?zone={zone}" if zone else ""
        page.goto(f"{self.line.url}/hall/{CENTRE}{query}#token={token}")
        return page

    def _looker(self, name: str) -> Callable[[], Seen]:
        def look() -> Seen:
            found = self.pages[name].evaluate(LOOK)
            return Seen(found["stale"], found["calls"])

        return look

    def _look_at_panels(self) -> Seen:
        panels = self.agent_get("/api/panels")
        states = {panel["state"] for panel in panels}
        assert states <= {"ok", "stale"}, panels
        return Seen("stale" in states, {panel["counter"]: panel["text"] for panel in panels})

    def _agent_said(self) -> Said:
        """The log keeps the newest hundred; it is read often enough to miss none."""
        file = self._folder / "data" / "voice" / "said.jsonl"
        if file.exists():
            whole, _, _ = file.read_text("utf-8").rpartition("\n")  # not a line half written
            for line in whole.splitlines():
                told = json.loads(line)
                self._agent_lines[told["at"] + told["file"]] = (told["call_id"], told["times"])
        return list(self._agent_lines.values())


def panels_show(texts: dict[str, str], board: Any) -> bool:
    """As the contract says: the number, dashes where it is free, nothing where it is not open."""
    shown = {counter: text.rstrip() for counter, text in texts.items()}
    return shown == {one["id"]: _panel_text(one) for one in board["counters"]}


def _panel_text(counter: Any) -> str:
    ticket = counter["ticket"]
    if ticket is not None and ticket["state"] in ("called", "serving"):
        return str(ticket["number"])
    return "----" if counter["state"] == "open" else ""


def page_shows(rows: list[list[str]], board: Any, zone: str | None) -> bool:
    """The newest calls in order; an older one that still stands large may be the last of them."""
    calls, numbers = [], set()
    for call in board["calls"]:
        if call["number"] not in numbers and zone in (None, call["zone"]):
            calls.append([call["call_id"], call["number"], call["counter"]["id"]])
        numbers.add(call["number"])
    wanted = calls[:ROWS]
    return rows == wanted or (rows[:-1] == wanted[:-1] and rows[-1:] != [] and rows[-1] in calls)
