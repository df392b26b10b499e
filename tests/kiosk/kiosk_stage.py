"""A kiosk agent in this process or in one of its own, with a server that can misbehave."""

import http.client
import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from kiosk import config as kiosk_config
from kiosk.app import KioskAgent
from tests.fakes.queue_server import TOKEN, QueueServer
from tests.fakes.relay import Relay

PRINTER = '[printer]\ndriver = "virtual"\n'


def write_config(
    folder: Path,
    server: QueueServer | Relay,
    *,
    printer: str = PRINTER,
    port: int = 0,
    extra: str = "",
) -> Path:
    (folder / "kiosk.token").write_text(TOKEN + "\n")
    path = folder / "kiosk.toml"
    path.write_text(
        f'server = "{server.url}"\ntoken_file = "kiosk.token"\ncentre = "binh-duong"\n'
        f'data_dir = "data"\nlisten = "127.0.0.1:{port}"\n{printer}{extra}',
        encoding="utf-8",
    )
    return path


class Called(Exception):
    """An answer that is not 2xx."""

    def __init__(self, status: int, body: dict[str, Any], headers: Any) -> None:
        super().__init__(f"{status} {body}")
        self.status, self.body, self.headers = status, body, headers


def call(url: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
    """GET, or POST when there is a body; JSON in and out."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        url, data, {"Content-Type": "application/json", **(headers or {})}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            raise Called(error.code, json.loads(error.read() or b"{}"), error.headers) from None


def until(what: Callable[[], Any], timeout_s: float = 8.0) -> Any:
    """The first true answer of `what`."""
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"not within {timeout_s:g} s")


class Kiosk:
    """An agent in this process."""

    def __init__(self, config: Path) -> None:
        self.agent = KioskAgent(kiosk_config.load(config))
        self.agent.start()
        self.url = self.agent.web.address.rstrip("/")
        self.slips = config.parent / "data" / "printer"

    def press(self, service: str = "ho-tich", **more: str) -> Any:
        return call(f"{self.url}/api/press", {"service": service, **more})

    def offer(self, service: str = "ho-tich", **more: str) -> Any:
        return call(f"{self.url}/api/offer?{urlencode({'service': service, **more})}")

    def redirect(self, service: str = "ho-tich", to: str = "thuan-an", **more: str) -> Any:
        return call(f"{self.url}/api/redirect", {"service": service, "to": to, **more})

    def scan(self, text: str) -> Any:
        return call(f"{self.url}/api/scan", {"text": text})

    def happenings(self, after: int | None = None, page: str = "test") -> Any:
        asked = {"page": page} | ({} if after is None else {"after": after})
        return call(f"{self.url}/api/happenings?{urlencode(asked)}")

    def key(self, line: str) -> None:
        """Press, hold or release a virtual key."""
        with (self.slips.parent / "buttons" / "keys").open("a") as file:
            file.write(line + "\n")

    def light(self, number: int) -> str:
        """How the lamp of a virtual key is."""
        file = self.slips.parent / "buttons" / f"{number}.light"
        return file.read_text().strip() if file.exists() else ""

    def state(self) -> Any:
        return call(f"{self.url}/api/state")

    def view(self) -> Any:
        return call(f"{self.url}/api/view")

    def met(self) -> "Kiosk":
        """Once it has met its server."""
        until(lambda: self.view()["ready"] and not self.view()["offline"])
        until(lambda: self.view()["board"])
        return self

    def pretend(self, condition: str) -> None:
        self.slips.mkdir(parents=True, exist_ok=True)
        (self.slips / "condition").write_text(condition)

    def papers(self) -> int:
        return len(list(self.slips.glob("*.bin")))

    def stop(self) -> None:
        self.agent.stop()


class KioskProcess:
    """An agent in a process of its own, to be killed."""

    def __init__(self, config: Path, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.slips = config.parent / "data" / "printer"
        with (config.parent / "kiosk.log").open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "kiosk.cli", "run", "--config", str(config)], stderr=log
            )
        until(self._answers, 15)

    def _answers(self) -> bool:
        assert self.process.poll() is None, "the agent ended by itself"
        try:
            return bool(call(f"{self.url}/api/state"))
        except (OSError, urllib.error.URLError):
            return False

    def press(self, service: str = "ho-tich") -> Any:
        return call(f"{self.url}/api/press", {"service": service})

    def rss_mb(self) -> float:
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise AssertionError("no VmRSS")

    def press_until_killed(self, seen: list[str]) -> None:
        """Press as fast as answers come; every number that was shown goes to `seen`."""
        while True:
            try:
                seen.append(self.press()["ticket"]["number"])
            except (OSError, http.client.HTTPException, Called):
                return

    def kill(self) -> None:
        """As a power cut does; safe to repeat."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(timeout=15)
