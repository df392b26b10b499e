"""What the sockets count on, held against the real readings and the fake the sockets' tests use."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from server.config import read_config
from server.parts import make_data_dir, make_secret_key, open_parts, prepare_database
from server.realtime.ports import LiveReadings
from server.service.ports import Caller
from tests.fakes.live import FakeReadings
from tests.server_run.conftest import CENTRE
from wire.errors import Refusal
from wire.requests import IssueRequest

MANAGER = Caller(id="t:1", role="manager", centre="phu-an")
Subject = tuple[LiveReadings, Callable[[], object]]


@pytest.fixture(params=["real", "fake"])
def subject(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Subject]:
    """Readings of the centre phu-an, and a call that writes one change."""
    if request.param == "fake":
        fake = FakeReadings("phu-an")
        yield fake, lambda: fake.commit("phu-an")
        return
    config = read_config({"LAYSO_DATA_DIR": str(tmp_path / os.urandom(4).hex())})
    make_data_dir(config)
    make_secret_key(config)
    prepare_database(config)
    parts = open_parts(config)
    parts.centres.import_file(CENTRE)
    body = IssueRequest(service="ho-tich")
    yield parts.readings, lambda: parts.lobby.issue(MANAGER, "phu-an", body, None)
    parts.close()


def test_the_board_stands_at_the_seq(subject: Subject) -> None:
    readings, change = subject
    change()
    assert json.loads(readings.board("phu-an"))["seq"] == readings.seq_of("phu-an")


def test_changes_follow_without_holes(subject: Subject) -> None:
    readings, change = subject
    begun = readings.seq_of("phu-an")
    for _ in range(3):
        change()
    after = readings.changes_after("phu-an", begun)
    assert after is not None
    assert [json.loads(body)["seq"] for body in after] == [begun + 1, begun + 2, begun + 3]
    assert readings.changes_after("phu-an", begun + 3) == []


def test_unknown_centres_and_links_are_refused(subject: Subject) -> None:
    readings, _ = subject
    with pytest.raises(Refusal):
        readings.board("nowhere")
    with pytest.raises(Refusal):
        readings.seq_of("nowhere")
    with pytest.raises(Refusal):
        readings.track("AAAAAAAAAAAAAAAAAAAAAA")
    assert readings.track_ticket("AAAAAAAAAAAAAAAAAAAAAA") is None
