"""What the tests of a box share."""

from collections.abc import Iterator

import pytest

from tests.firmware_config.debian_root import DebianRoot


@pytest.fixture(scope="module")
def debian(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DebianRoot]:
    """A throw-away Debian for the tests of one module."""
    root = DebianRoot(tmp_path_factory.mktemp("debian"))
    root.start()
    yield root
    root.stop()
