"""What the sockets show of devices, help, notices and papers: the real ones against their fake."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from server.realtime.ports import DeviceReadings, HelpReadings, NoticeReadings, PrintReadings
from server.service.access import Access
from server.service.heartbeats import Heartbeats
from server.service.help_line import HelpLine
from server.service.notice_board import NoticeBoard
from server.service.prints import PrintOrders
from server.storage import access_rows
from server.storage.sqlite import SqliteStore
from tests.fakes.live import FakeLobby
from tests.fakes.small_centre import CENTRE, MANAGER, SmallCentre
from wire.devices import Heartbeat, PrinterReport
from wire.errors import Refusal
from wire.help import HelpRequest, KioskCaller
from wire.notices import NoticeRequest, NoticeText
from wire.prints import PrintRequest


class Subject(NamedTuple):
    """A lobby whose one kiosk is out of paper and calls for help; a notice for each audience;
    a paper that was asked for before that."""

    devices: DeviceReadings
    help: HelpReadings
    notices: NoticeReadings
    prints: PrintReadings


@pytest.fixture(params=["real", "fake"])
def subject(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path
) -> Iterator[Subject]:
    if request.param == "fake":
        fake = FakeLobby(centres=[CENTRE])
        fake.trouble, fake.help = ["paper_out"], ["called"]
        fake.notices = ["staff", "all", "hall"]
        fake.prints = ["waiting"]
        yield Subject(fake, fake, fake, fake)
        return
    file = tmp_path / "real.db"
    file.write_bytes(sqlite_template.read_bytes())
    store = SqliteStore(file)
    centre = SmallCentre(store)
    access = Access(store, access_rows, centre.clock, os.urandom, secret_key=b"k" * 32)
    kiosk = access.device(access.create_token("kiosk", CENTRE))
    assert kiosk is not None
    beats = Heartbeats(store, centre.clock, centre.lobby.book)
    papers = PrintOrders(
        store, centre.clock, os.urandom, centre.lobby.book, centre.lobby.waits, "", beats.devices
    )
    wanted = PrintRequest(kiosk.id.removeprefix("t:"))
    papers.ask(MANAGER, CENTRE, centre.issue()["id"], wanted, None)
    beats.beat(kiosk, Heartbeat("1", printer=PrinterReport("error", "out")), None)
    line = HelpLine(store, centre.clock, os.urandom, centre.lobby.book)
    line.call(kiosk, CENTRE, HelpRequest(), None)
    board = NoticeBoard(store, centre.clock, os.urandom)
    for audience in ("hall", "all", "staff"):
        text = NoticeText("Quầy 4 nghỉ", "Counter 4 rests")
        board.post(MANAGER, CENTRE, NoticeRequest(text, audience), None)
        centre.clock.forward(seconds=1)
    yield Subject(beats, line, board, papers)
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


def test_the_public_is_told_what_is_not_for_the_staff_alone(subject: Subject) -> None:
    staff = subject.notices.holding(CENTRE, staff=True)
    public = subject.notices.holding(CENTRE, staff=False)
    assert [one.audience for one in staff.notices] == ["staff", "all", "hall"]
    assert [one.audience for one in public.notices] == ["all", "hall"]
    assert public.notices[0].text.vi == "Quầy 4 nghỉ"
    assert len(public.notices[0].id) == 16


def test_a_paper_names_its_number_and_how_it_stands(subject: Subject) -> None:
    told = subject.prints.orders(CENTRE)
    (order,) = told.orders
    assert (told.centre, order.number, order.state, order.reason) == (CENTRE, "H001", "waiting", "")
    assert len(order.id) == 16


def test_an_unknown_centre_is_refused(subject: Subject) -> None:
    with pytest.raises(Refusal, match="unknown_centre"):
        subject.devices.devices("nowhere")
    with pytest.raises(Refusal, match="unknown_centre"):
        subject.help.calls("nowhere")
    with pytest.raises(Refusal, match="unknown_centre"):
        subject.notices.holding("nowhere", staff=True)
    with pytest.raises(Refusal, match="unknown_centre"):
        subject.prints.orders("nowhere")
