"""The demo's child processes: started in order, watched, ended in reverse, none left behind."""

import ctypes
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
STOP_S = 8.0
_libc = ctypes.CDLL(None)


class DemoFailed(Exception):
    """The demo cannot go on; the message is one line that says what to do."""


class Processes:
    """Children by name. Each has a session of its own, so that Ctrl-C reaches the demo alone,
    and is told to end by the kernel should the demo itself be killed.

    `start` is called from the main thread only: the kernel's promise is bound to the thread.
    """

    def __init__(self, log_dir: Path) -> None:
        self._log_dir = log_dir
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def pids(self) -> dict[str, int]:
        """The process id of every child, in the order of their start."""
        return {name: process.pid for name, process in self._running.items()}

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start one child; what it says goes to its log file."""
        self._log_dir.mkdir(parents=True, exist_ok=True)
        with self._log(name).open("wb") as log:
            self._running[name] = subprocess.Popen(
                command,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with(os.getpid()),
            )

    def wait_until(self, name: str, ready: Callable[[], bool], timeout_s: float) -> None:
        """Return once `ready` says so; no child may end meanwhile.

        Raises:
            DemoFailed: a child ended, or `name` is not ready in time.
        """
        until = time.monotonic() + timeout_s
        while not ready():
            self.check()
            if time.monotonic() > until:
                raise DemoFailed(f"{name} is not ready after {timeout_s:g} s; {self._see(name)}")
            time.sleep(0.05)

    def check(self) -> None:
        """Raise `DemoFailed` when a child has ended by itself."""
        for name, process in self._running.items():
            status = process.poll()
            if status is not None:
                raise DemoFailed(f"{name} ended by itself (status {status}); {self._see(name)}")

    def stop(self) -> None:
        """End every child, the last started first, the first started (the server) last of all."""
        names = list(reversed(self._running))
        for group in (names[:-1], names[-1:]):
            for name in group:
                if self._running[name].poll() is None:
                    self._running[name].terminate()
            until = time.monotonic() + STOP_S
            for name in group:
                self._bury(self._running.pop(name), until)

    def _bury(self, process: subprocess.Popen[bytes], until: float) -> None:
        try:
            process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _log(self, name: str) -> Path:
        return self._log_dir / f"{name}.log"

    def _see(self, name: str) -> str:
        lines = self._log(name).read_text(encoding="utf-8", errors="replace").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")
        return f"{last[:200]} (see {self._log(name)})"


def _end_with(parent: int) -> Callable[[], None]:
    """What a child does first: ask to be told to end when its parent does."""

    def ask() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return ask


def refuse_taken_ports(ports: Sequence[int]) -> None:
    """Raise `DemoFailed` when another program listens on one of these ports."""
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise DemoFailed(
                    f"port {port} cannot be used ({error.strerror}); end what listens there, "
                    "or choose another with LAYSO_PORT=9000 script/demo"
                ) from error
