"""A misbehaving server, and kiosks that are stopped after the test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fakes.queue_server import QueueServer
from tests.kiosk.kiosk_stage import Kiosk, write_config


@pytest.fixture
def server() -> Iterator[QueueServer]:
    made = QueueServer().start()
    yield made
    made.release.set()
    made.stop()


@pytest.fixture
def start_kiosk(tmp_path: Path, server: QueueServer) -> Iterator[Callable[..., Kiosk]]:
    """A call that starts a kiosk on this test's folder; the arguments go to its config."""
    made: list[Kiosk] = []

    def start(**config: str) -> Kiosk:
        kiosk = Kiosk(write_config(tmp_path, server, **config))
        made.append(kiosk)
        return kiosk

    yield start
    for kiosk in made:
        kiosk.stop()


@pytest.fixture
def kiosk(start_kiosk: Callable[..., Kiosk]) -> Kiosk:
    """A kiosk that has met its server."""
    return start_kiosk().met()
