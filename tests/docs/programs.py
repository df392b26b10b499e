"""The commands of the pages, put through the parsers of the very programs they name."""

import argparse
import importlib
import re
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import pytest

from tests.docs.pages import ROOT

SYSTEM: Final = frozenset(
    [
        *(
            "amtool",
            "apt",
            "apt-get",
            "caddy",
            "cat",
            "cd",
            "chmod",
            "chown",
            "chromium",
            "chronyc",
            "cp",
            "curl",
        ),
        *("date", "df", "do", "done", "echo", "findmnt", "install", "journalctl", "ls", "lsusb"),
        *("mkdir", "mkfs.ext4", "mount", "mv", "nginx", "overlayroot-chroot", "ping", "promtool"),
        *("hostnamectl", "psql", "pg_dump", "reboot", "rm", "rpi-image-gen", "sfdisk"),
        *("sleep", "sync", "systemctl", "tee"),
        *("timedatectl", "truncate", "udevadm", "umount", "until", "update-ca-certificates"),
    ]
)
"""Programs that are not ours. One that is misspelt is neither here nor there."""

BEFORE: Final = ("sudo", "env", "export")
"""What stands before a command or a setting."""

SCRIPTS: Final = {
    "setup": "script/setup.py",
    "test": "script/check.py",
    "wheelhouse": "script/wheelhouse.py",
    "demo": "simulation.demo.__main__",
    "bench": "bench.suite",
}


class Parsed(BaseException):
    """The program took the words; it is stopped before it does anything."""


def commands_in(line: str) -> Iterator[list[str]]:
    """The commands of a line of shell, without redirections; each as its words."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;<>")
    lexer.whitespace_split = True
    command: list[str] = []
    dropped = False
    for word in lexer:
        if set(word) <= set("|&;"):
            yield command
            command, dropped = [], False
        elif set(word) <= set("<>"):
            dropped = True
        elif not dropped:
            command.append(word)
    yield command


def check(command: Sequence[str], patch: pytest.MonkeyPatch) -> None:
    """Raise SystemExit, as the program does, or AssertionError where it would not take this."""
    words = list(command)
    while words and (words[0] in BEFORE or re.match(r"[A-Z_]+=", words[0])):
        words.pop(0)
        if words[:1] == ["-u"]:  # sudo's account
            del words[:2]
    if not words or words[0] in SYSTEM:
        return
    program, given = words[0], words[1:]
    if program in ("python3", ".venv/bin/python"):
        assert given[:1] == ["-m"], f"{program} is not used for a module: {' '.join(words)}"
        _module(given[1], given[2:], patch)
    elif program == "firmware_config/install":
        _parse("firmware_config.installer.cli", given, patch)
    elif program.startswith("script/"):
        assert (ROOT / program).exists(), f"there is no {program}"
        _script(program.removeprefix("script/"), given, patch)
    else:
        _installed(program, given, patch)


def _installed(program: str, given: Sequence[str], patch: pytest.MonkeyPatch) -> None:
    known = {point.name: point.module for point in entry_points(group="console_scripts")}
    assert program.startswith("layso-"), f"{program} is no program of ours or of Debian"
    assert program in known, f"there is no program {program}"
    _parse(known[program], given, patch)


def _script(name: str, given: Sequence[str], patch: pytest.MonkeyPatch) -> None:
    if name not in SCRIPTS:
        assert not given, f"script/{name} takes no words"
        return
    patch.syspath_prepend(str(ROOT / "script"))
    place = SCRIPTS[name]
    _parse(Path(place).stem if place.endswith(".py") else place, given, patch)


def _module(name: str, given: Sequence[str], patch: pytest.MonkeyPatch) -> None:
    spec = find_spec(name)
    assert spec is not None, f"there is no module {name}"
    if spec.submodule_search_locations is not None:
        name = f"{name}.cli" if find_spec(f"{name}.cli") else f"{name}.__main__"
    if "argparse" in Path(str(find_spec(name).origin)).read_text(encoding="utf-8"):  # type: ignore[union-attr]
        _parse(name, given, patch)


def _parse(module: str, given: Sequence[str], patch: pytest.MonkeyPatch) -> None:
    """Let the program's own `main` parse the words, and stop it there."""
    real = argparse.ArgumentParser.parse_args

    def only(parser: argparse.ArgumentParser, args: Any = None, namespace: Any = None) -> Any:
        real(parser, args, namespace)
        raise Parsed

    loaded = importlib.import_module(module)
    start: Callable[[], object] = loaded.main
    if module == "server.cli":  # Its `main` lets gevent in before it parses.
        start = lambda: loaded.parser().parse_args()  # noqa: E731 - parsing is put off
    with patch.context() as here:
        here.setattr(argparse.ArgumentParser, "parse_args", only)
        here.setattr(sys, "argv", [module, *given])
        try:
            start()
        except Parsed:
            return
        except SystemExit as end:
            if not end.code:  # It was asked for its words: --help.
                return
            raise
    raise AssertionError(f"{module} did not parse its words")
