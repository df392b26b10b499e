"""The outcome of the last `layso-server verify`, kept in the data folder for the metrics."""

import os
from pathlib import Path
from typing import Final

import msgspec

_NAME: Final = "verified.json"


class Verified(msgspec.Struct, frozen=True):
    """When the log was verified, in seconds since 1970, and how many faults were found."""

    at: float
    faults: int


def note_verified(data_dir: Path, outcome: Verified) -> None:
    """Keep an outcome, whole or not at all; raises OSError where the folder cannot be written."""
    part = data_dir / f".{_NAME}.{os.getpid()}"
    part.write_bytes(msgspec.json.encode(outcome))
    part.rename(data_dir / _NAME)


def last_verified(data_dir: Path) -> Verified | None:
    """The last outcome; None where there is none that can be read."""
    try:
        return msgspec.json.decode((data_dir / _NAME).read_bytes(), type=Verified)
    except (OSError, msgspec.MsgspecError):
        return None
