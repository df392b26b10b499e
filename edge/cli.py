"""What the agents' command lines share: three commands, exit statuses, running until stopped."""

import argparse
import logging
import signal
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

from edge.enrol import enrol
from edge.pulse import PULSE
from wire.errors import LaySoError
from wire.notify import Notifier

log = logging.getLogger(__name__)

Command = Callable[[argparse.Namespace], int]


class Commands(Protocol):
    """What argparse's `add_subparsers` gives."""

    def add_parser(self, name: str, *, help: str) -> argparse.ArgumentParser:
        """Add one command."""
        ...


class Agent(Protocol):
    """An agent as its command line sees it."""

    def start(self) -> None:
        """Begin to work; returns once it does."""
        ...

    def status(self) -> str:
        """How it is, in one line."""
        ...

    def stop(self) -> None:
        """End, keeping what must be kept."""
        ...


def run_command(parser: argparse.ArgumentParser, arguments: list[str] | None) -> int:
    """Run one command; its exit status: 0 done, 1 failed (one line a fault), 2 wrong usage."""
    options = parser.parse_args(arguments)
    try:
        return int(options.command(options))
    except LaySoError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def shared_commands(
    commands: Commands, *, purpose: str, run: Command, check: Command, role: str, skeleton: str
) -> None:
    """Add `run`, `check-config` and `enrol` to an agent's commands.

    Args:
        commands: The program's commands.
        purpose: What `run` is for, in a few words.
        run: Does it.
        check: Reads a config and says what is in it.
        role: What the agent's token must be for.
        skeleton: Its first config; see `edge.enrol.enrol`.
    """
    running = commands.add_parser("run", help=f"{purpose} until stopped")
    running.add_argument("--config", type=Path, required=True)
    running.set_defaults(command=run)

    checking = commands.add_parser("check-config", help="name every fault of a config file")
    checking.add_argument("file", type=Path)
    checking.set_defaults(command=check)

    enrolment = commands.add_parser("enrol", help="turn a one-time code into this agent's token")
    enrolment.add_argument("--server", required=True)
    enrolment.add_argument("--code", required=True)
    enrolment.add_argument("--config", type=Path, required=True)
    enrolment.set_defaults(command=partial(_enrol, role=role, skeleton=skeleton))


def _enrol(options: argparse.Namespace, *, role: str, skeleton: str) -> int:
    enrolled = enrol(options.server, options.code, options.config, role=role, skeleton=skeleton)
    sys.stdout.write(f"enrolled at {enrolled.centre}; config: {options.config}\n")
    return 0


def run_until_stopped(make: Callable[[], Agent]) -> int:
    """Make an agent, run it until SIGINT or SIGTERM, and stop it.

    The service manager is told when it works, and hears from it for as long as all its threads
    move.
    """
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    agent = make()
    asked_to_stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked_to_stop.set())
    notifier = Notifier.from_environment()
    agent.start()
    notifier.ready()
    said: list[str] = []
    while not asked_to_stop.wait(notifier.every_s):
        missing = PULSE.missing()
        if missing != said:
            log.error("threads that do not move: %s", ", ".join(missing) or "none any more")
        said = missing
        if not missing:
            notifier.alive(agent.status())
    notifier.stopping()
    agent.stop()
    return 0
