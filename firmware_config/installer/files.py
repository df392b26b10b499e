"""Files that a power cut leaves whole, and the manifest of what was put on the box."""

import contextlib
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from firmware_config.installer.errors import Stopped
from firmware_config.installer.places import LOCK, MANIFEST


def put(path: Path, content: bytes, mode: int | None) -> None:
    """Replace a file durably; its folders are made where they are missing.

    No `mode`: that of its file system, as the boot partition has no others.
    """
    make_folder(path.parent)
    draft = draft_of(path)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode or 0o644)
    with os.fdopen(handle, "wb") as file:
        if mode is not None:
            os.fchmod(file.fileno(), mode)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync(path.parent)


def link(path: Path, target: Path) -> None:
    """Point a symbolic link somewhere, in one step and durably."""
    make_folder(path.parent)
    draft = path.with_name(f".{path.name}.layso-new")
    draft.unlink(missing_ok=True)
    draft.symlink_to(target)
    draft.replace(path)
    sync(path.parent)


def make_folder(path: Path) -> None:
    """Make a folder and those above it, durably."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    path.mkdir(parents=True, exist_ok=True)
    for folder in missing:
        sync(folder.parent)


def missing_folders(path: Path) -> list[str]:
    """The folders above a path that are not there yet, the innermost first."""
    return [str(folder) for folder in path.parents if not folder.exists()]


def draft_of(path: Path) -> Path:
    """Where a file is written before it takes its place; a power cut may leave it there."""
    return path.with_name(f".{path.name}.layso-new")


def digest(content: bytes) -> str:
    """What tells whether a file is still as it was put there."""
    return hashlib.sha256(content).hexdigest()


def sync(folder: Path) -> None:
    """Make the names in a folder last."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@dataclass
class Manifest:
    """What of ours is on the box: the digest of each file.

    A path is written here before it is put there, so that nothing is ever left unknown.
    """

    roles: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    pending: dict[str, str] = field(default_factory=dict)
    """Configuration that is being written: the digest that it will have."""

    boot: list[str] = field(default_factory=list)
    """Boot files that have a part of ours."""

    restart_due: bool = False
    """Something was changed that the services have not been started with."""

    schema_moved: dict[str, bool] = field(default_factory=dict)
    """Release → whether bringing it in changed the tables of the server's database."""

    change: dict[str, str] = field(default_factory=dict)
    """What a change that is under way needs to be ended; empty while there is none."""

    line_added: list[str] = field(default_factory=list)
    line_removed: list[str] = field(default_factory=list)
    """Words of cmdline.txt that are ours, and that were there before."""

    def save(self) -> None:
        """Write it down durably."""
        put(MANIFEST, json.dumps(asdict(self), indent=1, sort_keys=True).encode(), 0o644)


@contextlib.contextmanager
def only_one(lock: Path = LOCK) -> Iterator[None]:
    """Hold a lock while something is changed. Raises Stopped where another run holds it."""
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Stopped(
                "một lần cài khác đang chạy; chờ xong rồi chạy lại",
                "another installation is running; wait for it, then run this again",
            ) from error
        yield


def read_manifest() -> Manifest:
    """What is on the box; empty on a fresh one.

    Raises:
        Stopped: it is there and cannot be read.
    """
    if not MANIFEST.exists():
        return Manifest()
    known = {one.name for one in fields(Manifest)}
    try:
        found = json.loads(MANIFEST.read_text(encoding="utf-8"))
        # What a newer or an older installer noted beside it is not ours to judge.
        return Manifest(**{name: value for name, value in found.items() if name in known})
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise Stopped(
            f"không đọc được {MANIFEST}: {error}", f"{MANIFEST} cannot be read: {error}"
        ) from error
