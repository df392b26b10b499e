"""layso-display: run, check-config, enrol; self-test, scan and identify are in `cli_bus`."""

import argparse
import sys
from typing import Final

from display import config as display_config
from display.cli_bus import add_bus_commands
from display.voice.check import check_clips
from edge.cli import run_command, run_until_stopped, shared_commands

SKELETON: Final = """\
server = "{server}"
token_file = "{token_file}"
centre = "{centre}"
listen = "127.0.0.1:8200"

[[panel]]                  # one for each LED panel
counter = "{counter}"
driver = "virtual"         # modbus_rtu, alpha or frame for a panel on a serial port:
# port = "/dev/ttyUSB0"    # layso-display scan /dev/ttyUSB0 says who is there
# baud = 9600
# unit = 1                 # of modbus_rtu; alpha has address = "01", frame a template
# text_register = 0
# text_length = 6

# [voice]                  # this machine says the calls on its loudspeaker
# driver = "alsa"
# device = "default"
"""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit status: 0 done, 1 failed, 2 wrong usage."""
    return run_command(_parser(), arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="layso-display", description="LED counter panels")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    shared_commands(
        commands,
        purpose="show calls on the panels",
        run=_run,
        check=_check,
        role="display",
        skeleton=SKELETON,
    )

    add_bus_commands(commands)
    return parser


def _run(options: argparse.Namespace) -> int:
    from display.app import DisplayAgent  # late: the other commands need no web or socket

    return run_until_stopped(lambda: DisplayAgent(display_config.load(options.config)))


def _check(options: argparse.Namespace) -> int:
    found = display_config.load(options.file)
    counts = {"panel": len(found.panels), "pad": len(found.pads.pads)}
    parts = [f"{n} {what}{'s' * (n != 1)}" for what, n in counts.items() if n or what == "panel"]
    sys.stdout.write(f"{options.file}: in order, {', '.join(parts)}\n")
    sys.stderr.write("".join(f"{warning}\n" for warning in found.warnings))
    return 0 if check_clips(found.voice) else 1


if __name__ == "__main__":
    sys.exit(main())
