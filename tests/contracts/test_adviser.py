"""What the sockets tell managers, held against the real adviser and the fake of their tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.realtime.ports import Adviser
from server.storage.sqlite import SqliteStore
from tests.fakes.live import FakeAdviser
from tests.fakes.small_centre import CENTRE, SmallCentre
from wire.errors import Refusal


@pytest.fixture(params=["real", "fake"])
def adviser(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path
) -> Iterator[Adviser]:
    """An adviser who has one thing to say of the centre."""
    if request.param == "fake":
        yield FakeAdviser("open.q2.ho-tich", centres=[CENTRE])
        return
    file = tmp_path / "real.db"
    file.write_bytes(sqlite_template.read_bytes())
    store = SqliteStore(file)
    made = SmallCentre(store)
    made.open("q1")
    for _ in range(6):
        made.issue()
    yield made.lobby.adviser
    store.close()


def test_advice_is_known_by_what_it_says(adviser: Adviser) -> None:
    board = adviser.board(CENTRE)
    assert board.centre == CENTRE
    (one,) = board.advice
    assert one.id == f"{one.kind}.{one.counter.id}.{one.service.id}" == "open.q2.ho-tich"
    assert one.words.vi
    assert one.words.en


def test_an_unknown_centre_is_refused(adviser: Adviser) -> None:
    with pytest.raises(Refusal, match="unknown_centre"):
        adviser.board("nowhere")
