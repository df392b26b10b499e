"""Releases: one virtual environment each, and a link that names the one in use."""

import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from firmware_config.installer import files
from firmware_config.installer.errors import Stopped
from firmware_config.installer.files import Manifest
from firmware_config.installer.places import CURRENT, PREVIOUS, RELEASES, SOURCE
from firmware_config.installer.steps import PutFile, command, note_folders

_WHEEL: Final = re.compile(r"layso-([0-9][0-9A-Za-z.+]*)-py3-none-any\.whl")
_WHOLE: Final = "layso-release.json"
_FILES: Final = "layso-files.json"


@dataclass(frozen=True)
class Wheel:
    """The package of one release, and the folder that the others come from, if any."""

    path: Path
    version: str
    others: Path | None

    @property
    def digest(self) -> str:
        """What tells two builds of one version apart."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()


def find_wheel(folder: Path | None) -> Wheel:
    """The newest release among the wheels of a folder, or of the stick this runs from.

    Raises:
        Stopped: there is none.
    """
    places = [folder] if folder else [SOURCE.parent / "wheels", SOURCE.parent / "dist"]
    for place in places:
        found = [(one, _WHEEL.fullmatch(one.name)) for one in sorted(place.glob("layso-*.whl"))]
        wheels = [Wheel(path, match[1], None) for path, match in found if match]
        if wheels:
            newest = max(wheels, key=lambda wheel: order(wheel.version))
            whole = len(list(place.glob("*.whl"))) > len(wheels)
            return Wheel(newest.path, newest.version, place if whole else None)
    looked = ", ".join(map(str, places))
    raise Stopped(
        f"không thấy gói layso-*.whl trong {looked}; chỉ ra bằng --wheels THƯ-MỤC",
        f"there is no layso-*.whl in {looked}; name its folder with --wheels FOLDER",
    )


def order(version: str) -> tuple[tuple[int, ...], bool, str]:
    """What puts versions in their order; a trial such as 1.0rc1 comes before 1.0."""
    number = re.match(r"[0-9.]*", version)
    digits = number[0].strip(".") if number else ""
    rest = version[len(digits) :]
    return tuple(int(part) for part in digits.split(".") if part), rest == "", rest


@dataclass(frozen=True)
class Release:
    """A release that is there as a whole, with the parts that the roles need.

    Args:
        wheel: What it is made from.
        extras: The parts.
        on_pi: Whether the board has pins: Debian's own library for them must be seen then.
    """

    wheel: Wheel
    extras: tuple[str, ...]
    on_pi: bool = False

    @property
    def folder(self) -> Path:
        """Its virtual environment."""
        return RELEASES / self.wheel.version

    @property
    def what(self) -> str:
        return f"release {self.wheel.version} [{','.join(self.extras)}]"

    def done(self, manifest: Manifest) -> bool:
        known = known_release(self.wheel.version)
        if known is None or known.get("adding"):
            return False
        return known["wheel"] == self.wheel.digest and set(self.extras) <= set(known["extras"])

    def do(self, manifest: Manifest) -> None:
        note_folders(manifest, self.folder / "bin")
        manifest.save()
        version, digest = self.wheel.version, self.wheel.digest
        known = known_release(version)
        if known and known["wheel"] != digest and version in _in_use():
            raise Stopped(
                f"bản {version} đang dùng có nội dung khác: đặt số phiên bản mới",
                f"another build of {version} is in use: give this one a new version",
            )
        refuse_damaged(self.wheel)
        extras = sorted({*self.extras, *(known["extras"] if known else ())})
        if known and known["wheel"] == digest:
            self._add(known, extras)  # More parts of what may be in use: it is never taken down.
        else:
            self._make(extras)
        os.sync()
        self._mark({"wheel": digest, "extras": extras})

    def _mark(self, facts: dict[str, Any]) -> None:
        files.put(self.folder / _WHOLE, json.dumps(facts).encode(), 0o644)

    def _make(self, extras: Sequence[str]) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)  # Begun before the power was cut.
        files.make_folder(RELEASES)
        # Ours goes before all else of Debian's.
        wide = ["--system-site-packages"] if self.on_pi else []
        try:
            command([sys.executable, "-m", "venv", *wide, str(self.folder)])
            self._install(extras)
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def _add(self, known: dict[str, Any], extras: Sequence[str]) -> None:
        """Bring more parts in; where that was cut off before, files may be there and empty."""
        self._mark(known | {"adding": True})
        self._install(extras, *(["--force-reinstall"] if known.get("adding") else []))

    def _install(self, extras: Sequence[str], *more: str) -> None:
        words = [str(self.folder / "bin/python"), "-m", "pip", "install", "--quiet"]
        words += ["--disable-pip-version-check", "--no-input", *more]
        if self.wheel.others is not None:
            words += ["--no-index", "--find-links", str(self.wheel.others)]
        command([*words, f"{self.wheel.path}[{','.join(extras)}]"])


def refuse_damaged(wheel: Wheel) -> None:
    """Raise Stopped where a file of the stick is not what it was when the stick was made."""
    sums = wheel.path.with_name("SHA256SUMS")
    lines = sums.read_text(encoding="utf-8").splitlines() if sums.is_file() else []
    for digest, name in (line.split(maxsplit=1) for line in lines if line.strip()):
        path = sums.with_name(name)
        if path.is_file() and files.digest(path.read_bytes()) != digest:
            raise Stopped(
                f"USB hỏng: {path} không còn như lúc tạo; tạo lại USB",
                f"the stick is damaged: {path} is not what it was; make the stick anew",
            )


def known_release(version: str) -> dict[str, Any] | None:
    """What is there of a release: the wheel's digest and the parts; None where it is not whole."""
    try:
        known = json.loads((RELEASES / version / _WHOLE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return known if isinstance(known, dict) and {"wheel", "extras"} <= set(known) else None


@dataclass(frozen=True)
class Keep:
    """What a release has among the system's files, so that it can be put back without its stick."""

    version: str
    files: tuple[PutFile, ...]

    @property
    def _path(self) -> Path:
        return RELEASES / self.version / _FILES

    @property
    def what(self) -> str:
        return f"keep {self._path}"

    def done(self, manifest: Manifest) -> bool:
        return kept_files(self.version) == list(self.files)

    def do(self, manifest: Manifest) -> None:
        facts = {str(file.path): [file.mode, file.content.decode()] for file in self.files}
        files.put(self._path, json.dumps(facts, indent=1).encode(), 0o644)


def kept_files(version: str) -> list[PutFile] | None:
    """What `Keep` wrote down; None where nothing can be read."""
    try:
        found = json.loads((RELEASES / version / _FILES).read_text(encoding="utf-8"))
        return [PutFile(Path(path), text.encode(), mode) for path, (mode, text) in found.items()]
    except (OSError, ValueError, AttributeError, TypeError):
        return None


def _in_use() -> set[str | None]:
    return {current(), previous()}


def current() -> str | None:
    """The version in use, or None."""
    return CURRENT.readlink().name if CURRENT.is_symlink() else None


def previous() -> str | None:
    """The version that was in use before, if it is still there."""
    if not PREVIOUS.is_symlink():
        return None
    name = PREVIOUS.readlink().name
    return name if known_release(name) else None


def switch(version: str) -> None:
    """Use another release from now on, and remember the one that was used."""
    before = current()
    if before == version:
        return
    if before is not None:
        files.link(PREVIOUS, RELEASES / before)
    files.link(CURRENT, RELEASES / version)


@dataclass(frozen=True)
class Switch:
    """The release that is in use."""

    version: str

    @property
    def what(self) -> str:
        return f"use release {self.version}"

    def done(self, manifest: Manifest) -> bool:
        return current() == self.version

    def do(self, manifest: Manifest) -> None:
        switch(self.version)
