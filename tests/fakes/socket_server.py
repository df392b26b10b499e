"""Starts, restarts and drives `socket_program.py` in a process of its own."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

PROGRAM = Path(__file__).with_name("socket_program.py")
TOKEN = "device-token"
CENTRE = "binh-duong"


class LiveServer:
    """A real Flask-SocketIO server on loopback; everything it says can be ordered."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, token: str = TOKEN, centre: str = CENTRE, seq: int = 0) -> "LiveServer":
        self._process = subprocess.Popen(
            [sys.executable, str(PROGRAM), str(self.port), token, centre, str(seq)],
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        until = time.monotonic() + 15
        while time.monotonic() < until:
            try:
                self.control()
            except OSError:
                time.sleep(0.02)
            else:
                return self
        raise AssertionError("the fake server did not start")

    def kill(self) -> None:
        """As a power cut would: no closing words."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=10)
            self._process = None

    def control(self, **order: Any) -> dict[str, Any]:
        question = urllib.request.Request(
            f"{self.url}/control",
            json.dumps(order).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(question, timeout=5) as answer:
            return dict(json.load(answer))

    def write(self, *events: tuple[Any, ...], push: Sequence[int] | None = None) -> int:
        """Write events `(kind, counter, number, counter_state)`; returns the last seq."""
        names = ("kind", "counter", "number", "counter_state")
        order: dict[str, Any] = {"write": [dict(zip(names, e, strict=True)) for e in events]}
        if push is not None:
            order["push"] = list(push)
        return int(self.control(**order)["seq"])

    def call(self, counter: str, number: str) -> int:
        return self.write(("called", counter, number, "open"))
