"""What the tests of the installer share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.firmware_config.debian_root import DebianRoot


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[DebianRoot]:
    """A fresh Debian of a test's own."""
    debian = DebianRoot(tmp_path)
    debian.start()
    yield debian
    debian.stop()
