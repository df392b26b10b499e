"""What the tests of pages share."""

from collections.abc import Callable, Iterator

import pytest

from tests.browser.real_lobby import RealLobby


@pytest.fixture(scope="module")
def real_lobby(
    tmp_path_factory: pytest.TempPathFactory, free_port: Callable[[], int]
) -> Iterator[RealLobby]:
    """A real server, shared by the tests of a module."""
    lobby = RealLobby(tmp_path_factory.mktemp("lobby"), free_port())
    yield lobby
    lobby.stop()
