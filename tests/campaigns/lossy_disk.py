"""A disk that forgets what was not synced when the power goes, and SQLite on top of it.

It keeps, for every file, what is durable and what was only written. Whatever the power cut
catches in between is lost, kept or torn, as the random source decides.
"""

import itertools
import random
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import apsw

Loss = Literal["everything", "nothing", "some", "torn"]
LOSSES: tuple[Loss, ...] = ("everything", "nothing", "some", "torn")

SECTOR_BYTES = 512
_names = itertools.count()


class PowerCut(BaseException):
    """The machine is off. No `except Exception` of the program may outlive it."""


class Power:
    """Counts the steps of everything that happens on the machine, and goes off at one of them."""

    def __init__(self, cut_at: int | None = None) -> None:
        self.cut_at = cut_at
        self.steps = 0
        self.on = True

    def step(self) -> None:
        """One more thing is about to happen; it does not if the power goes here."""
        self.pass_by()
        if not self.on:
            raise PowerCut

    def pass_by(self) -> None:
        """The same where nothing may be raised; whoever asks looks at `on` afterwards."""
        self.steps += 1
        if self.steps == self.cut_at:
            self.on = False


@dataclass
class StoredFile:
    """One file: its durable bytes, its bytes as the program sees them, and the way between."""

    durable: bytearray = field(default_factory=bytearray)
    seen: bytearray = field(default_factory=bytearray)
    unsynced: list[tuple[int, bytes | None]] = field(default_factory=list)
    named: bool = False
    """Whether the folder's own entry is durable."""

    def write(self, at: int, data: bytes | None) -> None:
        """Write, or with None cut off at that length; not durable yet."""
        change(self.seen, at, data)
        self.unsynced.append((at, data))

    def sync(self) -> None:
        """Everything written so far is durable."""
        self.durable = bytearray(self.seen)
        self.unsynced.clear()

    def after_cut(self, loss: Loss, rng: random.Random) -> "StoredFile":
        """What a later start finds."""
        left = bytearray(self.durable)
        for at, data in self.unsynced:
            if loss == "everything" or (loss in ("some", "torn") and rng.random() < 0.5):
                continue
            if loss == "torn" and data is not None and rng.random() < 0.5:
                data = data[: rng.randrange(len(data) // SECTOR_BYTES + 1) * SECTOR_BYTES]
            change(left, at, data)
        return StoredFile(left, bytearray(left), [], self.named)


def change(content: bytearray, at: int, data: bytes | None) -> None:
    """Apply one write or truncation to some bytes."""
    if data is None:
        del content[at:]
        return
    if len(content) < at:
        content.extend(bytes(at - len(content)))
    content[at : at + len(data)] = data


@dataclass
class LossyDisk:
    """The files of one machine, which outlive its power."""

    files: dict[str, StoredFile] = field(default_factory=dict)
    deleted: dict[str, StoredFile] = field(default_factory=dict)
    room_bytes: int | None = None
    """How many bytes the files may have in all; None: no limit."""

    def sync_folder(self) -> None:
        """Names made and taken away so far are durable."""
        self.deleted.clear()
        for file in self.files.values():
            file.named = True

    def after_cut(self, loss: Loss, rng: random.Random) -> "LossyDisk":
        """The disk as a later start finds it."""
        left = {}
        for name, file in {**self.deleted, **self.files}.items():
            keeps_name = (
                file.named or loss == "nothing" or (loss != "everything" and rng.random() < 0.5)
            )
            gone = name in self.deleted and name not in self.files and loss == "nothing"
            if keeps_name and not gone:
                left[name] = file.after_cut(loss, rng)
        return LossyDisk(left, room_bytes=self.room_bytes)

    def full_after(self, more_bytes: int) -> bool:
        """Whether so many bytes have no room."""
        used = sum(len(file.seen) for file in self.files.values())
        return self.room_bytes is not None and used + more_bytes > self.room_bytes


class LossyVfs(apsw.VFS):
    """SQLite's way to one `LossyDisk`, as long as the power is on.

    What a dead machine still does goes nowhere. No `PowerCut` is raised through SQLite, which
    would hold on to it; the connection raises it when SQLite returns.
    """

    def __init__(self, disk: LossyDisk, power: Power) -> None:
        self.disk = disk
        self.power = power
        self.name = f"lossy-{next(_names)}"
        super().__init__(self.name, base="")

    def xOpen(self, name: Any, flags: list[int]) -> "LossyFile":
        path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        if path not in self.disk.files:
            self.disk.files[path] = StoredFile()
        flags[1] = flags[0]
        names_folder = bool(flags[0] & (apsw.SQLITE_OPEN_WAL | apsw.SQLITE_OPEN_MAIN_JOURNAL))
        return LossyFile(self, self.disk.files[path], names_folder)

    def xAccess(self, path: str, flags: int) -> bool:
        return path in self.disk.files

    def xDelete(self, path: str, sync_folder: bool) -> None:
        self.power.pass_by()
        if not self.power.on:
            return
        file = self.disk.files.pop(path, None)
        if file is not None:
            self.disk.deleted[path] = file
        if sync_folder:
            self.disk.sync_folder()

    def xFullPathname(self, name: str) -> str:
        return name


class LossyFile:
    """One open file, in the words of SQLite's VFS."""

    def __init__(self, vfs: LossyVfs, file: StoredFile, names_folder: bool) -> None:
        self._vfs = vfs
        self._file = file
        self._names_folder = names_folder

    def xRead(self, amount: int, offset: int) -> bytes:
        return bytes(self._file.seen[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:
        if self._vfs.power.on:
            if self._vfs.disk.full_after(offset + len(data) - len(self._file.seen)):
                raise apsw.FullError
            self._file.write(offset, bytes(data))
            self._vfs.power.pass_by()

    def xTruncate(self, size: int) -> None:
        if self._vfs.power.on:
            self._file.write(size, None)
            self._vfs.power.pass_by()

    def xSync(self, flags: int) -> None:
        self._vfs.power.pass_by()
        if self._vfs.power.on:
            self._file.sync()
            if self._names_folder and not self._file.named:
                self._vfs.disk.sync_folder()
            self._vfs.power.pass_by()

    def xFileSize(self) -> int:
        return len(self._file.seen)

    def xClose(self) -> None:
        """Nothing is buffered here."""

    def xLock(self, level: int) -> None:
        """One process alone uses it."""

    def xUnlock(self, level: int) -> None:
        """One process alone uses it."""

    def xCheckReservedLock(self) -> bool:
        return False

    def xFileControl(self, operation: int, pointer: int) -> bool:
        return False

    def xSectorSize(self) -> int:
        return 4096

    def xDeviceCharacteristics(self) -> int:
        # As SQLite's own VFS says of every disk: a torn write leaves its neighbours alone.
        return int(apsw.SQLITE_IOCAP_POWERSAFE_OVERWRITE)


class Row(dict[str, Any]):
    """A row by name or by position, as `sqlite3.Row`."""

    def __getitem__(self, key: str | int) -> Any:
        return list(self.values())[key] if isinstance(key, int) else super().__getitem__(key)


class LossyConnection:
    """The part of `sqlite3.Connection` that `edge.database` uses, over a `LossyVfs`.

    Args:
        checkpoint_pages: Small, so that short histories meet checkpoints too.
    """

    def __init__(
        self, disk: LossyDisk, power: Power, path: Path, checkpoint_pages: int = 12
    ) -> None:
        self._vfs = LossyVfs(disk, power)
        self._connection = apsw.Connection(str(path), vfs=self._vfs.name)
        self._connection.row_trace = _named
        self._connection.wal_autocheckpoint(checkpoint_pages)
        self.row_factory: Any = None
        self.found: Any = None
        self.rowcount = 0

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    def execute(self, statement: str, values: tuple[Any, ...] = ()) -> "LossyConnection":
        if not self._vfs.power.on:
            raise PowerCut
        try:
            self.found = self._connection.execute(statement, values).fetchall()
        except apsw.FullError as error:
            full = sqlite3.OperationalError("database or disk is full")
            full.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise full from error
        except apsw.Error as error:
            raise sqlite3.OperationalError(str(error)) from error
        finally:
            if not self._vfs.power.on:
                raise PowerCut
        self.rowcount = self._connection.changes()
        return self

    def executescript(self, script: str) -> None:
        self.execute(script)

    def fetchall(self) -> list[Any]:
        return list(self.found)

    def fetchone(self) -> Any:
        return self.found[0] if self.found else None

    def close(self) -> None:
        self._connection.close()
        self._vfs.unregister()


def _named(cursor: apsw.Cursor, values: tuple[Any, ...]) -> Row:
    names = [column[0] for column in cursor.get_description()]
    return Row(zip(names, values, strict=True))
