"""layso-screen: run, check-config, enrol, self-test."""

import argparse
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from display.screen import config as screen_config
from display.screen.config import ScreenConfig
from display.screen.turn import TURNER, turns_by_itself
from edge.cli import run_command, run_until_stopped, shared_commands
from edge.client import ServerClient
from edge.errors import ServerRefused, ServerUnreachable
from edge.findings import Finding, report

DEFAULT_CONFIG: Final = Path("screen.toml")
GRAPHICS: Final = Path("/dev/dri")
SOUND: Final = Path("/proc/asound/cards")
ANSWER_S: Final = 5.0

SKELETON: Final = """\
show = "hall"
server = "{server}"
token_file = "{token_file}"
centre = "{centre}"
# zone = "a"               # the zone that this screen stands in
# rotate = 90              # a screen on its side: clockwise
"""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit status: 0 done, 1 failed, 2 wrong usage."""
    return run_command(_parser(), arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="layso-screen", description="One page, full size")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    shared_commands(
        commands, purpose="show the page", run=_run, check=_check, role="hall", skeleton=SKELETON
    )
    test = commands.add_parser("self-test", help="look at programs, graphics, sound, page, token")
    test.add_argument("--config", type=Path, default=DEFAULT_CONFIG)
    test.set_defaults(command=_self_test)
    return parser


def _run(options: argparse.Namespace) -> int:
    from display.screen.app import Screen  # late: the other commands need no template

    runtime = os.environ.get("RUNTIME_DIRECTORY") or f"/run/user/{os.getuid()}/layso-screen"
    return run_until_stopped(lambda: Screen(screen_config.load(options.config), Path(runtime)))


def _check(options: argparse.Namespace) -> int:
    found = screen_config.load(options.file)
    sys.stdout.write(f"{options.file}: in order, shows {found.page}\n")
    return 0


def _self_test(options: argparse.Namespace) -> int:
    return report(_findings(screen_config.load(options.config)))


def _findings(config: ScreenConfig) -> Iterator[Finding]:
    for program in (config.compositor[0], config.browser):
        yield _program(program, "cage chromium")
    if config.rotate and shutil.which(config.compositor[0]) and not turns_by_itself():
        yield _program(TURNER, TURNER)
    cards = " ".join(sorted(card.name for card in GRAPHICS.glob("card*")))
    if cards:
        yield Finding("graphics", True, cards)
    else:
        yield Finding("graphics", False, "none", "is the screen's driver loaded?")
    if config.show == "hall":
        listed = SOUND.read_text(encoding="utf-8") if SOUND.exists() else ""
        names = [line.strip() for line in listed.splitlines() if "[" in line]
        yield Finding("sound", bool(names), names[0] if names else "no sound card")
    yield _page(config)


def _program(name: str, packages: str) -> Finding:
    there = shutil.which(name)
    if there is None:
        return Finding(name, False, "not installed", f"apt-get install {packages}")
    return Finding(name, True, there)


def _page(config: ScreenConfig) -> Finding:
    client = ServerClient(config.server, config.token)
    path = "/api/v1/whoami" if config.show == "hall" else "/api/state"
    try:
        client.get(path, timeout_s=ANSWER_S)
    except (ServerRefused, ServerUnreachable) as error:
        return Finding("page", False, f"{config.server}: {error}")
    finally:
        client.close()
    return Finding("page", True, config.server)


if __name__ == "__main__":
    sys.exit(main())
