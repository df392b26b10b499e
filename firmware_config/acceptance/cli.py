"""Makes an acceptance record. Exit status: 0 nothing failed, 1 something did, 2 wrong usage."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from firmware_config.acceptance.facts import look
from firmware_config.acceptance.page import page
from firmware_config.acceptance.questions import Ask, ask_all
from firmware_config.acceptance.record import Record
from firmware_config.acceptance.trials import Box, try_out
from firmware_config.installer.errors import FAILED, USAGE, Stopped
from firmware_config.installer.files import put, read_manifest
from firmware_config.installer.places import CURRENT, ETC
from firmware_config.installer.plan import units_of
from firmware_config.installer.wishes import AGENTS, ROLES

INSTALLED: Final = Box(programs=CURRENT / "bin", etc=ETC)


def main(arguments: Sequence[str] | None = None, box: Box = INSTALLED) -> int:
    """Look, try, ask, write FILE and FILE's JSON beside it."""
    given = _parser().parse_args(arguments)
    try:
        record = make(box, given.role, None if given.no_questions else input)
        out = given.out or Path(f"nghiem-thu-{record.value('host')}-{record.made_at[:10]}.html")
        _write(out, record)
    except Stopped as stopped:
        sys.stderr.write(f"{stopped}\n")
        return stopped.status
    sys.stdout.write(f"{out}\n")
    return FAILED if record.count("failed") else 0


def make(box: Box, roles: Sequence[str], ask: Ask | None) -> Record:
    """The record of this box, now.

    Args:
        box: Where its programs and configuration lie.
        roles: What it is; none for what it was installed as.
        ask: Asks the technician; none to leave those lines open.

    Raises:
        Stopped: it is not installed, or its configuration cannot be read.
    """
    chosen = tuple(roles or read_manifest().roles)
    if not chosen:
        raise Stopped("Lấy Số chưa được cài ở đây", "Lấy Số is not installed here")
    agents = list(dict.fromkeys(agent for role, agent in _agents(chosen)))
    units = tuple(sorted(units_of(chosen)))
    return Record(
        made_at=datetime.now(UTC).astimezone().isoformat(timespec="seconds"),
        roles=chosen,
        facts=look(chosen, units, box.etc),
        trials=tuple(try_out(box, agents, somebody=ask is not None)),
        answers=tuple(ask_all(chosen, ask)),
    )


def _agents(roles: Sequence[str]) -> list[tuple[str, str]]:
    found = [(role, AGENTS[role]) for role in roles if role in AGENTS]
    return [*found, ("kiosk", "screen")] if "kiosk" in roles else found


def _write(out: Path, record: Record) -> None:
    data = json.dumps(record.as_json(), ensure_ascii=False, indent=1)
    try:
        put(out, page(record).encode(), None)  # A stick may have no modes.
        put(out.with_suffix(".json"), f"{data}\n".encode(), None)
    except OSError as error:
        raise Stopped(
            f"không ghi được {out}: {error}; chọn chỗ khác bằng --out",
            f"{out} cannot be written: {error}; choose another place with --out",
            USAGE,
        ) from error


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="acceptance",
        description="Biên bản nghiệm thu máy này / The acceptance record of this box",
        allow_abbrev=False,
    )
    made.add_argument("--out", type=Path, help="the page (.html); a .json is put beside it")
    made.add_argument("--no-questions", action="store_true", help="ask nothing: left open on paper")
    made.add_argument(
        "--role", action="append", default=[], choices=ROLES, help="else what was installed"
    )
    return made
