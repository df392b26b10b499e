"""Bringing another release in, going back, and taking everything away.

What a change needs to be taken back is written down before anything is touched, and crossed out
once it is whole. A run that finds such a note first goes back: so a failure and a power cut end
alike, with the release before, its units and its tables.
"""

import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from firmware_config.boot.merge import restored_cmdline, without
from firmware_config.installer import files
from firmware_config.installer.box import Facts
from firmware_config.installer.errors import LOSS, Stopped
from firmware_config.installer.files import Manifest
from firmware_config.installer.places import (
    BACKUPS,
    BOOT_CONFIG,
    BOOT_LINE,
    CURRENT,
    ETC,
    MANIFEST,
    OPT,
    PREVIOUS,
    RELEASES,
    SOURCE,
    STATE,
)
from firmware_config.installer.plan import system_files
from firmware_config.installer.release import Keep, Release, current, previous, switch
from firmware_config.installer.run import (
    Say,
    as_account,
    carry_out,
    refuse_while_numbers_wait,
    restart,
    stop,
)
from firmware_config.installer.steps import command
from firmware_config.installer.wishes import AGENTS, Wishes

DATABASE: Final = STATE / "server/layso.sqlite3"
_PARTS: Final = ("", "-wal", "-shm")


class Change:
    """One change of what is on the box.

    Args:
        wishes: What the box is to be.
        manifest: What is on it; kept up to date on disk.
        facts: What it is.
        say: Gets one line a step.
        lose_outbox: The technician accepts that numbers are lost.
    """

    def __init__(
        self, wishes: Wishes, manifest: Manifest, facts: Facts, say: Say, *, lose_outbox: bool
    ) -> None:
        self._wishes = wishes
        self._manifest = manifest
        self._facts = facts
        self._say = say
        self._lose_outbox = lose_outbox

    def upgrade(self, release: Release) -> None:
        """Use another release, with the units and policies of this stick.

        Raises:
            Stopped: why it failed. The release before is in use, as it was.
        """
        version, before = release.wheel.version, current()
        if before == version and release.done(self._manifest):
            self._say(f"bản {version} đang dùng rồi / release {version} is in use already")
            return
        try:
            carry_out([release, Keep(version)], self._manifest, self._say, dry=False)
            self._read_configuration(release.folder)
            self._quiesce()
            self._note(before or "", previous() or "", _copy_before(version), _tables())
            self._bring_in(release)
        except Stopped as stopped:
            self._say(str(stopped))
            self.go_back()
            raise Stopped(
                f"không nâng cấp được; vẫn dùng bản {before}",
                f"the upgrade failed; release {before} is in use as before",
                stopped.status,
            ) from stopped
        self._manifest.schema_moved[version] = _tables() != self._manifest.change["tables"]
        self._done()
        self._forget_older()

    def roll_back(self, *, lose_data: bool) -> None:
        """Use the release before. Where the tables moved since, their copy from then is used.

        Raises:
            Stopped: there is none, its programs cannot read the configuration, or what was
                written since would be lost and that was not accepted.
        """
        version, before = current(), previous()
        if version is None or before is None:
            raise Stopped("không có bản trước để quay lại", "there is no release to go back to")
        copy, moved = _copy_before(version), self._manifest.schema_moved.get(version, False)
        if moved and not lose_data:
            moment = datetime.fromtimestamp(copy.stat().st_mtime, UTC).isoformat(timespec="minutes")
            raise Stopped(
                f"dữ liệu ghi từ {moment} sẽ mất khi quay lại bản {before}; "
                "nếu chấp nhận, thêm --lose-data",
                f"what was written since {moment} is lost by going back to {before}; "
                "--lose-data accepts that",
                LOSS,
            )
        self._read_configuration(RELEASES / before)
        self._quiesce()
        self._manifest.schema_moved.pop(version, None)
        self._note(before, version, copy, "before" if moved else _tables())
        self.go_back()

    def go_back(self) -> None:
        """Undo a change that was begun, if one was. May be repeated."""
        note = self._manifest.change
        if not note:
            return
        before = note["back_to"]
        if "server" in self._manifest.roles and _tables() != note["tables"]:
            self._bring_tables_back(RELEASES / before, Path(note["copy"]))
        files.link(CURRENT, RELEASES / before)
        if note["previous"]:
            files.link(PREVIOUS, RELEASES / note["previous"])
        else:
            PREVIOUS.unlink(missing_ok=True)
        self._say(f"use release {before}")
        own = RELEASES / before / SOURCE.name
        if own.is_dir():
            steps = system_files(self._wishes, own)
            carry_out(steps, self._manifest, self._say, dry=False)
        self._done()
        restart(self._manifest.units, self._facts, self._say)

    def take_away(self, *, purge: bool) -> None:
        """Remove what is ours. State, tokens and changed configuration stay unless `purge`."""
        self._quiesce()
        for unit in self._manifest.units:
            self._say(f"unit {unit}")
            command(["systemctl", "disable", unit])
        _take_files(self._manifest, self._say, purge=purge)
        _restore_boot(self._manifest)
        for release in (CURRENT, PREVIOUS):
            release.unlink(missing_ok=True)
        shutil.rmtree(RELEASES, ignore_errors=True)
        if purge:
            _purge()
        MANIFEST.unlink(missing_ok=True)
        for folder in sorted({*map(Path, self._manifest.folders), OPT}, reverse=True):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        if self._facts.systemd:
            command(["systemctl", "daemon-reload"])

    def _bring_in(self, release: Release) -> None:
        version = release.wheel.version
        if "server" in self._manifest.roles:
            copy = _copy_before(version)
            copy.unlink(missing_ok=True)
            self._say(f"copy of the database {copy}")
            _server(CURRENT, "backup", str(copy))
            _server(release.folder, "migrate")
        switch(version)
        self._say(f"use release {version}")
        steps = system_files(self._wishes, SOURCE)
        carry_out(steps, self._manifest, self._say, dry=False)
        restart(self._manifest.units, self._facts, self._say)

    def _quiesce(self) -> None:
        """End the services; started again where the last press before it left a number."""
        stop(self._manifest.units, self._facts)
        try:
            refuse_while_numbers_wait(self._manifest.roles, lose=self._lose_outbox)
        except Stopped:
            restart(self._manifest.units, self._facts, self._say)
            raise

    def _note(self, back_to: str, before: str, copy: Path, tables: str) -> None:
        self._manifest.change = {
            "back_to": back_to, "previous": before, "copy": str(copy), "tables": tables,
        }  # fmt: skip
        self._manifest.save()

    def _done(self) -> None:
        self._manifest.change = {}
        self._manifest.save()

    def _read_configuration(self, folder: Path) -> None:
        """Let each program of a release that was given a token read its configuration."""
        roles = self._manifest.roles
        for agent in sorted({AGENTS[role] for role in roles if role in AGENTS}):
            if (STATE / agent / "token").exists():
                program = str(folder / f"bin/layso-{agent}")
                command(as_account(agent, program, "check-config", str(ETC / f"{agent}.toml")))
        if "server" in roles:
            _server(folder, "check-config")

    def _bring_tables_back(self, folder: Path, copy: Path) -> None:
        """Put the database aside, once, and fill a new one from its copy."""
        aside = DATABASE.with_name(f"{DATABASE.name}.{copy.stem}")
        if aside.exists():  # A restore that was cut off: what it began is of no use.
            _remove(Path(f"{DATABASE}{part}") for part in _PARTS)
        for part in _PARTS:
            with suppress(FileNotFoundError):
                Path(f"{DATABASE}{part}").replace(f"{aside}{part}")
        self._say(f"database put aside: {aside}")
        _server(folder, "restore", str(copy))

    def _forget_older(self) -> None:
        """Only the release in use and the one before stay, and the copy between them."""
        kept = {current(), previous()}
        for folder in RELEASES.iterdir():
            if folder.name not in kept:
                shutil.rmtree(folder, ignore_errors=True)
        copies = set(BACKUPS.glob("before-*.db")) if BACKUPS.is_dir() else set()
        _remove(copies - {_copy_before(str(current()))})


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _take_files(manifest: Manifest, say: Say, *, purge: bool) -> None:
    for name, digest in manifest.files.items():
        path = Path(name)
        if not path.is_file():
            continue
        if purge or files.digest(path.read_bytes()) == digest:
            path.unlink()
        else:
            say(f"giữ lại tệp đã sửa / kept, it was changed: {path}")


def _restore_boot(manifest: Manifest) -> None:
    """Take our part out of the boot files; what others changed in them stays."""
    if BOOT_CONFIG.exists():
        files.put(BOOT_CONFIG, without(BOOT_CONFIG.read_text(encoding="utf-8")).encode(), None)
    if BOOT_LINE.exists():
        text = BOOT_LINE.read_text(encoding="utf-8")
        line = restored_cmdline(text, manifest.line_added, manifest.line_removed)
        files.put(BOOT_LINE, line.encode(), None)


def _purge() -> None:
    for folder in (STATE, ETC):
        shutil.rmtree(folder, ignore_errors=True)
    for name in ("server", "kiosk", "display", "screen"):
        command(["userdel", f"layso-{name}"])


def _server(folder: Path, *words: str) -> None:
    """Run a command of a release's server, as its account and with the box's settings."""
    settings = [f"LAYSO_DATA_DIR={STATE / 'server'}"]
    given = ETC / "server.env"
    lines = given.read_text(encoding="utf-8").splitlines() if given.exists() else []
    settings += [line for line in lines if line.startswith("LAYSO_")]
    command(as_account("server", "env", *settings, str(folder / "bin/layso-server"), *words))


def _copy_before(version: str) -> Path:
    return BACKUPS / f"before-{version}.db"


def _tables() -> str:
    """The revision of the tables; empty where they are not in a file of this box."""
    if not DATABASE.exists():
        return ""
    with closing(sqlite3.connect(f"file:{DATABASE}?mode=ro", uri=True)) as database:
        try:
            return str(database.execute("SELECT version_num FROM alembic_version").fetchall())
        except sqlite3.DatabaseError:  # Half filled when the power was cut: like no other.
            return "unknown"
