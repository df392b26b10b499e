"""layso-kiosk: run, check-config, enrol, self-test, print-test, outbox."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from edge.cli import run_command, run_until_stopped, shared_commands
from edge.findings import report
from kiosk import config as kiosk_config
from kiosk.ports import PrintReceipt
from kiosk.self_test import findings
from kiosk.trial_slip import TrialSlip, lay_out_trial

DEFAULT_CONFIG: Final = Path("kiosk.toml")

NOT_EMPTY: Final = 3
"""The exit status of `outbox` while numbers wait."""

SKELETON: Final = """\
server = "{server}"
token_file = "{token_file}"
centre = "{centre}"
listen = "127.0.0.1:8100"

[printer]
driver = "virtual"         # network (host), usb, serial (port) or file (path); see docs/hardware
# host = "192.168.1.50"
# model = "generic-80"     # sets paper width, cutter, and how the printer answers
paper_mm = 80              # 58 or 80
"""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit status: 0 done, 1 failed, 2 wrong usage."""
    return run_command(_parser(), arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="layso-kiosk", description="Queue ticket kiosk")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    shared_commands(
        commands,
        purpose="give out numbers",
        run=_run,
        check=_check,
        role="kiosk",
        skeleton=SKELETON,
    )

    test = commands.add_parser(
        "self-test", help="look at printer, keys, scanner, server, clock, folder, font and speech"
    )
    test.add_argument("--config", type=Path, default=DEFAULT_CONFIG)
    test.set_defaults(command=_self_test)

    print_test = commands.add_parser("print-test", help="print one test slip (agent stopped)")
    print_test.add_argument("--config", type=Path, default=DEFAULT_CONFIG)
    print_test.set_defaults(command=_print_test)

    left = commands.add_parser(
        "outbox", help="how many numbers wait to be handed in (status 3 while there are any)"
    )
    left.add_argument("--config", type=Path, default=DEFAULT_CONFIG)
    left.set_defaults(command=_outbox)
    return parser


def _run(options: argparse.Namespace) -> int:
    from kiosk.app import KioskAgent  # late: the other commands need no web or socket

    return run_until_stopped(lambda: KioskAgent(kiosk_config.load(options.config)))


def _check(options: argparse.Namespace) -> int:
    found = kiosk_config.load(options.file)
    sys.stdout.write(f"{options.file}: in order, printer '{found.printer_driver}'\n")
    return 0


def _self_test(options: argparse.Namespace) -> int:
    return report(findings(kiosk_config.load(options.config)))


def _outbox(options: argparse.Namespace) -> int:
    from kiosk.outbox import waiting

    count = waiting(kiosk_config.load(options.config, enrolled=False))
    sys.stdout.write(f"{count}\n")
    return NOT_EMPTY if count else 0


def _print_test(options: argparse.Namespace) -> int:
    from kiosk.app import typeface, wording

    config = kiosk_config.load(options.config, enrolled=False)
    words = wording()
    said = TrialSlip(
        title=words.vi["slip.test"],
        title_en=words.en["slip.test"],
        printer=f"{config.printer_driver} {config.printer_model}".strip(),
        printed_at=f"{datetime.now(UTC).astimezone():%H:%M:%S · %d/%m/%Y}",
        link=config.agent.server,
    )
    slip = lay_out_trial(said, config.printer.paper_dots, typeface())
    try:
        receipt = config.printer.print_slip(slip)
    finally:
        config.printer.close()
    sys.stdout.write(f"{_told(receipt)}\n")
    return 1 if receipt.outcome == "failed" else 0


def _told(receipt: PrintReceipt) -> str:
    reason = f" ({receipt.reason})" if receipt.reason else ""
    line = f"{receipt.outcome}{reason}, {receipt.bytes_sent} bytes"
    if receipt.outcome != "unknown":
        return line
    return (
        f"{line}; look whether the slip is out and cut. If it is, and this printer never answers,"
        ' say model = "silent-80" (or silent-58) and silent = "printed"; if not, check its'
        " cable, speed and flow control"
    )


if __name__ == "__main__":
    sys.exit(main())
