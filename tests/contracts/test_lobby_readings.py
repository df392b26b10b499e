"""What the sockets show of devices and help, held against the real ones and their tests' fake."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from server.realtime.ports import DeviceReadings, HelpReadings
from server.service.access import Access
from server.service.heartbeats import Heartbeats
from server.service.help_line import HelpLine
from server.storage import access_rows
from server.storage.sqlite import SqliteStore
from tests.fakes.live import FakeLobby
from tests.fakes.small_centre import CENTRE, SmallCentre
from wire.devices import Heartbeat, PrinterReport
from wire.errors import Refusal
from wire.help import HelpRequest, KioskCaller


class Subject(NamedTuple):
    """A lobby whose one kiosk is out of paper and calls for help."""

    devices: DeviceReadings
    help: HelpReadings


@pytest.fixture(params=["real", "fake"])
def subject(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path
) -> Iterator[Subject]:
    if request.param == "fake":
        fake = FakeLobby(centres=[CENTRE])
        fake.trouble, fake.help = ["paper_out"], ["called"]
        yield Subject(fake, fake)
        return
    file = tmp_path / "real.db"
    file.write_bytes(sqlite_template.read_bytes())
    store = SqliteStore(file)
    centre = SmallCentre(store)
    access = Access(store, access_rows, centre.clock, os.urandom, secret_key=b"k" * 32)
    kiosk = access.device(access.create_token("kiosk", CENTRE))
    assert kiosk is not None
    beats = Heartbeats(store, centre.clock, centre.lobby.book)
    beats.beat(kiosk, Heartbeat("1", printer=PrinterReport("error", "out")), None)
    line = HelpLine(store, centre.clock, os.urandom, centre.lobby.book)
    line.call(kiosk, CENTRE, HelpRequest(), None)
    yield Subject(beats, line)
    store.close()


def test_a_kiosk_without_paper_ails(subject: Subject) -> None:
    (device,) = subject.devices.devices(CENTRE)
    assert (device.role, device.state, device.trouble) == ("kiosk", "error", ["paper_out"])


def test_a_kiosk_that_calls_is_named(subject: Subject) -> None:
    told = subject.help.calls(CENTRE)
    assert told.centre == CENTRE
    (call,) = told.calls
    assert isinstance(call.caller, KioskCaller)
    assert (call.state, call.coming_at) == ("called", None)
    assert len(call.id) == 16


def test_an_unknown_centre_is_refused(subject: Subject) -> None:
    with pytest.raises(Refusal, match="unknown_centre"):
        subject.devices.devices("nowhere")
    with pytest.raises(Refusal, match="unknown_centre"):
        subject.help.calls("nowhere")
