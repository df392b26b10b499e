"""What the technician asked for, checked as a whole before anything is touched."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from firmware_config.installer.errors import refuse_if_wrong, wrong

ROLES: Final = ("server", "kiosk", "display", "hall", "pad")
_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HOST: Final = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")
DEVICES: Final = ("kiosk", "display", "hall", "pad")
"""Roles whose program belongs to a centre of a server."""

EXTRAS: Final = {
    "server": "server",
    "kiosk": "kiosk",
    "display": "display",
    "pad": "display",
    "hall": "display",
}
AGENTS: Final = {"kiosk": "kiosk", "display": "display", "pad": "display", "hall": "screen"}
"""Role to program: pads hang on the display's agent, a hall's page is shown by the screen."""


@dataclass(frozen=True)
class Wishes:
    """Roles, and what their first configuration needs. `codes` is by role."""

    roles: tuple[str, ...]
    server: str = ""
    centre: str = ""
    zone: str = ""
    public_url: str = ""
    codes: dict[str, str] = field(default_factory=dict)
    wheels: Path | None = None
    packages: bool = True

    @property
    def extras(self) -> tuple[str, ...]:
        """The parts of the package that these roles need."""
        return tuple(sorted({EXTRAS[role] for role in self.roles}))

    @property
    def screen(self) -> str:
        """What the box's own screen shows: `kiosk`, `hall`, or nothing."""
        return next((role for role in ("kiosk", "hall") if role in self.roles), "")


def checked(wishes: Wishes) -> Wishes:
    """The same wishes, once nothing is wrong with them.

    Raises:
        Stopped: every fault, each with its option and what to give.
    """
    faults = [*_roles(wishes), *_answers(wishes)]
    refuse_if_wrong(faults)
    return wishes


def _roles(wishes: Wishes) -> list[tuple[str, str]]:
    faults = []
    if not wishes.roles:
        names = " ".join(ROLES)
        faults.append((f"chưa nêu vai trò nào: {names}", f"no role was given: {names}"))
    for role in wishes.roles:
        if role not in ROLES:
            known = ", ".join(ROLES)
            faults.append(
                (f"không có vai trò '{role}'; chọn: {known}", f"no role '{role}'; one of: {known}")
            )
    if {"kiosk", "hall"} <= set(wishes.roles):
        faults.append(
            (
                "một máy chỉ có một màn hình: chọn kiosk hoặc hall",
                "a box has one screen: choose kiosk or hall",
            )
        )
    return faults


def _answers(wishes: Wishes) -> list[tuple[str, str]]:
    faults = []
    device = bool(set(wishes.roles) & set(DEVICES))
    if device and not _address(wishes.server):
        faults.append(wrong("--server", wishes.server, "http://10.0.0.5:8000"))
    if device and not _SLUG.fullmatch(wishes.centre):
        faults.append(wrong("--centre", wishes.centre, "binh-duong"))
    if wishes.zone and not _SLUG.fullmatch(wishes.zone):
        faults.append(wrong("--zone", wishes.zone, "khu-a"))
    if ("server" in wishes.roles or wishes.public_url) and not _address(wishes.public_url):
        faults.append(wrong("--public-url", wishes.public_url, "http://10.0.0.5:8000"))
    for role in wishes.codes:
        if role not in wishes.roles or role not in DEVICES:
            faults.append(wrong("--code", role, "kiosk=ABCD-EFGH"))
    return faults


def _address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    plain = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username)
    known = bool(_HOST.fullmatch(parts.hostname or ""))
    return parts.scheme in ("http", "https") and known and plain and port != 0
