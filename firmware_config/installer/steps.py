"""The kinds of steps: each knows whether it is done, and does itself. What is done stays."""

import os
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from stat import S_IMODE
from typing import Protocol

from firmware_config.installer import files
from firmware_config.installer.errors import Stopped
from firmware_config.installer.files import Manifest
from firmware_config.installer.places import ETC


class Step(Protocol):
    """One thing that is to be so on the box."""

    @property
    def what(self) -> str:
        """What it is, in a line that a technician can follow."""
        ...

    def done(self, manifest: Manifest) -> bool:
        """Whether it is so already."""
        ...

    def do(self, manifest: Manifest) -> None:
        """Make it so. Raises Stopped where it cannot be."""
        ...


@dataclass(frozen=True)
class PutFile:
    """A file of ours, replaced whenever it is not what it should be."""

    path: Path
    content: bytes
    mode: int = 0o644

    @property
    def what(self) -> str:
        return f"file {self.path}"

    def done(self, manifest: Manifest) -> bool:
        there = self.path.is_file() and self.path.read_bytes() == self.content
        if not there or S_IMODE(self.path.stat().st_mode) != self.mode:
            return False
        return manifest.files.get(str(self.path)) == files.digest(self.content)

    def do(self, manifest: Manifest) -> None:
        note_file(manifest, self.path, self.content)
        files.put(self.path, self.content, self.mode)


@dataclass(frozen=True)
class PutConfig:
    """A file that a technician may change: theirs is kept, and ours is put beside it."""

    path: Path
    content: bytes
    mode: int = 0o644

    @property
    def what(self) -> str:
        return f"config {self.path}"

    @property
    def _beside(self) -> Path:
        return self.path.with_name(f"{self.path.name}.new")

    def _changed(self, manifest: Manifest) -> bool:
        """Whether somebody else's hand was at it."""
        there = files.digest(self.path.read_bytes()) if self.path.is_file() else None
        name = str(self.path)
        return there not in (None, manifest.files.get(name), manifest.pending.get(name))

    def done(self, manifest: Manifest) -> bool:
        if str(self.path) in manifest.pending or str(self._beside) in manifest.pending:
            return False
        # Offered before, and the technician made their own of it.
        offered = {manifest.files.get(str(path)) for path in (self.path, self._beside)}
        if self._changed(manifest) and files.digest(self.content) in offered:
            return True
        return self.path.is_file() and self.path.read_bytes() == self.content

    def do(self, manifest: Manifest) -> None:
        path = self._beside if self._changed(manifest) else self.path
        note_folders(manifest, path)
        manifest.pending[str(path)] = files.digest(self.content)
        manifest.save()
        files.put(path, self.content, self.mode)
        manifest.files[str(path)] = manifest.pending.pop(str(path))
        manifest.save()


@dataclass(frozen=True)
class Tidy:
    """No file of ours is left that is not wanted any more, such as a newer release's drop-in.

    Configuration is the technician's, and stays.
    """

    wanted: frozenset[Path]
    what: str = "no file of another release"

    def _left(self, manifest: Manifest) -> list[Path]:
        return [
            path
            for path in map(Path, manifest.files)
            if path not in self.wanted and not path.is_relative_to(ETC)
        ]

    def done(self, manifest: Manifest) -> bool:
        return not self._left(manifest)

    def do(self, manifest: Manifest) -> None:
        for path in self._left(manifest):
            if path.is_file() and files.digest(path.read_bytes()) == manifest.files[str(path)]:
                path.unlink()
            del manifest.files[str(path)]
        manifest.save()


@dataclass(frozen=True)
class PutBoot:
    """Our part of a boot file; the rest of it is the board's own."""

    path: Path
    merged: Callable[[str], str]

    @property
    def what(self) -> str:
        return f"boot {self.path}"

    def done(self, manifest: Manifest) -> bool:
        text = read_boot(self.path)
        return self.merged(text) == text

    def do(self, manifest: Manifest) -> None:
        manifest.boot = sorted({*manifest.boot, str(self.path)})
        manifest.save()
        put_boot(self.path, self.merged(read_boot(self.path)))


def read_boot(path: Path) -> str:
    """A boot file, whatever its comments are written in. Raises Stopped where it is not there."""
    try:
        return path.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError as error:
        raise Stopped(
            f"không đọc được {path}: {error.strerror}", f"{path} cannot be read: {error.strerror}"
        ) from error


def put_boot(path: Path, text: str) -> None:
    """Replace a boot file; bytes that are no UTF-8 stay as they were."""
    files.put(path, text.encode("utf-8", errors="surrogateescape"), None)


class PutBootLine(PutBoot):
    """Our words of the one line; which they are is remembered, as a line has no marks."""

    def do(self, manifest: Manifest) -> None:
        before = read_boot(self.path).splitlines()[:1]
        after = self.merged(read_boot(self.path)).splitlines()[:1]
        self._note(manifest, " ".join(before).split(), " ".join(after).split())
        super().do(manifest)

    def _note(self, manifest: Manifest, before: list[str], after: list[str]) -> None:
        added = [word for word in after if word not in before]
        removed = [word for word in before if word not in after]
        ours = {*manifest.line_added, *added}
        manifest.line_added = sorted(ours)
        taken = [*manifest.line_removed, *(word for word in removed if word not in ours)]
        manifest.line_removed = list(dict.fromkeys(taken))
        manifest.save()


@dataclass(frozen=True)
class Packages:
    """Debian packages that must be there; they stay when Lấy Số goes."""

    names: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def what(self) -> str:
        return f"packages {' '.join(self.missing or self.names)}"

    def done(self, manifest: Manifest) -> bool:
        return not self.missing

    def do(self, manifest: Manifest) -> None:
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        # A power cut may have left dpkg in the middle, and a fresh system updates itself.
        wait = ["-qq", "-o", "DPkg::Lock::Timeout=600", "-o", "Dpkg::Options::=--force-confold"]
        command(["dpkg", "--force-confold", "--configure", "-a"], **quiet)
        command(["apt-get", *wait, "update"], **quiet)
        words = ["apt-get", *wait, "install", "--yes", "--no-install-recommends"]
        command([*words, *self.missing], **quiet)


@dataclass(frozen=True)
class Run:
    """A command that may be repeated, needed until something is there and not empty."""

    what: str
    words: tuple[str, ...]
    there: tuple[Path, ...]

    def done(self, manifest: Manifest) -> bool:
        return all(path.is_dir() or (path.exists() and path.stat().st_size) for path in self.there)

    def do(self, manifest: Manifest) -> None:
        command(self.words)


@dataclass(frozen=True)
class Accounts:
    """The programs' own accounts, which stay for as long as what they own does."""

    names: tuple[str, ...]
    what: str = "accounts"

    def done(self, manifest: Manifest) -> bool:
        known = {line.split(":")[0] for line in Path("/etc/passwd").read_text().splitlines()}
        return known.issuperset(self.names)

    def do(self, manifest: Manifest) -> None:
        command(["systemd-sysusers", "layso.conf"])


@dataclass(frozen=True)
class Enable:
    """A unit that starts with the box."""

    unit: str
    wanted_by: str

    @property
    def what(self) -> str:
        return f"unit {self.unit}"

    def done(self, manifest: Manifest) -> bool:
        link = Path(f"/etc/systemd/system/{self.wanted_by}.wants/{self.unit}")
        return link.is_symlink() and self.unit in manifest.units

    def do(self, manifest: Manifest) -> None:
        wants = Path(f"/etc/systemd/system/{self.wanted_by}.wants/{self.unit}")
        note_folders(manifest, wants)
        manifest.units = sorted({*manifest.units, self.unit})
        manifest.save()
        command(["systemctl", "enable", self.unit])


def note_file(manifest: Manifest, path: Path, content: bytes) -> None:
    """Write down that a file is going to be there."""
    note_folders(manifest, path)
    manifest.files[str(path)] = files.digest(content)
    manifest.save()


def note_folders(manifest: Manifest, path: Path) -> None:
    """Remember which folders are made for a path."""
    manifest.folders = sorted({*manifest.folders, *files.missing_folders(path)})


def command(words: Sequence[str], **environ: str) -> str:
    """Run a command; what it printed. Raises Stopped with its last words where it fails."""
    try:
        done = subprocess.run(  # noqa: S603  (our own words)
            list(words),
            env=os.environ | environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise Stopped(
            f"thiếu chương trình {words[0]}: cài rồi chạy lại",
            f"the program {words[0]} is missing: install it and run this again",
        ) from error
    if done.returncode != 0:
        last = "\n".join([*done.stdout.splitlines(), *done.stderr.splitlines()][-6:])
        raise Stopped(
            f"lệnh `{' '.join(words)}` không chạy được:\n{last}",
            f"the command `{' '.join(words)}` failed (its words above); mend it and run this again",
        )
    return done.stdout
