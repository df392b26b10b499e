"""layso-display: run, check-config, enrol, self-test."""

import argparse
import sys
import time
from pathlib import Path
from typing import Final

from display import config as display_config
from display.errors import PanelError
from edge.cli import run_command, run_until_stopped, shared_commands
from edge.enrol import enrol
from wire.answers import Enrolled

SKELETON: Final = """\
server = "{server}"
token_file = "{token_file}"
centre = "{centre}"
listen = "127.0.0.1:8200"

[[panel]]                  # one for each LED panel
counter = "{counter}"
driver = "virtual"         # modbus_rtu for a panel on RS-485, with:
# port = "/dev/ttyUSB0"
# baud = 9600
# unit = 1
# text_register = 0
# text_length = 6
"""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit status: 0 done, 1 failed, 2 wrong usage."""
    return run_command(_parser(), arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="layso-display", description="LED counter panels")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    shared_commands(
        commands, purpose="show calls on the panels", run=_run, check=_check, enrol=_enrol
    )

    test = commands.add_parser("self-test", help="light every panel in turn (agent stopped)")
    test.add_argument("--config", type=Path, default=Path("display.toml"))
    test.add_argument("--pause", type=float, default=1.0, help="seconds a panel stays lit")
    test.set_defaults(command=_self_test)
    return parser


def _run(options: argparse.Namespace) -> int:
    from display.app import DisplayAgent  # late: the other commands need no web or socket

    return run_until_stopped(lambda: DisplayAgent(display_config.load(options.config)))


def _check(options: argparse.Namespace) -> int:
    found = display_config.load(options.file)
    count = len(found.panels)
    panels = "1 panel" if count == 1 else f"{count} panels"
    sys.stdout.write(f"{options.file}: in order, {panels}\n")
    return 0


def _enrol(options: argparse.Namespace) -> int:
    enrolled = enrol(
        options.server, options.code, options.config, role="display", skeleton=_skeleton
    )
    sys.stdout.write(f"enrolled at {enrolled.centre}; config: {options.config}\n")
    return 0


def _skeleton(server: str, token_file: str, enrolled: Enrolled) -> str:
    return SKELETON.format(
        server=server,
        token_file=token_file,
        centre=enrolled.centre,
        counter=enrolled.counter or "q1",
    )


def _self_test(options: argparse.Namespace) -> int:
    failed = 0
    for one in display_config.load(options.config).panels:
        began = time.monotonic()
        try:
            one.panel.show("8" * one.panel.text_length, blink=False)
            took_ms = 1000 * (time.monotonic() - began)
            time.sleep(options.pause)
            one.panel.show("", blink=False)
            said = f"ok, {took_ms:.0f} ms"
        except PanelError as error:
            failed += 1
            said = f"FAILED: {error}"
        finally:
            one.panel.close()
        sys.stdout.write(f"{one.counter}  {one.driver}  {one.panel.place}  {said}\n")
        sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
