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
from firmware_config.installer.steps import command, note_folders

_WHEEL: Final = re.compile(r"layso-([0-9][0-9A-Za-z.+]*)-py3-none-any\.whl")
_WHOLE: Final = "layso-release.json"


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
            newest = max(wheels, key=lambda wheel: _order(wheel.version))
            whole = len(list(place.glob("*.whl"))) > len(wheels)
            return Wheel(newest.path, newest.version, place if whole else None)
    looked = ", ".join(map(str, places))
    raise Stopped(
        f"không thấy gói layso-*.whl trong {looked}; chỉ ra bằng --wheels THƯ-MỤC",
        f"there is no layso-*.whl in {looked}; name its folder with --wheels FOLDER",
    )


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


@dataclass(frozen=True)
class Release:
    """A release that is there as a whole, with the parts that the roles need."""

    wheel: Wheel
    extras: tuple[str, ...]

    @property
    def folder(self) -> Path:
        """Its virtual environment."""
        return RELEASES / self.wheel.version

    @property
    def what(self) -> str:
        return f"release {self.wheel.version} [{','.join(self.extras)}]"

    def done(self, manifest: Manifest) -> bool:
        known = self._known()
        if known is None:
            return False
        return known["wheel"] == self.wheel.digest and set(self.extras) <= set(known["extras"])

    def do(self, manifest: Manifest) -> None:
        note_folders(manifest, self.folder / "bin")
        manifest.save()
        known = self._known()
        extras = sorted({*self.extras, *(known["extras"] if known else ())})
        if known and known["wheel"] != self.wheel.digest and self.wheel.version in _in_use():
            raise Stopped(
                f"bản {self.wheel.version} đang dùng có nội dung khác: đặt số phiên bản mới",
                f"another build of {self.wheel.version} is in use: give this one a new version",
            )
        if known and known["wheel"] == self.wheel.digest:
            self._install(extras)  # More parts of what may be in use: it is never taken down.
        else:
            self._make(extras)
        os.sync()
        facts = {"wheel": self.wheel.digest, "extras": extras}
        files.put(self.folder / _WHOLE, json.dumps(facts).encode(), 0o644)

    def _known(self) -> dict[str, Any] | None:
        """What is there as a whole, if anything is."""
        whole = self.folder / _WHOLE
        if not whole.is_file():
            return None
        known: dict[str, Any] = json.loads(whole.read_text(encoding="utf-8"))
        return known

    def _make(self, extras: Sequence[str]) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)  # Begun before the power was cut.
        files.make_folder(RELEASES)
        # With pins, Debian's own library for them must be seen; ours goes before all else of it.
        wide = ["--system-site-packages"] if "gpio" in extras else []
        try:
            command([sys.executable, "-m", "venv", *wide, str(self.folder)])
            self._install(extras)
        except Stopped:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def _install(self, extras: Sequence[str]) -> None:
        words = [str(self.folder / "bin/python"), "-m", "pip", "install", "--quiet"]
        words += ["--disable-pip-version-check", "--no-input"]
        if self.wheel.others is not None:
            words += ["--no-index", "--find-links", str(self.wheel.others)]
        command([*words, f"{self.wheel.path}[{','.join(extras)}]"])


@dataclass(frozen=True)
class Keep:
    """A release's own copy of `firmware_config`, by which its units are put back."""

    version: str

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return RELEASES / self.version / SOURCE.name

    @property
    def what(self) -> str:
        return f"keep {self.folder}"

    def done(self, manifest: Manifest) -> bool:
        return _tree(self.folder) == _tree(SOURCE)

    def do(self, manifest: Manifest) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(SOURCE, self.folder, ignore=shutil.ignore_patterns("__pycache__"))


def _tree(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its content."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def _in_use() -> set[str | None]:
    return {current(), previous()}


def current() -> str | None:
    """The version in use, or None."""
    return CURRENT.readlink().name if CURRENT.is_symlink() else None


def previous() -> str | None:
    """The version that was in use before, if it is still there."""
    if not PREVIOUS.is_symlink() or not (PREVIOUS / _WHOLE).is_file():
        return None
    return PREVIOUS.readlink().name


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
