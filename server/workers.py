"""`run --workers N`: one parent that listens and supervises, N processes that serve.

The parent opens the socket once and hands it down; a worker that dies is started again,
later and later while it keeps dying. One that falls silent hangs, and is killed. Workers end
with their parent, who alone speaks to the service manager.
"""

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import Any, Final

from server.config import ServerConfig
from server.logs import start_logging
from server.parts import make_data_dir, make_secret_key, prepare_database
from server.registries import FOLDER, forget_present_of, shared_folder
from server.run import address_of, open_listener, say
from wire.notify import Notifier

log = logging.getLogger(__name__)

BACKOFF_S: Final = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0)
STEADY_S: Final = 30.0
STOP_S: Final = 5.0
READY_S: Final = 30.0
SILENT_S: Final = 15.0


class Worker:
    """One serving process, started again whenever it dies."""

    def __init__(self, command: list[str], listener: socket.socket, metrics: str) -> None:
        self._command = command
        self._environ = {**os.environ, FOLDER: metrics}
        self._listener = listener
        self._deaths = 0
        self._started_at = 0.0
        self.ready = threading.Event()
        self._heard_at = 0.0
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start the process."""
        self._started_at, self._heard_at = time.monotonic(), 0.0
        handle = self._listener.fileno()
        self.process = subprocess.Popen(  # noqa: S603  (our own program and words)
            [*self._command, str(handle)],
            pass_fds=[handle],
            env=self._environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        threading.Thread(target=self._read, args=(self.process,), daemon=True).start()

    def _read(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("ready on "):
                self.ready.set()
            self._heard_at = time.monotonic()

    @property
    def hangs(self) -> bool:
        """Whether it was heard of once, and not for long."""
        return 0.0 < self._heard_at < time.monotonic() - SILENT_S

    def revive_at(self) -> float:
        """When a dead process is started again."""
        if time.monotonic() - self._started_at > STEADY_S:
            self._deaths = 0
        wait_s = BACKOFF_S[min(self._deaths, len(BACKOFF_S) - 1)]
        self._deaths += 1
        return time.monotonic() + wait_s


class Supervisor:
    """Keeps `count` workers alive until told to stop."""

    def __init__(
        self, config: ServerConfig, listener: socket.socket, count: int, metrics: str
    ) -> None:
        command = [sys.executable, "-m", "server.worker", config.host, str(config.port)]
        self._address = address_of(listener, config)
        self._metrics = metrics
        self._workers = [Worker(command, listener, metrics) for _ in range(count)]
        self._due: dict[Worker, float] = {}
        self._stop = threading.Event()
        self._notifier = Notifier.from_environment()
        self._sign_at = 0.0

    def run(self) -> None:
        """Start the workers, restart those that die, and stop them all at the end."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)
        try:
            for worker in self._workers:
                worker.start()
            self._announce()
            while not self._stop.wait(0.2):
                self._look()
                self._tell()
        finally:
            self._notifier.stopping()
            self._end()

    def _ask(self, *_signal: Any) -> None:
        self._stop.set()

    def _announce(self) -> None:
        end = time.monotonic() + READY_S
        while not all(worker.ready.is_set() for worker in self._workers):
            if self._stop.wait(0.02) or time.monotonic() > end:
                return
            self._look()
        say(f"ready on {self._address}")
        self._notifier.ready()

    def _tell(self) -> None:
        every_s, now_s = self._notifier.every_s, time.monotonic()
        if every_s is not None and now_s >= self._sign_at:
            self._sign_at = now_s + every_s
            up = sum(
                one.process is not None and one.process.poll() is None for one in self._workers
            )
            self._notifier.alive(f"{up} of {len(self._workers)} workers")

    def _look(self) -> None:
        for worker in self._workers:
            assert worker.process is not None
            if worker.process.poll() is None:
                if worker.hangs:
                    log.error("worker %d fell silent and is killed", worker.process.pid)
                    worker.process.kill()
                continue
            due = self._due.get(worker)
            if due is None:
                status = worker.process.returncode
                log.error("worker %d ended with status %d", worker.process.pid, status)
                forget_present_of(worker.process.pid, self._metrics)
                self._due[worker] = worker.revive_at()
            elif time.monotonic() >= due:
                del self._due[worker]
                worker.start()

    def _end(self) -> None:
        running = [worker.process for worker in self._workers if worker.process is not None]
        for process in running:
            process.terminate()
        end = time.monotonic() + STOP_S
        for process in running:
            try:
                process.wait(timeout=max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def run_workers(config: ServerConfig, count: int) -> None:
    """Serve with `count` processes until SIGTERM or SIGINT.

    Raises:
        FaultyFile, StoreError: one line each that says what to do.
    """
    start_logging(config.log_level)
    make_data_dir(config)
    make_secret_key(config)
    prepare_database(config)
    listener = open_listener(config)
    port = listener.getsockname()[1]
    config = config if config.port else config.on_port(port)
    os.set_inheritable(listener.fileno(), True)
    try:
        with shared_folder() as metrics:
            Supervisor(config, listener, count, metrics).run()
    finally:
        listener.close()
