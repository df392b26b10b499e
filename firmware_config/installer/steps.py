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
        return there is not None and there != manifest.files.get(str(self.path))

    def done(self, manifest: Manifest) -> bool:
        if self._changed(manifest) and files.digest(self.content) in self._offered(manifest):
            return True
        return self.path.is_file() and self.path.read_bytes() == self.content

    def _offered(self, manifest: Manifest) -> set[str | None]:
        """What the technician has had in hand already, and made their own of."""
        return {manifest.files.get(str(path)) for path in (self.path, self._beside)}

    def do(self, manifest: Manifest) -> None:
        path = self._beside if self._changed(manifest) else self.path
        note_file(manifest, path, self.content)
        files.put(path, self.content, self.mode)


@dataclass(frozen=True)
class PutBoot:
    """Our part of a boot file; the rest of it is the board's own."""

    path: Path
    merged: Callable[[str], str]

    @property
    def what(self) -> str:
        return f"boot {self.path}"

    def done(self, manifest: Manifest) -> bool:
        text = self._text()
        return self.merged(text) == text

    def do(self, manifest: Manifest) -> None:
        files.put(self.path, self.merged(self._text()).encode(), None)

    def _text(self) -> str:
        try:
            return self.path.read_text(encoding="utf-8")
        except OSError as error:
            raise Stopped(
                f"không đọc được {self.path}: {error.strerror}",
                f"{self.path} cannot be read: {error.strerror}",
            ) from error


class PutBootLine(PutBoot):
    """Our words of the one line; which they are is remembered, as a line has no marks."""

    def do(self, manifest: Manifest) -> None:
        before = self._text().split()
        after = self.merged(self._text()).split()
        added = [word for word in after if word not in before]
        removed = [word for word in before if word not in after]
        ours = {*manifest.line_added, *added}
        manifest.line_added = sorted(ours)
        taken = [*manifest.line_removed, *(word for word in removed if word not in ours)]
        manifest.line_removed = list(dict.fromkeys(taken))
        manifest.save()
        super().do(manifest)


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
        command(["apt-get", "-qq", "update"], **quiet)
        words = ["apt-get", "-qq", "install", "--yes", "--no-install-recommends"]
        command([*words, *self.missing], **quiet)


@dataclass(frozen=True)
class Run:
    """A command that may be repeated, needed until something is there."""

    what: str
    words: tuple[str, ...]
    there: tuple[Path, ...]

    def done(self, manifest: Manifest) -> bool:
        return all(path.exists() for path in self.there)

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
