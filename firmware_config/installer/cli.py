"""`firmware_config/install`: roles in, a box that works out. Exit status: see `errors`."""

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from firmware_config.installer.box import Facts, is_root, look
from firmware_config.installer.change import Change
from firmware_config.installer.configs import answers
from firmware_config.installer.errors import FAILED, USAGE, Stopped
from firmware_config.installer.files import Manifest, only_one, read_manifest
from firmware_config.installer.places import STATE
from firmware_config.installer.plan import (
    RELEASES_KNOWN,
    extras_of,
    packages_of,
    plan,
    units_of,
)
from firmware_config.installer.release import Release, current, find_wheel, previous
from firmware_config.installer.run import carry_out, enrol, refuse_while_numbers_wait, restart
from firmware_config.installer.wishes import AGENTS, ROLES, Wishes, checked
from firmware_config.root.seal import refuse_sealed, refuse_unmounted


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what was asked: 0 done, 1 failed, 2 wrong usage, 3 numbers wait, 4 data would be lost."""
    given = parser().parse_args(arguments)
    os.umask(0o022)  # The programs' accounts read what root puts there, however root was set up.
    try:
        return _do(given)
    except Stopped as stopped:
        sys.stderr.write(f"{stopped}\n")
        return stopped.status
    except OSError as error:
        sys.stderr.write(f"không đọc hoặc ghi được: {error}\ncannot be read or written: {error}\n")
        return FAILED


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(
        prog="install",
        description="Cài Lấy Số lên máy này / Install Lấy Số on this box",
        allow_abbrev=False,
    )
    made.add_argument("roles", metavar="ROLE", nargs="*", help=f"{', '.join(ROLES)}")
    made.add_argument("--server", default="", help="the server's address: http://10.0.0.5:8000")
    made.add_argument("--centre", default="", help="the centre's id: binh-duong")
    made.add_argument("--zone", default="", help="of hall: the zone that the screen stands in")
    made.add_argument("--public-url", default="", help="of server: what phones open")
    made.add_argument(
        "--code", action="append", default=[], metavar="[ROLE=]CODE", help="one-time code"
    )
    made.add_argument("--wheels", type=Path, help="folder of wheels (else wheels/ on the stick)")
    made.add_argument("--board", choices=["pi4", "pi5", "pc"], help="else the board is asked")
    made.add_argument("--no-packages", action="store_true", help="no Debian packages")
    made.add_argument("--dry-run", action="store_true", help="say every step and change nothing")
    what = made.add_mutually_exclusive_group()
    what.add_argument("--upgrade", action="store_true", help="use the release on the stick")
    what.add_argument("--rollback", action="store_true", help="use the release before")
    what.add_argument("--uninstall", action="store_true", help="take everything of ours away")
    what.add_argument("--status", action="store_true", help="say what is on this box")
    made.add_argument("--purge", action="store_true", help="with --uninstall: state and tokens too")
    made.add_argument("--lose-outbox", action="store_true", help="accept that numbers are lost")
    made.add_argument("--lose-data", action="store_true", help="accept that newer data is lost")
    return made


def _do(given: argparse.Namespace) -> int:
    manifest = read_manifest()
    if given.status:
        return _status(manifest)
    if not is_root() and not given.dry_run:
        raise Stopped("cần quyền root: thêm sudo phía trước", "this needs root: put sudo before it")
    facts = look(packages_of(ROLES, pins=True))
    if given.board:  # In an image, which is made on another machine.
        facts = replace(facts, board=given.board)
    act = _change if given.upgrade or given.rollback or given.uninstall else _install
    if given.dry_run:
        return act(given, manifest, facts)
    refuse_sealed(Path("/"))
    refuse_unmounted(Path("/"))
    with only_one():
        return act(given, read_manifest(), facts)


def _install(given: argparse.Namespace, manifest: Manifest, facts: Facts) -> int:
    wishes = _wishes(given, manifest)
    if not given.dry_run:
        _change_of(given, wishes, manifest, facts).resume()
    wheel = find_wheel(wishes.wheels)
    _refuse_misfit(facts, wheel.version)
    steps = plan(wishes, facts, wheel)
    if not given.dry_run and (wishes.codes or any(not step.done(manifest) for step in steps)):
        manifest.restart_due = True  # Noted first: a run that is cut off is ended by the next one.
        manifest.save()
    count = carry_out(steps, manifest, _say, dry=given.dry_run)
    if given.dry_run:
        return 0
    manifest.roles = list(wishes.roles)  # Known once they are there: one that failed may be left.
    manifest.save()
    if count == 0:
        _say("không có gì thay đổi / nothing changed")
    failed = enrol(wishes, _say)
    if manifest.restart_due:
        restart(sorted(units_of(wishes.roles)), facts, _say)
        manifest.restart_due = False
        manifest.save()
        _say("nghiệm thu / acceptance: sudo python3 -m firmware_config.acceptance")
    return FAILED if failed else 0


def _refuse_misfit(facts: Facts, version: str) -> None:
    if facts.release not in RELEASES_KNOWN:
        known = ", ".join(RELEASES_KNOWN)
        raise Stopped(
            f"hệ điều hành '{facts.release}' chưa được hỗ trợ ({known})",
            f"the release '{facts.release}' is not known ({known})",
        )
    if current() not in (None, version):
        raise Stopped(
            f"máy đang dùng bản {current()}; để đổi sang {version} dùng --upgrade",
            f"release {current()} is in use here; --upgrade brings {version} in",
            USAGE,
        )


def _wishes(given: argparse.Namespace, manifest: Manifest) -> Wishes:
    roles = tuple(dict.fromkeys([*manifest.roles, *given.roles]))
    enrolling = [role for role in given.roles if role in AGENTS]
    codes: dict[str, str] = {}
    for text in given.code:
        role, found, code = text.partition("=")
        if not found:
            if len(enrolling) != 1:
                raise Stopped(
                    "nhiều vai trò: ghi --code VAI-TRÒ=MÃ", "several roles: --code ROLE=CODE", USAGE
                )
            role, code = enrolling[0], text
        codes[role] = code
    known = answers()
    return checked(
        Wishes(
            roles,
            given.server.rstrip("/") or known.get("server", ""),
            given.centre or known.get("centre", ""),
            given.zone or known.get("zone", ""),
            given.public_url.rstrip("/") or known.get("public_url", ""),
            codes,
            given.wheels,
            not given.no_packages,
        )
    )


def _change(given: argparse.Namespace, manifest: Manifest, facts: Facts) -> int:
    if not manifest.files or (current() is None and not given.uninstall):
        raise Stopped("Lấy Số chưa được cài ở đây", "Lấy Số is not installed here")
    if not manifest.change:
        refuse_while_numbers_wait(lose=given.lose_outbox)
    # What is taken away needs no answers: a configuration that nobody can read is no hindrance.
    bare = Wishes(tuple(manifest.roles))
    wishes = bare if given.uninstall else _wishes(given, manifest)
    change = _change_of(given, wishes, manifest, facts)
    release = None
    if given.upgrade:
        release = Release(find_wheel(given.wheels), extras_of(wishes, facts), facts.is_pi)
    if given.dry_run:
        what = release.what if release else "rollback" if given.rollback else "uninstall"
        _say(f"[dry] {what}")
        return 0
    change.resume()
    if release:
        change.upgrade(release)
        return _install(given, manifest, facts)  # What else the newer stick has.
    if given.rollback:
        change.roll_back(lose_data=given.lose_data)
    else:
        change.take_away(purge=given.purge)
    return 0


def _change_of(
    given: argparse.Namespace, wishes: Wishes, manifest: Manifest, facts: Facts
) -> Change:
    return Change(wishes, manifest, facts, _say, lose_outbox=given.lose_outbox)


def _status(manifest: Manifest) -> int:
    _say(f"roles:    {' '.join(manifest.roles) or '-'}")
    _say(f"release:  {current() or '-'}")
    _say(f"previous: {previous() or '-'}")
    for role in manifest.roles:
        if role in AGENTS:
            _say(f"token of {role}: {_there(STATE / AGENTS[role] / 'token')}")
    if manifest.change:
        change = manifest.change
        _say(f"cut off:  {change['kind']} {change['back_to']} -> {change['to']}; run install again")
    return 0


def _there(path: Path) -> str:
    try:
        return "yes" if path.exists() else "no"
    except PermissionError:  # Only root sees into it.
        return "?"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
