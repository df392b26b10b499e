"""Devices, calls for help and notices where several processes serve one centre on PostgreSQL."""

import time
import urllib.request
from typing import Any

import pytest

from tests.realtime.conftest import Client, eventually

CENTRE = "/centres/phu-an"


def _shown(client: Client, event: str, what: str) -> Any:
    told = client.named(event)
    return told[-1][what] if told else None


@pytest.mark.postgres
def test_two_hosts_on_one_database_know_the_same_lobby(make_house: Any, postgres_url: str) -> None:
    house = make_house(LAYSO_DATABASE_URL=postgres_url)
    house.done("init")
    house.import_centre()
    tokens = {
        role: house.done("token", "create", "--role", role, "--centre", "phu-an")
        for role in ("kiosk", "greeter", "manager")
    }
    here, there = house.serve(), house.serve()
    kiosk, greeter = here.api(tokens["kiosk"]), there.api(tokens["greeter"])
    page = Client(there.url, {"token": tokens["greeter"]})
    page.watch("phu-an")
    eventually(lambda: _shown(page, "help", "calls") == [])

    def state() -> Any:
        devices = _shown(page, "devices", "devices")
        return devices and (devices[0]["state"], devices[0]["trouble"])

    out = {"version": "1", "printer": {"state": "error", "paper": "out"}}
    assert kiosk.post("/heartbeat", out)[0] == 200
    eventually(lambda: state() == ("error", ["paper_out"]), within_s=2.0)
    with urllib.request.urlopen(f"{there.url}/metrics", timeout=5) as answer:
        assert b'layso_devices{centre="phu-an",role="kiosk",state="error"} 1.0' in answer.read()

    status, call = kiosk.post(f"{CENTRE}/help", {})
    assert status == 200
    eventually(lambda: bool(_shown(page, "help", "calls")), within_s=2.0)
    assert greeter.post(f"{CENTRE}/help/{call['id']}/coming", {})[1]["state"] == "coming"
    assert kiosk.get(f"{CENTRE}/help")[1]["calls"][0]["state"] == "coming"

    manager = here.api(tokens["manager"])
    assert manager.post(f"{CENTRE}/notices", {"text": {"vi": "Nghỉ"}, "audience": "all"})[0] == 200
    eventually(lambda: bool(_shown(page, "notices", "notices")), within_s=2.0)

    begun = time.monotonic()
    eventually(lambda: state() == ("silent", ["silent"]), within_s=10.5)
    assert time.monotonic() - begun > 5
    for part in (kiosk, greeter, manager, page):
        part.close()
