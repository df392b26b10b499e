"""Saying how a device is: in time, at once when it matters, and never late."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from edge.client import ServerClient
from edge.heartbeat import Heartbeat, plain, processor_c
from tests.fakes.queue_server import TOKEN, QueueServer
from tests.fakes.relay import Relay
from wire.devices import Heartbeat as Message


def eventually(truth: Callable[[], Any], within_s: float) -> None:
    began = time.monotonic()
    while not truth():
        assert time.monotonic() - began < within_s, "did not come true in time"
        time.sleep(0.02)


class Device:
    """An agent whose printer a test can change."""

    def __init__(self, url: str) -> None:
        self.printer = "ok"
        self.facts = {"outbox": 0, "link": None}
        self.client = ServerClient(url, TOKEN)
        self.heart = Heartbeat(self.client, lambda: self.facts, lambda: self.printer)
        self.heart.start()

    def stop(self) -> None:
        self.heart.stop()
        self.client.close()


@pytest.fixture
def server() -> Iterator[QueueServer]:
    made = QueueServer().start()
    yield made
    made.stop()


@pytest.fixture
def device(server: QueueServer) -> Iterator[Device]:
    made = Device(server.url)
    yield made
    made.stop()


def test_it_beats_every_four_seconds_and_at_once_when_it_matters(
    server: QueueServer, device: Device
) -> None:
    eventually(lambda: len(server.beats) == 1, 1.0)
    time.sleep(2.0)
    assert len(server.beats) == 1
    device.printer = "out of paper"
    eventually(lambda: len(server.beats) == 2, 1.0)
    device.facts = {"outbox": 5, "link": None}
    eventually(lambda: len(server.beats) == 3, 5.0)
    first, _, third = server.beats
    assert (first["outbox"], third["outbox"]) == (0, 5)
    assert "link" not in first
    assert third["uptime_s"] >= 6
    assert abs(third["clock_offset_s"]) < 1
    for beat in server.beats:
        assert msgspec.convert(beat, Message).version == first["version"]


def test_what_is_not_delivered_is_dropped(server: QueueServer) -> None:
    road = Relay(server.port)
    device = Device(road.url)
    try:
        eventually(lambda: len(server.beats) == 1, 1.0)
        road.set("hole")
        device.printer = "out of paper"
        time.sleep(1.0)
        device.facts = {"outbox": 1, "link": None}
        time.sleep(5.0)
        assert len(server.beats) == 1
        road.set("pass")
        eventually(lambda: len(server.beats) == 2, 6.5)
        time.sleep(1.0)
        assert [beat["outbox"] for beat in server.beats] == [0, 1]
    finally:
        device.stop()
        road.close()


def test_the_clock_of_the_machine_is_compared_with_the_servers(
    server: QueueServer, device: Device
) -> None:
    eventually(lambda: len(server.beats) == 1, 1.0)
    device.printer = "other"
    eventually(lambda: len(server.beats) == 2, 1.5)
    assert "clock_offset_s" not in server.beats[0]
    assert -1 < server.beats[1]["clock_offset_s"] < 1


def test_the_processors_temperature_is_read_where_there_is_one(tmp_path: Path) -> None:
    assert processor_c(tmp_path) is None
    zones = {"iwlwifi_1": "61000", "cpu-thermal": "48312", "x86_pkg_temp": "nonsense"}
    for index, (kind, text) in enumerate(zones.items()):
        zone = tmp_path / f"thermal_zone{index}"
        zone.mkdir()
        (zone / "type").write_text(kind + "\n")
        (zone / "temp").write_text(text + "\n")
    (tmp_path / "thermal_zone9").mkdir()
    assert processor_c(tmp_path) == 48.3
    (tmp_path / "thermal_zone1" / "temp").write_text("-274000")
    assert processor_c(tmp_path) is None


def test_a_detail_is_one_line_that_the_wire_takes() -> None:
    assert plain("giấy\x00\x1f hết\nrồi") == "giấy  hết rồi"
    assert len(plain("x" * 500)) == 200


def test_a_fact_that_cannot_be_said_ends_nothing(server: QueueServer) -> None:
    broken = [True]

    def urgent() -> str:
        if broken[0]:
            raise KeyError("a part that has a bug")
        return "well"

    client = ServerClient(server.url, TOKEN)
    heart = Heartbeat(client, dict, urgent)
    heart.start()
    try:
        eventually(lambda: len(server.beats) == 1, 5.0)
        broken[0] = False
        eventually(lambda: len(server.beats) == 2, 3.0)
    finally:
        heart.stop()
        client.close()
