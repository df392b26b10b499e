"""How soon the touch page can be used, in Chromium slowed down to a small computer's pace."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from bench.press import lobby

LIMIT_MS = 1000
SLOWER = 6
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")

WHEN_USABLE = """
() => {
  const usable = () => document.querySelector("[data-service]") !== null;
  return new Promise((resolve) => {
    const look = () => (usable() ? resolve(performance.now()) : requestAnimationFrame(look));
    look();
  });
}
"""


def measure(loads: int) -> dict[str, Any]:
    """Open the page of a running kiosk a few times; a fresh browser profile each time."""
    with (
        tempfile.TemporaryDirectory(prefix="layso-bench-") as folder,
        lobby(Path(folder)) as (_, kiosk, _services),
    ):
        # A browser is driven from a process of its own: the benches run under gevent.
        command = [sys.executable, "-m", "bench.page", kiosk.url, str(loads)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    times = sorted(json.loads(done.stdout))
    return {
        "cpu_slower": SLOWER,
        "interactive_ms": round(median(times)),
        "interactive_ms_each": [round(taken) for taken in times],
        "to_limit": round(median(times) / LIMIT_MS, 2),
    }


def _load(url: str, loads: int) -> list[float]:
    from playwright.sync_api import sync_playwright

    times = []
    with sync_playwright() as playwright:
        program = next(path for path in map(shutil.which, CHROMIUM) if path)
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        for _ in range(loads):
            context = browser.new_context(viewport={"width": 1080, "height": 1920})
            page = context.new_page()
            page.context.new_cdp_session(page).send(
                "Emulation.setCPUThrottlingRate", {"rate": SLOWER}
            )
            page.goto(url, wait_until="commit")
            times.append(float(page.evaluate(WHEN_USABLE)))
            context.close()
        browser.close()
    return times


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_load(sys.argv[1], int(sys.argv[2]))))
