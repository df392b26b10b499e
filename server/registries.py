"""Where metrics are made and from where they are shown: the same place, or one for all workers.

Whichever worker answers `/metrics` tells what all of them counted: each keeps its numbers in
files of one folder, which the parent makes and names to them. Source: prometheus_client,
"Multiprocess Mode".
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

from prometheus_client import CollectorRegistry
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The variable by which a worker knows the folder; it must be set before the library is loaded."""


class Registries(NamedTuple):
    """`made`: what this process counts; `shown`: what it answers with."""

    made: CollectorRegistry
    shown: CollectorRegistry


def registries() -> Registries:
    """Those of this process: a worker's, where its parent named a folder."""
    shown = CollectorRegistry()
    if FOLDER not in os.environ:
        return Registries(shown, shown)
    MultiProcessCollector(shown)  # type: ignore[no-untyped-call]
    return Registries(CollectorRegistry(), shown)


@contextmanager
def shared_folder() -> Iterator[str]:
    """A folder for the numbers of all workers, which goes with them."""
    folder = tempfile.mkdtemp(prefix="layso-metrics-")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def forget_present_of(pid: int, folder: str) -> None:
    """Take what a worker that ended had now, such as sockets; what it counted stays."""
    mark_process_dead(pid, folder)  # type: ignore[no-untyped-call]
