"""Call-next answered → painted in the hall page, → first sample of the chime; and what it keeps.

The page runs in a real Chromium beside 49 more watchers. All clocks are this machine's: the page
notes Unix milliseconds, and so does the caller.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gevent

from bench.commands import COUNTERS, fresh_key, open_counters
from bench.keepalive import KeepAlive
from bench.page import CHROMIUM
from bench.servers import CENTRE, ROOT, Product
from bench.watchers import Watchers

OTHERS = 49
PAINT_LIMIT_MS, CHIME_LIMIT_MS, GROWTH_LIMIT_MB = 80, 300, 5
CHIMES = 10
APART_S = 0.3
QUIET_S = 30.0  # what still waits to be said runs out
FLAGS = ["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"]

# When each number was on the screen, and when the first sample of its chime left the context.
# A number is there with the first frame after it was drawn: the second callback is past it.
WATCH = """
window.painted = {}; window.chimed = []; window.context = null;
const wall = () => performance.timeOrigin + performance.now();
const look = () => {
  for (const one of document.querySelectorAll("[data-number]")) {
    const number = one.dataset.number;
    if (number in painted) continue;
    painted[number] = 0;
    requestAnimationFrame(() => requestAnimationFrame(() => (painted[number] = wall())));
  }
};
document.addEventListener("DOMContentLoaded", () =>
  new MutationObserver(look).observe(document.body,
    {subtree: true, childList: true, attributes: true, attributeFilter: ["data-number"]}));
window.AudioContext = class extends AudioContext {
  constructor(...given) { super(...given); window.context = this; }
};
window.over = 0;
const start = AudioBufferSourceNode.prototype.start;
AudioBufferSourceNode.prototype.start = function (at) {
  const {currentTime, baseLatency, outputLatency} = this.context;
  const ahead = at - currentTime + (outputLatency || baseLatency);
  if (currentTime > over) chimed.push(wall() + ahead * 1000);
  over = at + this.buffer.duration;
  return start.call(this, at);
};
"""

TIMES = "() => ({painted, chimed, quiet: context !== null && context.currentTime > over})"


def measure(timed: int, calls: int) -> dict[str, Any]:
    """So many timed calls, then so many in all as fast as the server lets one caller."""
    with tempfile.TemporaryDirectory(prefix="layso-bench-") as folder:
        product = Product(Path(folder))
        manager, hall = product.token("manager"), product.token("hall")
        with product.serving():
            open_counters(product, manager)
            watchers = Watchers(product.port, OTHERS, {"token": hall}, watch=True)
            url = f"http://127.0.0.1:{product.port}/hall/{CENTRE}#token={hall}"
            # A browser is driven from a process of its own: the benches run under gevent.
            command = [sys.executable, "-m", "bench.hall_screen", url]
            with subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            ) as page:
                found = _drive(page, lambda: KeepAlive(product.port, manager), timed, calls)
            watchers.close()
    return found


def _drive(page: Any, dial: Callable[[], KeepAlive], timed: int, calls: int) -> dict[str, Any]:
    ready = json.loads(page.stdout.readline())
    answered = {}
    desk = dial()
    for _ in range(timed):
        number, at_ms = _call(desk)
        answered[number] = at_ms
        gevent.sleep(APART_S)
    painted = _ask(page, "times")["painted"]
    gevent.sleep(QUIET_S)
    desk = dial()  # the server hangs up on a desk that was idle for so long
    chimes = [_chime(page, desk) for _ in range(CHIMES)] if ready["sound"] else []
    before = _ask(page, "kept")
    desk = dial()
    for _ in range(calls):
        _call(desk)
    gevent.sleep(QUIET_S)
    after = _ask(page, "kept")
    page.stdin.close()
    paints = sorted(painted[number] - at for number, at in answered.items())
    growth = (after["heap"] - before["heap"]) / 1e6
    return {
        "painted_p50_ms": round(paints[len(paints) // 2], 1),
        "painted_p95_ms": round(paints[int(0.95 * len(paints))], 1),
        "painted_to_limit": round(paints[int(0.95 * len(paints))] / PAINT_LIMIT_MS, 2),
        "chimes": len(chimes),
        "chime_most_ms": round(max(chimes), 1) if chimes else None,
        "chime_limit_ms": CHIME_LIMIT_MS,
        "calls": calls,
        "heap_before_mb": round(before["heap"] / 1e6, 2),
        "heap_growth_mb": round(growth, 2),
        "heap_growth_limit_mb": GROWTH_LIMIT_MB,
        "nodes": [before["nodes"], after["nodes"]],
        "listeners": [before["listeners"], after["listeners"]],
    }


def _chime(page: Any, desk: KeepAlive) -> float:
    """Call into a quiet hall: milliseconds until the chime's first sample."""
    heard = len(_ask(page, "times")["chimed"])
    _, at_ms = _call(desk)
    while True:
        gevent.sleep(1.0)
        now = _ask(page, "times")
        if len(now["chimed"]) > heard and now["quiet"]:
            return float(now["chimed"][heard] - at_ms)


def _ask(page: Any, what: str) -> Any:
    page.stdin.write(what + "\n")
    page.stdin.flush()
    return json.loads(page.stdout.readline())


def _call(desk: KeepAlive) -> tuple[str, float]:
    """Issue a ticket and call it; its number, and when call-next was answered."""
    path = f"/api/v1/centres/{CENTRE}"
    _ok(desk.post(f"{path}/tickets", b'{"service":"dat-dai"}', fresh_key()))
    counter = COUNTERS[0]
    answer = desk.post(f"{path}/counters/{counter}/next", b"{}", fresh_key())
    at_ms = time.time() * 1000
    return json.loads(_ok(answer))["ticket"]["number"], at_ms


def _ok(answer: tuple[int, bytes]) -> bytes:
    if answer[0] not in (200, 201):
        raise RuntimeError(answer[1].decode())
    return answer[1]


def _serve(url: str) -> None:
    """Open the page, say that it is ready, and answer what is asked on standard input."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        program = next(path for path in map(shutil.which, CHROMIUM) if path)
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        page.add_init_script(WATCH)
        with page.expect_response(lambda answer: "/voice/" in answer.url) as voice:
            page.goto(url)
        page.locator(".h-tick").wait_for()
        page.wait_for_timeout(3000)
        _say({"sound": voice.value.ok})
        cdp = page.context.new_cdp_session(page)
        cdp.send("Performance.enable")
        for asked in _lines(page):
            if asked == "times":
                _say(page.evaluate(TIMES))
            else:
                _say(_kept(cdp))
        browser.close()


def _lines(page: Any) -> Any:
    """What is asked; the browser's own messages are read between."""
    asked: list[str] = []
    ended = threading.Event()

    def read() -> None:
        for line in sys.stdin:
            asked.append(line.strip())
        ended.set()

    threading.Thread(target=read, daemon=True).start()
    while asked or not ended.is_set():
        if asked:
            yield asked.pop(0)
        page.wait_for_timeout(50)


def _kept(cdp: Any) -> dict[str, float]:
    for _ in range(3):
        cdp.send("HeapProfiler.collectGarbage")
    found = {one["name"]: one["value"] for one in cdp.send("Performance.getMetrics")["metrics"]}
    return {
        "heap": found["JSHeapUsedSize"],
        "nodes": found["Nodes"],
        "listeners": found["JSEventListeners"],
    }


def _say(what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _serve(sys.argv[1])
