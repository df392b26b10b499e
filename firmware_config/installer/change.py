"""Bringing another release in, going back, and taking everything away.

What a change needs to be ended is written down before anything is touched, and crossed out once
it is whole. A failure goes back at once. After a power cut the next run ends what was begun: it
goes back where the release before is in use, and on where the other one is, as that one may have
served people since.
"""

import pwd
import shutil
from datetime import UTC, datetime
from pathlib import Path

from firmware_config.boot.merge import restored_cmdline, without
from firmware_config.installer import database, files
from firmware_config.installer.box import Facts
from firmware_config.installer.errors import FAILED, LOSS, USAGE, Stopped
from firmware_config.installer.files import Manifest
from firmware_config.installer.places import (
    BACKUPS,
    BOOT_LINE,
    CURRENT,
    ETC,
    MANIFEST,
    OPT,
    PREVIOUS,
    RELEASES,
    STATE,
)
from firmware_config.installer.plan import system_files, tidy
from firmware_config.installer.release import (
    Keep,
    Release,
    current,
    kept_files,
    known_release,
    order,
    previous,
    switch,
)
from firmware_config.installer.run import (
    Say,
    as_account,
    carry_out,
    refuse_while_numbers_wait,
    restart,
    stop,
)
from firmware_config.installer.steps import Step, command, put_boot, read_boot
from firmware_config.installer.wishes import AGENTS, Wishes


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
        if before is None or before == version:
            self._say(f"bản {version} đang dùng rồi / release {version} is in use already")
            return
        if order(version) < order(before):
            raise Stopped(
                f"bản {version} cũ hơn bản {before} đang dùng; quay lại bằng --rollback",
                f"release {version} is older than {before}, which is in use; --rollback goes back",
                USAGE,
            )
        try:
            self._bring_in(release, before)
        except BaseException as failure:
            self._say(str(failure))
            if self._manifest.change:
                self._go_back_or_say(before)
            raise Stopped(
                f"không nâng cấp được; vẫn dùng bản {before}",
                f"the upgrade failed; release {before} is in use as before",
                failure.status if isinstance(failure, Stopped) else FAILED,
            ) from failure
        self._end_upgrade()

    def roll_back(self, *, lose_data: bool) -> None:
        """Use the release before. Where the tables moved since, their copy from then is used.

        Raises:
            Stopped: there is none, it has no program for a role, its programs cannot read the
                configuration, the copy is not whole, or what was written since would be lost and
                that was not accepted. Nothing was changed.
        """
        version, before = current(), previous()
        if version is None or before is None:
            raise Stopped("không có bản trước để quay lại", "there is no release to go back to")
        self._refuse_unfit(before, version)
        moved = self._manifest.schema_moved.get(version, False)
        copy = database.copy_before(version)
        if moved:
            database.refuse_unreadable(copy)
            self._refuse_loss(before, copy, lose_data=lose_data)
            database.refuse_without_room()
        self._read_configuration(RELEASES / before)
        self._note(kind="rollback", to=before, back_to=version, copy=str(copy) if moved else "")
        try:
            self._quiesce()
            self._end_rollback()
        except BaseException:
            if current() == version:  # Nothing was moved yet: as if it had not been asked for.
                self._cross_out()
                self._restart()
            raise

    def resume(self) -> None:
        """End a change that was cut off, if one was: see above. May be repeated."""
        note = self._manifest.change
        if not note:
            return
        self._say(f"dở dang / cut off: {note['kind']} {note['back_to']} -> {note['to']}")
        stop(self._manifest.units, self._facts)
        if note["kind"] == "rollback":
            self._resume_rollback(note)
        elif current() == note["to"]:
            self._put_in_use(note["to"])
            self._end_upgrade()
        else:
            self._go_back()

    def _resume_rollback(self, note: dict[str, str]) -> None:
        if note["copy"] and current() != note["to"]:
            try:
                database.refuse_unreadable(Path(note["copy"]))
            except Stopped as lost:  # As if it had not been asked for.
                self._say(str(lost))
                self._cross_out()
                self._restart()
                return
        self._end_rollback()

    def take_away(self, *, purge: bool) -> None:
        """Remove what is ours. State, tokens and changed configuration stay unless `purge`."""
        boot = _boot_without(self._manifest)  # First, as it may refuse.
        self._quiesce()
        for unit in self._manifest.units:
            self._say(f"unit {unit}")
            command(["systemctl", "disable", unit])
        self._manifest.units = []
        self._manifest.save()
        for path, text in boot.items():
            put_boot(path, text)
        _take_files(self._manifest, self._say, purge=purge)
        if purge:
            _purge()
        for release in (CURRENT, PREVIOUS):
            release.unlink(missing_ok=True)
        MANIFEST.unlink(missing_ok=True)
        shutil.rmtree(RELEASES, ignore_errors=True)
        for folder in sorted({*map(Path, self._manifest.folders), OPT}, reverse=True):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        if self._facts.systemd:
            command(["systemctl", "daemon-reload"])

    def _bring_in(self, release: Release, before: str) -> None:
        """All that can be known beforehand is looked at before anything ends."""
        version = release.wheel.version
        steps: list[Step] = [release, Keep(version, tuple(system_files(self._wishes)))]
        carry_out(steps, self._manifest, self._say, dry=False)
        self._read_configuration(release.folder)
        database.refuse_without_room()
        copy = database.copy_before(version)
        self._note(kind="upgrade", to=version, back_to=before, copy=str(copy))
        self._quiesce()
        if "server" in self._manifest.roles:
            copy.unlink(missing_ok=True)
            self._say(f"copy of the database {copy}")
            database.server(RELEASES / before, "backup", str(copy))
            database.server(release.folder, "migrate")
        switch(version)
        self._put_in_use(version)

    def _go_back_or_say(self, before: str) -> None:
        try:
            self._go_back()
        except Stopped as worse:
            self._say(str(worse))
            raise Stopped(
                f"không nâng cấp được; trở lại bản {before} cũng có lỗi (ở trên)",
                f"the upgrade failed, and the way back to {before} was not whole (see above)",
            ) from worse

    def _put_in_use(self, version: str) -> None:
        """The system's files as this release has them, and everything started."""
        self._say(f"use release {version}")
        wanted = kept_files(version)
        if wanted is not None:  # None: one of an installer that kept none; units stay as they are.
            steps = [*wanted, tidy(wanted)]
            carry_out(steps, self._manifest, self._say, dry=False)
        self._restart()

    def _end_upgrade(self) -> None:
        note = self._manifest.change
        self._manifest.schema_moved[note["to"]] = (
            database.revision(database.place()) != (note["tables"])
        )
        self._cross_out()
        self._forget_older()

    def _go_back(self) -> None:
        """The release before an upgrade, its tables and its files. Always ends in a restart."""
        note = self._manifest.change
        before, copy = note["back_to"], Path(note["copy"])
        try:
            files.link(CURRENT, RELEASES / before)
            if note["previous"]:
                files.link(PREVIOUS, RELEASES / note["previous"])
            else:
                PREVIOUS.unlink(missing_ok=True)
            if "server" in self._manifest.roles:
                self._tables_of(before, copy, note["tables"])
            self._cross_out()
        finally:
            self._put_in_use(before)

    def _tables_of(self, version: str, copy: Path, tables: str) -> None:
        there = database.place()
        if there is None:
            self._say(f"cơ sở dữ liệu không nằm trên máy này; bản sao / its copy: {copy}")
        elif database.revision(there) != tables:
            try:
                database.refuse_unreadable(copy)
            except Stopped as lost:  # Said, and no reason to stop every later run.
                self._say(str(lost))
                return
            database.bring_back(RELEASES / version, copy, self._say)

    def _end_rollback(self) -> None:
        note = self._manifest.change
        before, copy = note["to"], note["copy"]
        if (
            copy
            and current() != before
            and database.revision(database.place()) != (database.revision(Path(copy)))
        ):
            database.bring_back(RELEASES / before, Path(copy), self._say)
        files.link(CURRENT, RELEASES / before)
        files.link(PREVIOUS, RELEASES / note["back_to"])
        self._manifest.schema_moved.pop(note["back_to"], None)
        self._cross_out()
        self._put_in_use(before)

    def _quiesce(self) -> None:
        """End the services; started again where the last press before it left a number."""
        stop(self._manifest.units, self._facts)
        try:
            refuse_while_numbers_wait(lose=self._lose_outbox)
        except Stopped:
            self._restart()
            raise

    def _restart(self) -> None:
        restart(self._manifest.units, self._facts, self._say)
        self._manifest.restart_due = False
        self._manifest.save()

    def _note(self, *, kind: str, to: str, back_to: str, copy: str) -> None:
        self._manifest.change = {
            "kind": kind, "to": to, "back_to": back_to, "previous": previous() or "",
            "copy": copy, "tables": database.revision(database.place()),
        }  # fmt: skip
        self._manifest.save()

    def _cross_out(self) -> None:
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
            database.server(folder, "check-config")

    def _refuse_unfit(self, before: str, version: str) -> None:
        """Stop where the release before cannot be what this box is."""
        if order(before) > order(version):
            raise Stopped(
                f"bản trước ({before}) mới hơn bản đang dùng; dùng lại nó bằng --upgrade",
                f"the release before, {before}, is newer than {version}; --upgrade brings it in",
                USAGE,
            )
        known = known_release(before) or {"extras": []}
        missing = sorted(set(self._wishes.extras) - set(known["extras"]))
        if missing:
            raise Stopped(
                f"bản {before} không có phần {' '.join(missing)} cho vai trò thêm sau này",
                f"release {before} has no part {' '.join(missing)}, which a role added since needs",
            )

    def _refuse_loss(self, before: str, copy: Path, *, lose_data: bool) -> None:
        if lose_data:
            return
        moment = datetime.fromtimestamp(copy.stat().st_mtime, UTC).isoformat(timespec="minutes")
        raise Stopped(
            f"dữ liệu ghi từ {moment} sẽ mất khi quay lại bản {before}; "
            "nếu chấp nhận, thêm --lose-data",
            f"what was written since {moment} is lost by going back to {before}; "
            "--lose-data accepts that",
            LOSS,
        )

    def _forget_older(self) -> None:
        """Only the release in use and the one before stay, and the copy between them."""
        kept = {current(), previous()}
        for folder in RELEASES.iterdir():
            if folder.name not in kept:
                shutil.rmtree(folder, ignore_errors=True)
        for copy in BACKUPS.glob("before-*.db") if BACKUPS.is_dir() else ():
            if copy != database.copy_before(str(current())):
                copy.unlink(missing_ok=True)


def _take_files(manifest: Manifest, say: Say, *, purge: bool) -> None:
    for name, digest in (manifest.files | manifest.pending).items():
        path = Path(name)
        files.draft_of(path).unlink(missing_ok=True)
        if not path.is_file():
            continue
        if purge or files.digest(path.read_bytes()) == digest:
            path.unlink()
        else:
            say(f"giữ lại tệp đã sửa / kept, it was changed: {path}")


def _boot_without(manifest: Manifest) -> dict[Path, str]:
    """The boot files that have a part of ours, without it; what others changed in them stays.

    Raises:
        Stopped: nobody can tell where our part ends; how to mend it.
    """
    found: dict[Path, str] = {}
    for path in map(Path, manifest.boot):
        files.draft_of(path).unlink(missing_ok=True)
        if not path.exists():
            continue
        text = read_boot(path)
        if path == BOOT_LINE:
            text = restored_cmdline(text, manifest.line_added, manifest.line_removed)
        else:
            text = without(text, str(path))
        found[path] = text
    return found


def _purge() -> None:
    for folder in (STATE, ETC):
        if folder.exists():
            shutil.rmtree(folder)
    known = {account.pw_name for account in pwd.getpwall()}
    for name in ("layso-server", "layso-kiosk", "layso-display", "layso-screen"):
        if name in known:
            command(["userdel", name])
