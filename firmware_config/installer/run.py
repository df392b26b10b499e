"""Carries a plan out, and says what it does: each step once, those that are done not at all."""

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from firmware_config.installer.box import Facts
from firmware_config.installer.errors import OUTBOX, Stopped
from firmware_config.installer.files import Manifest
from firmware_config.installer.places import CURRENT, ETC, PREVIOUS, RELEASES, STATE, UNITS
from firmware_config.installer.steps import Step, command
from firmware_config.installer.wishes import AGENTS, Wishes

UDEV_RUNS: Final = Path("/run/udev/control")

Say = Callable[[str], None]


def carry_out(steps: Sequence[Step], manifest: Manifest, say: Say, *, dry: bool) -> int:
    """Do what is not done yet; how many steps that were.

    Args:
        steps: In order.
        manifest: What is on the box; kept up to date on disk.
        say: Gets one line a step.
        dry: Only say what would be done.

    Raises:
        Stopped: a step failed. Those before it stay; the same run again goes on from there.
    """
    count = 0
    for step in steps:
        if step.done(manifest):
            continue
        count += 1
        say(f"{'[dry] ' if dry else ''}{step.what}")
        if dry:
            continue
        try:
            step.do(manifest)
        except OSError as error:
            raise Stopped(
                f"{step.what}: không ghi được: {error}", f"{step.what} cannot be written: {error}"
            ) from error
    return count


def as_account(name: str, *words: str) -> list[str]:
    """The command that runs words as a program's own account, so that its files are its own."""
    return ["runuser", "--user", f"layso-{name}", "--", *words]


def enrol(wishes: Wishes, say: Say) -> list[str]:
    """Turn the codes into tokens; the roles that did not get one, each said with its reason.

    A code that fails leaves an installed box: the command is made again with a new one.
    """
    failed = []
    for role, code in wishes.codes.items():
        agent = AGENTS[role]
        config = str(ETC / f"{agent}.toml")
        program = str(CURRENT / f"bin/layso-{agent}")
        words = ["enrol", "--server", wishes.server, "--code", code, "--config", config]
        try:
            command(as_account(agent, program, *words))
        except Stopped as stopped:
            failed.append(role)
            say(str(stopped))
            again = ["enrol", "--server", wishes.server, "--code", "MÃ-MỚI", "--config", config]
            say(" ".join(["sudo", f"layso-{agent}", *again]))
    return failed


def refuse_while_numbers_wait(*, lose: bool) -> None:
    """Stop where a kiosk still has numbers to hand in, or nobody can tell.

    What is on the disk decides, not what the box was said to be: a kiosk that was set up half
    gives out numbers too.

    Args:
        lose: The technician accepts that they are lost.

    Raises:
        Stopped: with status 3.
    """
    kept = any((STATE / "kiosk").rglob("*.db"))
    if lose or not (kept or (ETC / "kiosk.toml").exists()):
        return
    programs = [one / "bin/layso-kiosk" for one in (CURRENT, PREVIOUS, *RELEASES.glob("*"))]
    there = [program for program in programs if program.exists()]
    if not there and not kept:
        return
    why = ""
    for program in there:
        said, why = _outbox(str(program))
        if said == 0:
            return
        if said:
            raise Stopped(
                f"ki-ốt còn {said} số chưa gửi máy chủ: nối mạng, chờ gửi hết rồi chạy lại",
                f"the kiosk has {said} numbers to hand in: connect it, wait, run this again",
                OUTBOX,
            )
    raise Stopped(
        f"không rõ ki-ốt còn số chưa gửi hay không. {why}\n"
        "Sửa lỗi trên rồi chạy lại; nếu chấp nhận mất, thêm --lose-outbox",
        "nobody can tell whether numbers wait to be handed in (see above): mend that and run this "
        "again; --lose-outbox accepts their loss",
        OUTBOX,
    )


def _outbox(program: str) -> tuple[int | None, str]:
    """How many wait, as this program says; None and why, where it does not."""
    words = as_account("kiosk", program, "outbox", "--config", str(ETC / "kiosk.toml"))
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode not in (0, 3) or not done.stdout.strip().isdigit():
        return None, f"{ETC / 'kiosk.toml'}: {done.stderr.strip()}"
    return int(done.stdout), ""


def restart(units: Sequence[str], facts: Facts, say: Say) -> None:
    """Let systemd read the units and start them; without systemd they start with the box.

    Those that wait for their token are asked to start and not waited for: they cannot yet.
    """
    if not facts.systemd:
        say("systemd không chạy ở đây: dịch vụ sẽ khởi động cùng máy / services start with the box")
        return
    command(["systemctl", "daemon-reload"])
    if UDEV_RUNS.exists():  # In a container it does not.
        command(["udevadm", "control", "--reload"])
        command(["udevadm", "trigger", "--action=change"])
    waiting = [unit for unit in units if _waits(unit)]
    ready = [unit for unit in units if unit not in waiting]
    if waiting:
        command(["systemctl", "restart", "--no-block", *waiting])
    if ready:
        command(["systemctl", "restart", *ready])


def _waits(unit: str) -> bool:
    """Whether its program has no token yet, and needs one."""
    agent = unit.removeprefix("layso-").removesuffix(".service")
    config = ETC / f"{agent}.toml"
    needs = config.exists() and "token_file" in config.read_text(encoding="utf-8", errors="replace")
    return needs and not (STATE / agent / "token").exists()


def stop(units: Sequence[str], facts: Facts) -> None:
    """End the services, each within its five seconds, and what their timers may have begun."""
    if not facts.systemd:
        return
    begun = [unit.replace(".timer", ".service") for unit in units if unit.endswith(".timer")]
    there = [unit for unit in [*units, *begun] if (UNITS / unit).exists()]
    if there:
        command(["systemctl", "stop", *there])
