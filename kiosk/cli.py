"""layso-kiosk: run, check-config, enrol, self-test, print-test."""

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from edge.cli import run_command, run_until_stopped, shared_commands
from edge.client import ServerClient
from edge.enrol import enrol
from edge.errors import ServerRefused, ServerUnreachable, SpeechUnavailable
from kiosk import config as kiosk_config
from kiosk.errors import KioskError
from kiosk.ticket_layout import SlipContent, lay_out
from wire.answers import Enrolled

DEFAULT_CONFIG: Final = Path("kiosk.toml")

SKELETON: Final = """\
server = "{server}"
token_file = "{token_file}"
centre = "{centre}"
listen = "127.0.0.1:8100"

[printer]
driver = "virtual"         # network for a printer on the network, with:
# host = "192.168.1.50"
# port = 9100
paper_mm = 80              # 58 or 80
"""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit status: 0 done, 1 failed, 2 wrong usage."""
    return run_command(_parser(), arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="layso-kiosk", description="Queue ticket kiosk")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    shared_commands(commands, purpose="give out numbers", run=_run, check=_check, enrol=_enrol)

    test = commands.add_parser(
        "self-test", help="look at printer, server, data folder, font and speech"
    )
    test.add_argument("--config", type=Path, default=DEFAULT_CONFIG)
    test.set_defaults(command=_self_test)

    print_test = commands.add_parser("print-test", help="print one test slip (agent stopped)")
    print_test.add_argument("--config", type=Path, default=DEFAULT_CONFIG)
    print_test.set_defaults(command=_print_test)
    return parser


def _run(options: argparse.Namespace) -> int:
    from kiosk.app import KioskAgent  # late: the other commands need no web or socket

    return run_until_stopped(lambda: KioskAgent(kiosk_config.load(options.config)))


def _check(options: argparse.Namespace) -> int:
    found = kiosk_config.load(options.file)
    sys.stdout.write(f"{options.file}: in order, printer '{found.printer_driver}'\n")
    return 0


def _enrol(options: argparse.Namespace) -> int:
    enrolled = enrol(options.server, options.code, options.config, role="kiosk", skeleton=_skeleton)
    sys.stdout.write(f"enrolled at {enrolled.centre}; config: {options.config}\n")
    return 0


def _skeleton(server: str, token_file: str, enrolled: Enrolled) -> str:
    return SKELETON.format(server=server, token_file=token_file, centre=enrolled.centre)


def _self_test(options: argparse.Namespace) -> int:
    config = kiosk_config.load(options.config)
    results = [
        _tell("printer", *_printer_works(config)),
        _tell("server", *_server_answers(config)),
        _tell("data folder", *_folder_writable(config.agent.data_dir)),
        _tell("font", *_font_there()),
        _tell("speech", *_speaks()),
    ]
    return 0 if all(results) else 1


def _tell(what: str, ok: bool, detail: str) -> bool:
    (sys.stdout if ok else sys.stderr).write(f"{what}: {'ok' if ok else 'FAILED'}, {detail}\n")
    return ok


def _printer_works(config: kiosk_config.KioskConfig) -> tuple[bool, str]:
    status = config.printer.status()
    config.printer.close()
    words = f"{config.printer_driver}, paper {status.paper}, cover {status.cover}"
    return status.state != "error", f"{words} ({status.detail})" if status.detail else words


def _server_answers(config: kiosk_config.KioskConfig) -> tuple[bool, str]:
    client = ServerClient(config.agent.server, config.agent.token)
    try:
        body = client.get("/api/v1/whoami", timeout_s=5).body
    except (ServerUnreachable, ServerRefused) as error:
        return False, f"{config.agent.server}: {error}"
    finally:
        client.close()
    who = body if isinstance(body, dict) else {}
    if who.get("role") != "kiosk" or who.get("centre") != config.agent.centre:
        return False, f"the token is for {who.get('role')} at {who.get('centre')}; enrol again"
    return True, f"{config.agent.server}, kiosk {who.get('kiosk')}"


def _folder_writable(folder: Path) -> tuple[bool, str]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return False, f"{folder}: {error.strerror or error}"
    return os.access(folder, os.W_OK), str(folder)


def _font_there() -> tuple[bool, str]:
    from kiosk.app import FONTS, typeface

    try:
        typeface()
    except KioskError as error:
        return False, str(error)
    return True, str(FONTS)


def _speaks() -> tuple[bool, str]:
    from edge.speech import Speech, find_installed

    try:
        Speech().say("Mời số H047", "vi")
    except SpeechUnavailable as error:
        return False, str(error)
    return True, find_installed().library


def _print_test(options: argparse.Namespace) -> int:
    from kiosk.app import typeface, wording

    config = kiosk_config.load(options.config)
    words = wording()
    content = SlipContent(
        organisation=words.vi["slip.organisation"],
        place=config.agent.centre,
        service=words.vi["slip.test"],
        service_en=words.en["slip.test"],
        number="H888",
        facts=(),
        track_url=config.agent.server,
        scan=words.vi["slip.scan"],
        scan_en=words.en["slip.scan"],
        issued=f"{datetime.now(UTC).astimezone():%H:%M · %d/%m/%Y}",
        closing="ẮẰẲẴẶ ấầẩẫậ ĐđƠơƯư ỐỒỔỖỘ ớờởỡợ ỨỪỬỮỰ ýỳỷỹỵ",
    )
    slip = lay_out(content, config.printer.paper_dots, typeface())
    try:
        receipt = config.printer.print_slip(slip)
    finally:
        config.printer.close()
    reason = f" ({receipt.reason})" if receipt.reason else ""
    sys.stdout.write(f"{receipt.outcome}{reason}, {receipt.bytes_sent} bytes\n")
    return 1 if receipt.outcome == "failed" else 0


if __name__ == "__main__":
    sys.exit(main())
