"""Keeps the browser open on its page: starts it, starts it again, ends it with everything in it."""

import logging
import os
import shutil
import signal
import subprocess
import threading
from pathlib import Path
from typing import Final

from display.errors import DisplayError
from display.screen.config import ScreenConfig
from display.screen.start_page import start_page
from display.screen.turn import turned
from edge.enrol import write_secret
from edge.pulse import PULSE

log = logging.getLogger(__name__)

LOOK_S: Final = 0.5
PAUSE_S: Final = 1.0
END_S: Final = 2.0

OPTIONS: Final = (
    "--kiosk",
    "--ozone-platform=wayland",
    "--no-first-run",
    "--no-default-browser-check",
    "--noerrdialogs",
    "--hide-crash-restore-bubble",
    "--disable-component-update",
    "--disable-pinch",
    "--overscroll-history-navigation=0",
    "--autoplay-policy=no-user-gesture-required",
    "--password-store=basic",
    "--disable-features=Translate,MediaRouter",
)
"""What it leaves alone where nobody sits at it; what it may open stands in its policy."""


class ProgramMissing(DisplayError):
    """The compositor or the browser is not installed."""


class Screen:
    """One browser on one page.

    Args:
        config: What `display.screen.config.load` read.
        folder: A folder in memory that only this account may read; what is in it goes at the end.

    Raises:
        ProgramMissing: a program of the command is not there; what to install.
    """

    def __init__(self, config: ScreenConfig, folder: Path) -> None:
        for program in (config.compositor[0], config.browser):
            if shutil.which(program) is None:
                raise ProgramMissing(
                    f"'{program}' is not installed: apt-get install cage chromium, or name another "
                    "one with 'compositor' and 'browser' in screen.toml"
                )
        self._config = config
        self._folder = folder
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name="browser", daemon=True)
        self.starts = 0

    def start(self) -> None:
        """Show the page. Returns once the browser was started."""
        self._begin()
        self._thread.start()

    def status(self) -> str:
        """What is shown, and how often the browser had to be started."""
        return f"{self._config.page}, browser started {self.starts} times"

    def stop(self) -> None:
        """End the browser and all that belongs to it. Safe to repeat."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2 * LOOK_S + PAUSE_S)
        self._end()

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_S):
            PULSE.beat()
            if self._process is None or self._process.poll() is None:
                continue
            log.error("the browser ended with status %d", self._process.returncode)
            self._end()
            if not self._stopping.wait(PAUSE_S):
                self._begin()

    def _begin(self) -> None:
        profile = self._folder / "profile"
        shutil.rmtree(profile, ignore_errors=True)
        profile.mkdir(mode=0o700, parents=True)
        page = self._folder / "start.html"
        write_secret(page, start_page(self._config))
        config = self._config
        compositor = turned(config.rotate) if config.rotate else config.compositor
        words = [*compositor, config.browser, *OPTIONS, f"--user-data-dir={profile}"]
        self._process = subprocess.Popen(  # noqa: S603  (programs of the box's own configuration)
            [*words, *config.browser_options, page.as_uri()],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.starts += 1

    def _end(self) -> None:
        """The compositor and every process of the browser go; what ignores the word is killed."""
        process = self._process
        if process is None:
            return
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(process.pid, number)
                process.wait(timeout=END_S)
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue
        process.wait()
        self._process = None
