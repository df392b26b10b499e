"""A misbehaving server, and kiosks that are stopped after the test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fakes.queue_server import QueueServer
from tests.kiosk.kiosk_stage import Kiosk, KioskProcess, write_config


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


@pytest.fixture
def start_process() -> Iterator[Callable[[Path, int], KioskProcess]]:
    """A call that starts an agent in a process of its own, killed after the test."""
    made: list[KioskProcess] = []

    def start(config: Path, port: int) -> KioskProcess:
        made.append(KioskProcess(config, port))
        return made[-1]

    yield start
    for process in made:
        process.kill()
