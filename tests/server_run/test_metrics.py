"""What a server that has worked a little tells Prometheus, alone and with several workers."""

import os
import signal
import sqlite3
import time
import urllib.request
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from server.measured_store import MeasuredStore
from server.service.ports import StoreError
from server.storage import open_store
from server.verified import Verified, last_verified, note_verified
from tests.realtime.conftest import Client, eventually
from tests.server_run.conftest import House, Running
from tests.server_run.test_workers import _children, _furnish

Labels = frozenset[tuple[str, str]]


def scrape(server: Running) -> dict[tuple[str, Labels], float]:
    """Every sample by name and labels."""
    with urllib.request.urlopen(f"{server.url}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def value(found: dict[tuple[str, Labels], float], name: str, **labels: str) -> float | None:
    """One sample, None where it is not there."""
    return found.get((name, frozenset(labels.items())))


def test_a_lobby_is_told_as_it_is(house: House, tmp_path: Path) -> None:
    house.settings["LAYSO_BACKUP_DIR"] = str(tmp_path)
    server = house.serve()
    house.import_centre()
    tokens = {
        role: house.done("token", "create", "--role", role, "--centre", "phu-an")
        for role in ("manager", "kiosk")
    }
    manager, kiosk = server.api(tokens["manager"]), server.api(tokens["kiosk"])
    before = scrape(server)
    assert value(before, "layso_backup_made_seconds") == 0
    assert value(before, "layso_verified_seconds") == 0
    assert value(before, "layso_verify_faults") is None

    manager.post("/centres/phu-an/counters/q1/open", {})
    for _ in range(3):
        assert manager.post("/centres/phu-an/tickets", {"service": "ho-tich"})[0] == 201
    manager.post("/centres/phu-an/counters/q1/next", {})
    report = {"printer": {"state": "unknown"}, "outbox": 4, "refused": 3, "clock_offset_s": -400}
    kiosk.post("/heartbeat", {"version": "1", **report})
    (tmp_path / "layso-20261129T051500Z.db").write_bytes(b"a copy")
    note_verified(house.folder / "data", Verified(at=1_795_930_000.0, faults=2))

    found = scrape(server)
    place = {"centre": "phu-an"}
    assert value(found, "layso_ready") == 1
    assert value(found, "layso_centre_open", **place) == 1
    assert value(found, "layso_waiting", **place, service="ho-tich") == 2
    assert value(found, "layso_waiting", **place, service="chung-thuc") == 0
    assert value(found, "layso_service_counters", **place, service="ho-tich") == 1
    assert value(found, "layso_wait_target_seconds", **place, service="ho-tich") == 900
    assert (value(found, "layso_wait_likely_seconds", **place, service="ho-tich") or 0) > 60
    assert value(found, "layso_counters", **place, state="open") == 1
    assert value(found, "layso_counters", **place, state="closed") == 1
    assert value(found, "layso_wait_told_seconds_count", **place) == 3
    assert value(found, "layso_wait_seconds_count", **place) == 1
    kiosks = {**place, "role": "kiosk"}
    assert value(found, "layso_devices", **kiosks, state="error") == 1
    assert value(found, "layso_device_troubles", **kiosks, trouble="clock") == 1
    assert value(found, "layso_device_troubles", **kiosks, trouble="outbox") == 1
    assert value(found, "layso_printers", **place, state="unknown") == 1
    assert value(found, "layso_device_outbox", **kiosks) == 4
    assert value(found, "layso_device_refused", **kiosks) == 3
    assert value(found, "layso_device_clock_off_seconds", **kiosks) == 400
    assert (value(found, "layso_database_seconds_count", kind="write") or 0) >= 5
    assert value(found, "layso_database_failures_total") == 0
    assert abs((value(found, "layso_clock_seconds") or 0) - time.time()) < 60
    made = datetime(2026, 11, 29, 5, 15, tzinfo=UTC)
    assert value(found, "layso_backup_made_seconds") == made.timestamp()
    assert value(found, "layso_verified_seconds") == 1_795_930_000
    assert value(found, "layso_verify_faults") == 2
    for where in ("data", "backups"):
        free, size = (
            value(found, f"layso_disk_{what}", place=where) for what in ("free_bytes", "bytes")
        )
        assert 0 < (free or 0) <= (size or 0)
    for part in (manager, kiosk):
        part.close()


def test_faults_of_the_log_are_kept_to_be_told(house: House) -> None:
    house.done("init")
    house.import_centre()
    data = house.folder / "data"
    (data / "verified.json").write_text("half")
    assert last_verified(data) is None
    with closing(sqlite3.connect(data / "layso.sqlite3")) as file, file:
        file.execute("UPDATE event SET at_ms = at_ms + 1")
    assert "does not fit the chain" in house.refused("verify")
    found = last_verified(data)
    assert found is not None
    assert found.faults >= 1


@pytest.mark.full
@pytest.mark.postgres
def test_whichever_worker_answers_tells_of_all(make_house: Any, postgres_url: str) -> None:
    house = make_house(LAYSO_DATABASE_URL=postgres_url)
    server, token = _furnish(house)
    apis = [server.api(token) for _ in range(6)]
    clients = [Client(server.url, {"token": token}) for _ in range(6)]
    for api in apis:
        for _ in range(2):
            assert api.post("/centres/phu-an/tickets", {"service": "ho-tich"})[0] == 201

    def told(name: str, **labels: str) -> set[float | None]:
        return {value(scrape(server), name, **labels) for _ in range(6)}

    assert told("layso_tickets_issued_total") == {12}
    assert told("layso_wait_told_seconds_count", centre="phu-an") <= {12, None}
    assert told("layso_waiting", centre="phu-an", service="ho-tich") == {12}
    eventually(lambda: told("layso_sockets") == {6}, within_s=5)
    first = _children(server.process.pid)[0]
    os.kill(first, signal.SIGKILL)
    eventually(lambda: first not in _children(server.process.pid), within_s=10)
    eventually(lambda: sum(client.gone.is_set() for client in clients) > 0, within_s=10)
    left = sum(not client.gone.is_set() for client in clients)
    eventually(lambda: told("layso_sockets") == {left}, within_s=10)
    assert told("layso_tickets_issued_total") == {12}
    for part in [*apis, *clients]:
        part.close()
    assert server.stop() == 0


def test_a_database_that_fails_is_counted(tmp_path: Path, sqlite_template: Path) -> None:
    registry = CollectorRegistry()
    (tmp_path / "m.db").write_bytes(sqlite_template.read_bytes())
    store = MeasuredStore(open_store(f"sqlite:///{tmp_path / 'm.db'}"), registry)
    store.read(lambda tx: tx.centres())
    with pytest.raises(StoreError):
        store.run("", lambda tx: tx.execute("INSERT INTO nowhere VALUES (1)"))
    store.close()
    count = registry.get_sample_value
    assert count("layso_database_failures_total") == 1
    assert count("layso_database_seconds_count", {"kind": "read"}) == 1
    assert count("layso_database_seconds_count", {"kind": "write"}) == 1
