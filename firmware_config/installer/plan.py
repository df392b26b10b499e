"""From what a box is and what was asked to the steps, as data. Reads our own files alone."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from firmware_config.boot.merge import merged_cmdline, merged_config
from firmware_config.installer.box import Facts
from firmware_config.installer.configs import configs, policies
from firmware_config.installer.places import (
    BOOT_CONFIG,
    BOOT_LINE,
    CHRONY,
    COMMANDS,
    CURRENT,
    SOURCE,
    STATE,
    SYSUSERS,
    TMPFILES,
    UDEV,
    UNITS,
)
from firmware_config.installer.release import Keep, Release, Switch, Wheel
from firmware_config.installer.steps import (
    Accounts,
    Enable,
    Packages,
    PutBoot,
    PutBootLine,
    PutConfig,
    PutFile,
    Run,
    Step,
    Tidy,
)
from firmware_config.installer.wishes import Wishes
from firmware_config.root.tables import chrony

RELEASES_KNOWN: Final = ("bookworm", "trixie")
BASE_PACKAGES: Final = ("python3-venv", "chrony")
SCREEN_PACKAGES: Final = ("cage", "xwayland", "wlr-randr", "chromium", "seatd")
"""cage ends at once where there is no Xwayland, and Debian's package does not bring it."""

ROLE_PACKAGES: Final = {
    "server": (),
    "kiosk": (*SCREEN_PACKAGES, "alsa-utils"),
    "hall": (*SCREEN_PACKAGES, "alsa-utils"),
    "display": ("alsa-utils",),
    "pad": (),
}
ROLE_UNITS: Final = {
    "server": (
        ("layso-server.service", "multi-user.target"),
        ("layso-backup.timer", "timers.target"),
        ("layso-verify.timer", "timers.target"),
    ),
    "kiosk": (
        ("layso-kiosk.service", "multi-user.target"),
        ("layso-screen.service", "multi-user.target"),
    ),
    "hall": (("layso-screen.service", "multi-user.target"),),
    "display": (("layso-display.service", "multi-user.target"),),
    "pad": (("layso-display.service", "multi-user.target"),),
}
DEVICE_ROLES: Final = frozenset({"kiosk", "display", "pad"})
SECRETS: Final = frozenset({"server.env"})
"""Configuration that may hold a password; systemd reads it as root."""


def packages_of(roles: tuple[str, ...], *, pins: bool) -> tuple[str, ...]:
    """Debian packages that these roles need, sorted.

    Args:
        roles: What the box is to be.
        pins: Whether its keys may hang on GPIO: the library for it comes from Debian, as it has
            no wheel for the Pi.
    """
    own = {name for role in roles for name in ROLE_PACKAGES[role]}
    return tuple(sorted({*BASE_PACKAGES, *own, *(["python3-lgpio"] if pins else [])}))


def has_pins(roles: tuple[str, ...], facts: Facts) -> bool:
    """Whether the box has pins that one of its roles may use."""
    return facts.is_pi and bool(set(roles) & {"kiosk", "display", "pad"})


def units_of(roles: tuple[str, ...]) -> dict[str, str]:
    """Unit → the target that starts it, for these roles."""
    return {unit: target for role in roles for unit, target in ROLE_UNITS[role]}


def extras_of(wishes: Wishes, facts: Facts) -> tuple[str, ...]:
    """The parts of the package: what the roles need, and the pins where the board has some."""
    return (*wishes.extras, *(["gpio"] if has_pins(wishes.roles, facts) else []))


def plan(wishes: Wishes, facts: Facts, wheel: Wheel) -> list[Step]:
    """Every step in order; each leaves a box that works as far as it goes."""
    steps: list[Step] = []
    if wishes.packages:
        names = packages_of(wishes.roles, pins=has_pins(wishes.roles, facts))
        missing = tuple(name for name in names if name not in facts.installed)
        steps.append(Packages(names, missing))
    accounts, files = _accounts(), system_files(wishes)
    steps += accounts
    steps.append(Release(wheel, extras_of(wishes, facts), facts.is_pi))
    steps += [Keep(wheel.version, tuple(files)), *files, tidy(files)]
    for path, text in configs(wishes, facts).items():
        mode = 0o600 if Path(path).name in SECRETS else 0o644
        steps.append(PutConfig(Path(path), text.encode(), mode))
    steps.append(Switch(wheel.version))
    if "server" in wishes.roles:
        steps.append(_database())
    if facts.is_pi:
        steps += _boot(wishes.roles, facts.board)
    steps += [Enable(unit, target) for unit, target in units_of(wishes.roles).items()]
    return steps


def tidy(files: Sequence[PutFile]) -> Step:
    """What else is of ours among the system's files goes."""
    return Tidy(frozenset({SYSUSERS, TMPFILES, *(file.path for file in files)}))


def system_files(wishes: Wishes) -> list[PutFile]:
    """What these roles put among the system's own files, as the stick has it."""
    systemd = SOURCE / "systemd"
    drop_ins = [f"{name}.conf.d/50-layso.conf" for name in ("journald", "system", "coredump")]
    files = [
        PutFile(Path("/etc/systemd") / file, (systemd / file).read_bytes()) for file in drop_ins
    ]
    clock = chrony(urlsplit(wishes.server).hostname or "", serves="server" in wishes.roles)
    files.append(PutFile(CHRONY, clock.encode()))
    files += _units(wishes.roles, systemd / "units")
    if set(wishes.roles) & DEVICE_ROLES:
        files.append(PutFile(UDEV, (SOURCE / "udev/60-layso.rules").read_bytes()))
    files += [PutFile(Path(path), text.encode()) for path, text in policies(wishes).items()]
    command = (SOURCE / "commands/as-account").read_bytes()
    programs = sorted({_program(unit) for unit in units_of(wishes.roles)})
    return files + [PutFile(COMMANDS / name, command, 0o755) for name in programs]


def _boot(roles: tuple[str, ...], board: str) -> list[Step]:
    return [
        PutBoot(BOOT_CONFIG, lambda text: merged_config(text, board, roles)),
        PutBootLine(BOOT_LINE, lambda text: merged_cmdline(text, roles)),
    ]


def _program(unit: str) -> str:
    return "layso-server" if unit.endswith(".timer") else unit.removesuffix(".service")


def _accounts() -> list[Step]:
    own = SOURCE / "systemd"
    names = ("server", "kiosk", "display", "screen")
    folders = tuple(STATE / name for name in (*names, "backups"))
    make = ("systemd-tmpfiles", "--create", str(TMPFILES))
    return [
        PutFile(SYSUSERS, (own / "sysusers.d/layso.conf").read_bytes()),
        Accounts(tuple(f"layso-{name}" for name in names)),
        PutFile(TMPFILES, (own / "tmpfiles.d/layso.conf").read_bytes()),
        Run(f"folders in {STATE}", make, folders),
    ]


def _units(roles: tuple[str, ...], own: Path) -> list[PutFile]:
    """The unit files of these roles with their drop-ins, the shared one among them."""
    units = set(units_of(roles))
    units |= {unit.replace(".timer", ".service") for unit in units}
    folders = [f"{unit}.d" for unit in units] + ["layso-.service.d"]
    wanted = [own / unit for unit in units]
    wanted += [file for folder in folders for file in (own / folder).glob("*.conf")]
    return [PutFile(UNITS / file.relative_to(own), file.read_bytes()) for file in sorted(wanted)]


def _database() -> Step:
    account = ("runuser", "--user", "layso-server", "--")
    settings = ("env", f"LAYSO_DATA_DIR={STATE / 'server'}")
    words = (*account, *settings, str(CURRENT / "bin/layso-server"), "init")
    return Run("the server's database", words, (STATE / "server/secret.key",))
