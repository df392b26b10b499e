"""Each program of the box tries its own devices; a line it says is a line of the record."""

import os
import pwd
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from firmware_config.acceptance.facts import said
from firmware_config.acceptance.record import Outcome, Trial
from firmware_config.installer.steps import command

NOT_KEPT: Final = "press each key once"
"""A line that asks the technician for something, and says nothing of how it went."""

AGENTS: Final = {"kiosk": "Ki-ốt", "display": "Bảng và loa", "screen": "Màn hình"}
NAMES: Final = {
    "printer": "máy in",
    "paper": "giấy",
    "cover": "nắp máy in",
    "scanner": "máy quét",
    "server": "máy chủ",
    "clock": "đồng hồ",
    "data folder": "thư mục dữ liệu",
    "font": "phông chữ",
    "speech": "giọng đọc hướng dẫn",
    "page": "trang hiển thị",
    "graphics": "hình",
    "sound": "tiếng",
}
"""What a program calls a thing, in Vietnamese; other names stand as they are."""


@dataclass(frozen=True)
class Box:
    """Where the programs and their configuration lie."""

    programs: Path
    etc: Path


def try_out(box: Box, agents: Sequence[str], *, somebody: bool) -> Iterator[Trial]:
    """Run every agent's `self-test`, its service stopped meanwhile and started again after it.

    Args:
        box: Where things are.
        agents: `kiosk`, `display`, `screen`; others have no self-test.
        somebody: Whether a technician is there: keys are waited for, and the kiosk prints a slip.

    Raises:
        Stopped: a service could not be stopped or started.
    """
    for agent in agents:
        program, config = box.programs / f"layso-{agent}", box.etc / f"{agent}.toml"
        if not program.exists() or not config.exists():
            missing = program if not program.exists() else config
            yield Trial(AGENTS[agent], agent, "untested", f"không có / missing: {missing}")
            continue
        with _stopped(f"layso-{agent}.service"):
            yield from _run(agent, [str(program), "self-test", "--config", str(config)], somebody)
            if agent == "kiosk" and somebody:
                words = [str(program), "print-test", "--config", str(config)]
                yield from _run(agent, words, somebody)


def _run(agent: str, words: list[str], somebody: bool) -> Iterator[Trial]:
    """One command; what it says is shown at once, as it may ask for something."""
    lines = []
    with subprocess.Popen(  # noqa: S603  (our own program)
        words,
        stdin=None if somebody else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **_account(f"layso-{agent}"),
    ) as running:
        assert running.stdout is not None
        for line in running.stdout:
            sys.stdout.write(f"  {line}")
            sys.stdout.flush()
            lines.append(line.strip())
    kept = [line for line in lines if line and NOT_KEPT not in line]
    blamed = any("FAILED" in line for line in kept)
    for line in kept or [f"status {running.returncode}"]:
        what, seen = _parts(line)
        fault = "FAILED" in line or (running.returncode != 0 and not blamed)
        known = NAMES.get(what, what)
        english = f"{agent}: {what}" if known != what else ""
        outcome = _outcome(seen or line, fault=fault)
        yield Trial(f"{AGENTS[agent]}: {known}", english, outcome, seen.removeprefix("ok, "))


def _parts(line: str) -> tuple[str, str]:
    """What was tried, and what was seen: `paper: ok, low` or `q1  alpha  /dev/x · 05  ok, 9 ms`."""
    if "  " in line:
        what, _, seen = line.rpartition("  ")
        return " · ".join(what.split("  ")), seen
    what, _, seen = line.partition(": ")
    return what, seen


def _outcome(seen: str, *, fault: bool) -> Outcome:
    if fault:
        return "failed"
    if any(
        word in seen
        for word in ("unknown", "does not say", "never answers", "nobody to compare with")
    ):
        return "look"
    return "well"


def _account(name: str) -> dict[str, Any]:
    """The account and groups that the service has; ours where it does not exist or cannot be."""
    known = {entry.pw_name: entry.pw_gid for entry in pwd.getpwall()}
    if os.geteuid() != 0 or name not in known:
        return {}
    group = known[name]
    return {"user": name, "group": group, "extra_groups": os.getgrouplist(name, group)}


@contextmanager
def _stopped(unit: str) -> Iterator[None]:
    """A service that ran is started again, whatever happens in between."""
    ran = said("systemctl", "is-active", unit) == "active"
    if not ran:
        yield
        return
    command(["systemctl", "stop", unit])
    try:
        yield
    finally:
        command(["systemctl", "start", unit])
