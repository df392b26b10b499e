"""How devices are: states and troubles, who writes which row, and what a restart knows."""

import os
from dataclasses import replace
from typing import Any

import pytest

from server.service.access import Access
from server.service.book import Book
from server.service.device_health import state_of, troubles
from server.service.heartbeats import Heartbeats
from server.service.ports import Caller, Operation, Reply, Store
from server.storage import access_rows
from tests.fakes.held_clock import HeldClock
from tests.fakes.small_centre import CENTRE, SmallCentre
from wire.devices import SILENT_AFTER_S, Device, Heartbeat, PanelReport, PrinterReport
from wire.errors import Refusal


class Lobby:
    """A centre with one kiosk, and processes that take its heartbeats in."""

    def __init__(self, store: Store) -> None:
        self.store, self.clock = store, HeldClock()
        SmallCentre(store, self.clock)
        self.access = Access(store, access_rows, self.clock, os.urandom, secret_key=b"k" * 32)
        self.token = self.access.create_token("kiosk", CENTRE, name="Cửa chính")
        caller = self.access.device(self.token)
        assert caller is not None
        self.kiosk: Caller = caller

    def process(self, *, shared: bool = False) -> Heartbeats:
        return Heartbeats(self.store, self.clock, Book(), shared=shared)

    def written_ms(self) -> int:
        rows = self.store.read(lambda tx: tx.all("SELECT seen_ms FROM heartbeat"))
        return int(rows[0][0])

    def age_of_row_s(self) -> float:
        return self.clock.now().timestamp() - self.written_ms() / 1000


@pytest.fixture
def lobby(store: Store) -> Lobby:
    return Lobby(store)


def beat(**fields: Any) -> Heartbeat:
    return Heartbeat(version="1.0", **fields)


def only(process: Heartbeats) -> Device:
    (device,) = process.devices(CENTRE)
    return device


def test_a_device_is_unknown_then_well_then_silent_then_well(lobby: Lobby) -> None:
    process = lobby.process()
    told: list[str] = []
    process.on_change.append(told.append)
    assert (only(process).state, only(process).seen_at) == ("unknown", None)

    process.beat(lobby.kiosk, beat(), None)
    device = only(process)
    assert (device.state, device.trouble, device.name) == ("ok", [], "Cửa chính")
    assert (device.kiosk, device.seen_at) == (1, lobby.clock.now())

    lobby.clock.forward(seconds=8.9)
    assert only(process).state == "ok"
    lobby.clock.forward(seconds=0.1)
    device = only(process)
    assert (device.state, device.trouble) == ("silent", ["silent"])
    assert device.report == beat()

    process.beat(lobby.kiosk, beat(), None)
    assert only(process).state == "ok"
    assert told == [CENTRE, CENTRE]


def test_a_revoked_device_is_gone(lobby: Lobby) -> None:
    process = lobby.process()
    process.beat(lobby.kiosk, beat(), None)
    lobby.access.revoke_token(lobby.token)
    assert process.devices(CENTRE) == []
    with pytest.raises(Refusal, match="unknown_centre"):
        process.devices("nowhere")


def test_alone_a_row_is_written_when_something_happens_and_once_a_minute(lobby: Lobby) -> None:
    process = lobby.process()
    process.beat(lobby.kiosk, beat(outbox=None), None)
    for _ in range(14):
        lobby.clock.forward(seconds=4)
        process.beat(lobby.kiosk, beat(temperature_c=50.0), None)
    assert lobby.age_of_row_s() == 56
    assert only(process).seen_at == lobby.clock.now()
    lobby.clock.forward(seconds=4)
    process.beat(lobby.kiosk, beat(), None)
    assert lobby.age_of_row_s() == 0

    lobby.clock.forward(seconds=4)
    process.beat(lobby.kiosk, beat(printer=PrinterReport("error", "out")), None)
    assert lobby.age_of_row_s() == 0


def test_a_trouble_that_flutters_is_seen_and_does_not_wear_the_disk_out(lobby: Lobby) -> None:
    process = lobby.process()
    process.beat(lobby.kiosk, beat(), None)
    lobby.clock.forward(seconds=0.5)
    process.beat(lobby.kiosk, beat(outbox=3), None)
    assert only(process).trouble == ["outbox"]
    assert lobby.age_of_row_s() == 0.5
    lobby.clock.forward(seconds=0.5)
    process.beat(lobby.kiosk, beat(outbox=3), None)
    assert lobby.age_of_row_s() == 0


def test_whoever_is_asked_knows_what_another_process_heard(lobby: Lobby) -> None:
    hears, asked = lobby.process(shared=True), lobby.process(shared=True)
    for _ in range(5):
        hears.beat(lobby.kiosk, beat(), None)
        assert only(asked).state == "ok"
        lobby.clock.forward(seconds=4)
        assert only(asked).state == "ok"
    hears.beat(lobby.kiosk, beat(printer=PrinterReport("error", "out")), None)
    assert only(asked).trouble == ["paper_out"]

    asked.beat(lobby.kiosk, beat(), None)
    assert only(hears).trouble == ["paper_out"]  # the row is as new as its own word
    lobby.clock.forward(seconds=4)
    asked.beat(lobby.kiosk, beat(), None)
    assert only(hears).state == "ok"
    lobby.clock.forward(seconds=9)
    assert only(hears).state == only(asked).state == "silent"


def test_a_restart_calls_nobody_silent_before_they_can_have_spoken(lobby: Lobby) -> None:
    lobby.process().beat(lobby.kiosk, beat(), None)
    lobby.clock.forward(seconds=40)
    process = lobby.process()
    assert only(process).state == "unknown"
    assert only(process).report == beat()
    lobby.clock.forward(seconds=9)
    assert only(process).state == "silent"
    process.beat(lobby.kiosk, beat(), None)
    assert only(process).state == "ok"


def test_a_row_of_another_release_is_no_fault(lobby: Lobby) -> None:
    lobby.process().beat(lobby.kiosk, beat(), None)
    lobby.store.run("", lambda tx: tx.execute("UPDATE heartbeat SET report = '{\"new\":1}'"))
    assert (only(lobby.process()).state, only(lobby.process()).report) == ("ok", None)


def test_a_repeated_key_is_answered_and_changes_nothing(lobby: Lobby) -> None:
    process = lobby.process()
    operation = Operation("t:x POST /api/v1/heartbeat", "key-00001", "digest")
    first = process.beat(lobby.kiosk, beat(outbox=1), operation)
    lobby.clock.forward(seconds=4)
    process.beat(lobby.kiosk, beat(), None)
    again = process.beat(lobby.kiosk, beat(outbox=1), operation)
    assert isinstance(first, Reply)
    assert isinstance(again, Reply)
    assert (again.repeated, again.body) == (True, first.body)
    assert only(process).trouble == []
    with pytest.raises(Refusal, match="idempotency_mismatch"):
        process.beat(lobby.kiosk, beat(), replace(operation, digest="another"))


def test_devices_of_all_centres_are_looked_over_at_once(lobby: Lobby) -> None:
    lobby.access.create_token("hall", CENTRE)
    lobby.access.create_token("manager", CENTRE)
    process = lobby.process()
    process.beat(lobby.kiosk, beat(outbox=2), None)
    hall, kiosk = sorted(process.everywhere(), key=lambda one: one.role)
    assert kiosk[:4] == (CENTRE, "kiosk", "warn", ["outbox"])
    assert kiosk.report is not None
    assert kiosk.report.outbox == 2
    assert hall == (CENTRE, "hall", "unknown", [], None)
    lobby.clock.forward(seconds=SILENT_AFTER_S)
    assert (CENTRE, "kiosk", "silent", ["silent"], None) in process.everywhere()


@pytest.mark.parametrize(
    ("report", "state", "found"),
    [
        (beat(), "ok", []),
        (beat(printer=PrinterReport("ok", "ok", "closed")), "ok", []),
        (beat(printer=PrinterReport("unknown")), "ok", []),
        (beat(printer=PrinterReport("warn", "low")), "warn", ["paper_low"]),
        (beat(printer=PrinterReport("error", "out")), "error", ["paper_out"]),
        (beat(printer=PrinterReport("error", "ok", "open")), "error", ["cover_open"]),
        (beat(printer=PrinterReport("error")), "error", ["printer_error"]),
        (beat(printer=PrinterReport("error", "low")), "error", ["printer_error", "paper_low"]),
        (beat(panels=[PanelReport("q1", "stale")]), "ok", []),
        (beat(panels=[PanelReport("q1", "ok"), PanelReport("q2", "dead")]), "error",
         ["panel_dead"]),
        (beat(keys="dead", link="down"), "error", ["keys_dead", "link"]),
        (beat(keys="ok", sound="blocked"), "warn", ["sound"]),
        (beat(sound="broken"), "warn", ["sound"]),
        (beat(sound="off"), "ok", []),
        (beat(refused=1, outbox=2), "error", ["refused", "outbox"]),
        (beat(outbox=0, refused=0, unprinted=3), "ok", []),
        (beat(clock_trusted=False), "warn", ["clock"]),
        (beat(clock_trusted=True, clock_offset_s=-400.0), "warn", ["clock"]),
        (beat(temperature_c=79.9, link="connecting"), "ok", []),
        (beat(temperature_c=80.0, link="down"), "warn", ["hot", "link"]),
    ],
)  # fmt: skip
def test_what_a_device_says_becomes_a_state(
    report: Heartbeat, state: str, found: list[str]
) -> None:
    assert troubles(report) == found
    assert state_of(troubles(report)) == state
