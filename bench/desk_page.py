"""Space pressed at a real desk page → the new number painted, among 60 desks and 50 screens.

The other desks follow the centre as their page does, more eagerly: every change, whatever its
service, makes each of them ask for its picture again, once for what comes together. They call
numbers themselves meanwhile; some share a counter, as the centre has fewer.
"""

import json
import random
import shutil
import subprocess
import sys
import tempfile
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import gevent

from bench.commands import fresh_key
from bench.keepalive import KeepAlive
from bench.page import CHROMIUM
from bench.servers import CENTRE, ROOT, Product
from bench.watchers import Watchers

DESKS, SCREENS = 59, 50
LIMIT_MS = 150
COALESCE_S = 0.12  # as the page waits for changes that come together
APART_S = 2.0
OTHERS_CALL_EVERY_S = 4.0  # sixty counters, four minutes each
NAME, PASSWORD = "bench", "a password for the bench"
FLAGS = ["--no-sandbox", "--disable-gpu"]

# A number is there with the first frame after it was drawn: the second callback is past it.
WATCH = """
window.pressed = 0; window.took = [];
const number = () => document.querySelector("[data-current-number]")?.textContent.trim() ?? "";
let last = "";
document.addEventListener("keydown", (event) => {
  if (event.code === "Space") { pressed = performance.now(); last = number(); }
}, true);
document.addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
  const now = number();
  if (!pressed || !now || now === last) return;
  const from = pressed;
  pressed = 0;
  requestAnimationFrame(() => requestAnimationFrame(() => took.push(performance.now() - from)));
}).observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true}));
"""


def measure(presses: int) -> dict[str, Any]:
    """So many presses, one after the other, at one desk of the busy centre."""
    with tempfile.TemporaryDirectory(prefix="layso-bench-") as folder:
        product = Product(Path(folder))
        manager, hall = product.token("manager"), product.token("hall")
        subprocess.run(
            [product.program, "user", "create", "--name", NAME, "--role", "clerk",
             "--centre", CENTRE, "--password-stdin"],
            env=product.env, input=PASSWORD, text=True, check=True, capture_output=True,
        )  # fmt: skip
        with product.serving():
            others = _open(product.port, manager)
            mine = others.pop(0)
            _issue(product.port, manager, presses + 200)
            screens = Watchers(product.port, SCREENS, {"token": hall}, watch=True)
            elsewhere = list(islice(cycle(others), DESKS))
            desks = Desks(product.port, manager, elsewhere)
            command = [sys.executable, "-m", "bench.desk_page", str(product.port), mine,
                       str(presses)]  # fmt: skip
            with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as page:
                assert page.stdout is not None
                took = sorted(json.loads(page.stdout.read()))
            asked = desks.asked
            desks.close()
            screens.close()
    return {
        "desks": 1 + DESKS,
        "screens": SCREENS,
        "presses": len(took),
        "painted_p50_ms": round(took[len(took) // 2], 1),
        "painted_p95_ms": round(took[int(0.95 * len(took))], 1),
        "painted_most_ms": round(took[-1], 1),
        "painted_to_limit": round(took[int(0.95 * len(took))] / LIMIT_MS, 2),
        "pictures_asked_by_others": asked,
    }


def _open(port: int, token: str) -> list[str]:
    """Open every counter of the centre; their ids, one that takes in land first."""
    desk = KeepAlive(port, token)
    info = json.loads(_ok(desk.get(f"/api/v1/centres/{CENTRE}")))
    counters = sorted(info["counters"], key=lambda one: "dat-dai" not in one["services"])
    for one in counters:
        _ok(desk.post(f"/api/v1/centres/{CENTRE}/counters/{one['id']}/open", b"{}"))
    return [one["id"] for one in counters]


def _issue(port: int, token: str, count: int) -> None:
    desk = KeepAlive(port, token)
    for _ in range(count):
        _ok(desk.post(f"/api/v1/centres/{CENTRE}/tickets", b'{"service":"dat-dai"}', fresh_key()))
    desk.close()


class Desks:
    """The other desks: they follow the centre, ask for their picture, and call numbers."""

    def __init__(self, port: int, token: str, counters: list[str]) -> None:
        self.asked = 0
        self._port, self._token = port, token
        self._watchers = Watchers(port, len(counters), {"token": token}, watch=True)
        self._jobs = [gevent.spawn(self._follow, counter) for counter in counters]
        self._jobs.append(gevent.spawn(self._call, counters))

    def _follow(self, counter: str) -> None:
        connection = KeepAlive(self._port, self._token)
        seen = 0
        while True:
            gevent.sleep(COALESCE_S * random.uniform(0.9, 1.1))
            heard = len(self._watchers.arrived)
            if heard == seen:
                continue
            seen = heard
            path = f"/api/v1/centres/{CENTRE}/counters/{counter}/desk"
            try:
                _ok(connection.get(path))
            except OSError:  # an idle connection was hung up on; a browser dials again too
                connection = KeepAlive(self._port, self._token)
                _ok(connection.get(path))
            self.asked += 1

    def _call(self, counters: list[str]) -> None:
        while True:
            gevent.sleep(OTHERS_CALL_EVERY_S * random.uniform(0.5, 1.5))
            counter = random.choice(counters)
            path = f"/api/v1/centres/{CENTRE}/counters/{counter}/next"
            connection = KeepAlive(self._port, self._token)  # idle ones are hung up on
            _ok(connection.post(path, b"{}", fresh_key()))
            connection.close()

    def close(self) -> None:
        """End every desk."""
        gevent.killall(self._jobs)
        self._watchers.close()


def _ok(answer: tuple[int, bytes]) -> bytes:
    if answer[0] not in (200, 201):
        raise RuntimeError(answer[1].decode())
    return answer[1]


def _press(port: int, counter: str, presses: int) -> None:
    """Sign in, sit down, press Space so many times; print what each took."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        program = next(path for path in map(shutil.which, CHROMIUM) if path)
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.add_init_script(WATCH)
        page.goto(f"http://127.0.0.1:{port}/")
        page.fill("[name=user]", NAME)
        page.fill("[name=password]", PASSWORD)
        page.locator("[name=password]").press("Enter")
        page.locator(f"[data-counter={counter}]").click()
        for done in range(1, presses + 1):
            page.locator("[data-action=next]:not([disabled])").wait_for()
            page.wait_for_timeout(APART_S * 1000)
            page.locator("[data-action=next]:not([disabled])").wait_for()
            page.keyboard.press("Space")
            while page.evaluate("took.length") < done:  # its own policy forbids the page to eval
                page.wait_for_timeout(50)
        print(json.dumps(page.evaluate("took")))
        browser.close()


if __name__ == "__main__":
    _press(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
