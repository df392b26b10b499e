"""Thousands of lives are lived here; what they log would keep each of them in memory."""

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def no_log() -> Iterator[None]:
    """Pytest keeps every record of a test, and each of its errors keeps a kiosk."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)
