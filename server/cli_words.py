"""The words of the command line: one parser, told apart by `command`."""

import argparse
import re
from datetime import date
from pathlib import Path
from typing import Any, Final

from wire.words import ROLES

PEOPLE: Final = ("clerk", "greeter", "manager", "admin")


def whole_parser() -> argparse.ArgumentParser:
    """Every command with its options."""
    top = argparse.ArgumentParser(
        prog="layso-server",
        description="Queue tickets for public service centres. Settings: LAYSO_* (check-config).",
        allow_abbrev=False,
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    _serving(commands)
    _centres(commands)
    _access(commands)
    _keeping(commands)
    return top


def _add(commands: Any, name: str, help_text: str, command: str) -> argparse.ArgumentParser:
    added: argparse.ArgumentParser = commands.add_parser(
        name, help=help_text, description=help_text, allow_abbrev=False
    )
    added.set_defaults(command=command)
    return added


def _group(commands: Any, name: str, help_text: str) -> Any:
    group = commands.add_parser(name, help=help_text, description=help_text, allow_abbrev=False)
    return group.add_subparsers(required=True, metavar="ACTION")


def _serving(commands: Any) -> None:
    _add(commands, "init", "Make the data folder, the secret key and the tables", "init")
    _add(commands, "migrate", "Bring the tables up to this program's version", "migrate")
    run = _add(commands, "run", "Serve until SIGTERM or Ctrl-C", "run")
    run.add_argument("--host", help="address to listen on (LAYSO_HOST)")
    run.add_argument("--port", type=_port, help="port to listen on (LAYSO_PORT)")
    run.add_argument(
        "--workers", type=_workers, default=1, help="processes; above 1 only on PostgreSQL"
    )
    _add(commands, "check-config", "Print every setting, secrets masked", "check-config")


def _centres(commands: Any) -> None:
    centre = _group(commands, "centre", "Import and export centres")
    bring = _add(centre, "import", "Create or change a centre from its file", "centre import")
    bring.add_argument("file", metavar="FILE", type=Path)
    export = _add(centre, "export", "Print a centre's file", "centre export")
    export.add_argument("centre", metavar="ID")
    procedures = _group(commands, "procedures", "The catalogue of procedures")
    table = _add(procedures, "import", "Replace a centre's procedures", "procedures import")
    table.add_argument("file", metavar="FILE", type=Path)
    table.add_argument("--centre", metavar="ID", required=True)


def _access(commands: Any) -> None:
    token = _group(commands, "token", "Tokens of devices and integrations")
    create = _add(token, "create", "Print a new token, alone, on stdout", "token create")
    create.add_argument("--role", required=True, choices=ROLES)
    create.add_argument("--centre", metavar="ID")
    create.add_argument("--counter", metavar="ID")
    create.add_argument("--band", metavar="FIRST-LAST", type=_band, help="a kiosk's own numbers")
    create.add_argument("--name", metavar="TEXT", default="")
    revoke = _add(token, "revoke", "Revoke a token; live sockets are cut", "token revoke")
    revoke.add_argument("token", metavar="TOKEN", help="the token, its id, or - to read stdin")
    user = _group(commands, "user", "People who sign in")
    person = _add(user, "create", "Create an account", "user create")
    person.add_argument("--name", metavar="N", required=True)
    person.add_argument("--role", required=True, choices=PEOPLE)
    person.add_argument("--centre", metavar="ID")
    person.add_argument(
        "--password-stdin", action="store_true", required=True, help="read one line of stdin"
    )
    _add(
        commands,
        "setup-code",
        "Print a new one-time code for the page /setup, while nobody has an account",
        "setup-code",
    )
    code = _group(commands, "enrol-code", "One-time codes for devices")
    made = _add(code, "create", "Print a code that becomes a token once", "enrol-code create")
    made.add_argument("--role", required=True, choices=ROLES)
    made.add_argument("--centre", metavar="ID", required=True)
    made.add_argument("--counter", metavar="ID")


def _keeping(commands: Any) -> None:
    backup = _add(commands, "backup", "Copy the whole database to a new file", "backup")
    where = backup.add_mutually_exclusive_group(required=True)
    where.add_argument("file", metavar="FILE", type=Path, nargs="?")
    where.add_argument(
        "--into", metavar="FOLDER", type=Path, help="one more copy there; the old ones are thinned"
    )
    restore = _add(commands, "restore", "Fill an empty database from a backup", "restore")
    restore.add_argument("file", metavar="FILE", type=Path)
    _add(commands, "verify", "Prove that the log is whole and fits the tables", "verify")
    old = _add(
        commands,
        "anonymise",
        "Forget what citizens wrote and the links to their numbers, of tickets older than 30 days",
        "anonymise",
    )
    old.add_argument("--days", type=_days, metavar="N", help="older than N days instead")
    log = _group(commands, "log", "The log of what happened")
    days = _add(log, "export", "Print the log of some days as JSON lines", "log export")
    days.add_argument("--centre", metavar="ID", required=True)
    days.add_argument(
        "--from", metavar="DAY", type=_day, required=True, dest="first_day", help="2026-11-23"
    )
    days.add_argument(
        "--to", metavar="DAY", type=_day, required=True, dest="last_day", help="may be the same"
    )


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"'{text}' is not a port from 0 to 65535")
    return int(text)


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= 3650:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of days from 1 to 3650")
    return int(text)


def _workers(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 1 to 64")
    return int(text)


def _band(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"([0-9]{3})-([0-9]{3})", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"'{text}' is not a band such as 700-749")
    return int(found[1]), int(found[2])


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text).isoformat()
    except ValueError:
        day = ""
    if day != text:
        raise argparse.ArgumentTypeError(f"'{text}' is no day; write it as 2026-11-23")
    return text
