"""screen.toml: what the screen shows, and with which programs; every fault reported at once."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote

from display.screen.turn import COMPOSITOR, TURNS
from edge.config import is_server_address, read_file, read_token
from wire.checks import Fault, Table, refuse_if_faulty
from wire.ids import SLUG

KIOSK_PAGE: Final = "http://127.0.0.1:8100"
BROWSER: Final = "/usr/lib/chromium/chromium"
"""The program itself: Debian's start script reads files that the sandbox hides from it."""


@dataclass(frozen=True)
class ScreenConfig:
    """What is shown, and the words of the command that shows it."""

    show: str
    server: str
    page: str
    token: str = field(default="", repr=False)
    compositor: tuple[str, ...] = COMPOSITOR
    browser: str = BROWSER
    browser_options: tuple[str, ...] = ()
    rotate: int = 0


def load(path: Path, *, enrolled: bool = True) -> ScreenConfig:
    """Read and check the file. Starts nothing.

    Args:
        path: The file.
        enrolled: Whether the token of a hall's screen must be there already.

    Raises:
        FaultyFile: with everything that is wrong in it.
    """
    faults: list[Fault] = []
    top = Table(read_file(path), "", faults)
    show = top.text("show", choices=("kiosk", "hall"), what="'kiosk' or 'hall'")
    server = top.text("server", KIOSK_PAGE if show == "kiosk" else None, what="an address")
    if server and not is_server_address(server):
        top.fault("server", f"must be an address such as http://10.0.0.5:8000, not '{server}'")
    server = server.rstrip("/")
    page, token = f"{server}/", ""
    if show == "hall":
        centre = top.text("centre", pattern=SLUG, what="a centre's id")
        zone = top.text("zone", "", pattern=f"(?:{SLUG})?", what="the id of a zone")
        token = read_token(top, path.parent, enrolled=enrolled)
        page = f"{server}/hall/{centre}" + (f"?zone={quote(zone)}" if zone else "")
    config = ScreenConfig(
        show,
        server,
        page,
        token,
        tuple(top.texts("compositor") or COMPOSITOR),
        top.text("browser", BROWSER, what="the path of Chromium"),
        tuple(top.texts("browser_options")),
        _rotate(top),
    )
    top.finish()
    refuse_if_faulty(faults)
    return config


def _rotate(top: Table) -> int:
    degrees = top.integer("rotate", 0, low=0, high=270, what="0, 90, 180 or 270")
    if degrees not in TURNS:
        top.fault("rotate", f"must be 0, 90, 180 or 270, clockwise, not {degrees}")
    if degrees and top.has("compositor"):
        top.fault(
            "rotate", "is for cage; a compositor of your own turns the screen by its own means"
        )
    return degrees
