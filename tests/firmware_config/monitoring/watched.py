"""A real lobby that a real Prometheus watches with the files as they are shipped."""

import json
import socket
import sqlite3
import ssl
import threading
import time
import urllib.parse
import urllib.request
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from server.verified import Verified, note_verified
from tests.firmware_config.debian_root import DebianRoot
from tests.firmware_config.monitoring.conftest import PLACE, with_elsewhere
from tests.realtime.conftest import eventually
from tests.server_run.conftest import House

CENTRE: Final = "/centres/phu-an"
TLS: Final = "/etc/layso/tls"
TOKEN: Final = "ls_" + "x" * 43


class Elsewhere:
    """A server elsewhere, as its proxy shows it: TLS, an authority of its own, and a token."""

    def __init__(self, debian: DebianRoot) -> None:
        debian.run("mkdir", "-p", TLS)
        debian.run(
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-noenc", "-days", "90", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", f"{TLS}/server.key", "-out", f"{TLS}/server.crt"),
        )
        debian.run("cp", f"{TLS}/server.crt", f"{PLACE}/lai-thieu.crt")
        debian.write(f"{PLACE}/lai-thieu.token", f"{TOKEN}\n", mode=0o600)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        place = debian.path / TLS.lstrip("/")
        self._context.load_cert_chain(place / "server.crt", place / "server.key")
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                plain, _ = self._listener.accept()
                with suppress(OSError), plain:
                    self._answer(self._context.wrap_socket(plain, server_side=True))

    @staticmethod
    def _answer(wire: ssl.SSLSocket) -> None:
        with wire:
            asked = wire.recv(4096).decode()
            right = f"authorization: bearer {TOKEN}\r\n".lower() in asked.lower()
            body = "layso_ready 1\n" if right else ""
            wire.sendall(
                f"HTTP/1.1 {200 if right else 401} -\r\nContent-Type: text/plain\r\n"
                f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode()
            )

    def close(self) -> None:
        """Answer nobody any more."""
        self._listener.close()


class Lobby:
    """A server with people, a kiosk with troubles, a finished day, a copy and a verified log."""

    def __init__(self, folder: Path, public_url: str) -> None:
        copies = folder / "copies"
        copies.mkdir()
        name = datetime.now(UTC).strftime("layso-%Y%m%dT%H%M%SZ.db")
        (copies / name).write_bytes(b"a copy")
        house = House(folder, {"LAYSO_BACKUP_DIR": str(copies), "LAYSO_PUBLIC_URL": public_url})
        self.server = house.serve()
        house.import_centre()
        data = house.folder / "data"
        note_verified(data, Verified(at=time.time(), faults=0))
        with closing(sqlite3.connect(data / "layso.sqlite3")) as file, file:
            row = ("phu-an", "2026-11-27", 40, 120, 90, 0.93)
            file.execute("INSERT INTO day_accuracy VALUES (?, ?, ?, ?, ?, ?)", row)
        self._manager, self._kiosk = (
            self.server.api(house.done("token", "create", "--role", role, "--centre", "phu-an"))
            for role in ("manager", "kiosk")
        )
        self._work()
        self._ended = threading.Event()
        self._beating = threading.Thread(target=self._beat)
        self._beating.start()

    def _work(self) -> None:
        self._manager.post(f"{CENTRE}/counters/q1/open", {})
        for service in ("ho-tich", "ho-tich", "chung-thuc"):
            assert self._manager.post(f"{CENTRE}/tickets", {"service": service})[0] == 201
        assert self._manager.post(f"{CENTRE}/counters/q1/next", {})[0] == 200

    def _beat(self) -> None:
        report = {"printer": {"state": "ok"}, "outbox": 2, "refused": 1, "clock_offset_s": 3}
        while True:
            self._kiosk.post("/heartbeat", {"version": "1", **report})
            if self._ended.wait(2.0):
                return

    def stop(self) -> None:
        """End it."""
        self._ended.set()
        self._beating.join()
        for api in (self._manager, self._kiosk):
            api.close()
        self.server.stop()


class Watcher:
    """Prometheus with the shipped files; only times are shorter, and ports those of the test."""

    def __init__(self, box: DebianRoot, server: int, elsewhere: int, port: int) -> None:
        text = with_elsewhere(box.read(f"{PLACE}/prometheus.yml"))
        for shipped, here in (
            ("interval: 15s", "interval: 500ms"),
            ("timeout: 10s", "timeout: 500ms"),
            ("127.0.0.1:8000", f"127.0.0.1:{server}"),
            ("lai-thieu.example.gov.vn:443", f"127.0.0.1:{elsewhere}"),
        ):
            assert shipped in text
            text = text.replace(shipped, here)
        box.write(f"{PLACE}/quick.yml", text)
        self._url = f"http://127.0.0.1:{port}/api/v1"
        with (box.path / "run/prometheus.log").open("wb") as said:
            self._process = box.popen(
                *("prometheus", f"--config.file={PLACE}/quick.yml"),
                *("--storage.tsdb.path=/run/prometheus", f"--web.listen-address=127.0.0.1:{port}"),
                stderr=said,
            )
        eventually(self._has_looked_twice, within_s=15)

    def _has_looked_twice(self) -> bool:
        with suppress(OSError):
            found = self.ask("count_over_time(layso_ready[1m])")
            return bool(found) and float(found[0]["value"][1]) >= 3
        return False

    def get(self, path: str, **words: str) -> Any:
        """The data of one answer."""
        query = urllib.parse.urlencode({name.replace("_", "[]"): text
                                        for name, text in words.items()})  # fmt: skip
        with urllib.request.urlopen(f"{self._url}/{path}?{query}", timeout=10) as answer:
            return json.loads(answer.read())["data"]

    def ask(self, question: str) -> list[dict[str, Any]]:
        """The samples that a question in PromQL finds now."""
        found: list[dict[str, Any]] = self.get("query", query=question)["result"]
        return found

    def labels(self) -> dict[str, set[str]]:
        """The labels of every metric that was scraped."""
        found: dict[str, set[str]] = {}
        for series in self.get("series", match_='{__name__=~"layso_.+|up|ALERTS"}'):
            found.setdefault(series.pop("__name__"), set()).update(series)
        return found

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(timeout=10)
