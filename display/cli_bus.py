"""layso-display self-test, scan and identify: for installers, with the agent stopped."""

import argparse
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from display import config as display_config
from display.advice import BUSY
from display.drivers.serial_wire import BAUDS, PARITIES
from display.errors import PortBusy
from display.pads.self_test import try_pads
from display.scan import CANNOT, PROTOCOLS, Found, Protocol, Scan, Speed, config_lines
from display.voice.check import say_trial
from display.walk import Identify, self_test
from edge.cli import Commands

SEVEN_BITS: Final = frozenset({"even", "odd"})


def add_bus_commands(commands: Commands) -> None:
    """Add the three to the program's commands."""
    test = commands.add_parser(
        "self-test", help="try every panel and pad in turn, say a call (agent stopped)"
    )
    test.add_argument("--config", type=Path, default=Path("display.toml"))
    test.add_argument("--pause", type=float, default=1.0, help="seconds a panel stays lit")
    test.set_defaults(command=_self_test)

    show = commands.add_parser(
        "identify", help="show each panel its number and address (agent stopped)"
    )
    show.add_argument("--config", type=Path, default=Path("display.toml"))
    show.add_argument("--seconds", type=_seconds, help="end by itself; else Ctrl-C ends it")
    show.set_defaults(command=_identify)

    find = commands.add_parser(
        "scan", help="find addresses and speeds on a serial port (agent stopped)"
    )
    find.add_argument("port", help="such as /dev/ttyUSB0")
    find.add_argument("--driver", choices=[*PROTOCOLS, *CANNOT], default="modbus_rtu")
    find.add_argument("--baud", type=_bauds, help="such as 9600,19200; else all of them")
    find.add_argument("--parity", type=_parities, help="such as none,even; else all of them")
    find.add_argument("--units", type=_units, help="such as 1-32 or 1,5,9; else all of them")
    find.add_argument("--timeout", type=_seconds, help="seconds a device may think")
    find.set_defaults(command=_scan)


def _self_test(options: argparse.Namespace) -> int:
    found = display_config.load(options.config)
    failed = self_test(found.panels, options.pause)
    failed += try_pads(found.pads.pads, somebody=sys.stdin.isatty(), say=_say)
    return 1 if failed or not say_trial(found.voice) else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _identify(options: argparse.Namespace) -> int:
    panels = display_config.load(options.config).panels
    if not panels:
        _tell(f"{options.config} has no [[panel]]")
        return 1
    walk = Identify(panels)
    with _stopped_by_signals() as stopped:
        walk.run(stopped, options.seconds)
    return 1 if walk.failed else 0


@contextmanager
def _stopped_by_signals() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set, so that what is in hand ends in order."""
    stopped = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: stopped.set())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield stopped
    finally:
        for number, old in before.items():
            signal.signal(number, old)


def _scan(options: argparse.Namespace) -> int:
    protocol = PROTOCOLS.get(options.driver)
    if protocol is None:
        _tell(f"{options.driver} cannot be scanned: {CANNOT[options.driver]}")
        return 1
    scan = Scan(
        options.port,
        protocol,
        _speeds(protocol, options.baud, options.parity),
        [one for one in options.units or protocol.addresses if one in protocol.addresses],
        options.timeout or protocol.timeout_s,
        _tell,
    )
    if not scan.speeds or not scan.addresses:
        _tell(f"{options.driver} has no such address, or does not work at such a speed")
        return 2
    _tell(
        f"{scan.port}: {len(scan.addresses)} addresses at {len(scan.speeds)} speeds, "
        f"{_minutes(scan.longest_s())} if nobody is there; Ctrl-C ends it"
    )
    with _stopped_by_signals() as scan.stopped:
        found = _found(scan)
    return _report(scan, found)


def _found(scan: Scan) -> list[Found]:
    """Everybody who answers; those so far when it is stopped."""
    found: list[Found] = []
    try:
        for one in scan.run():
            _tell(f"  {scan.protocol.lines(one.address)} answers at {one.speed}")
            found.append(one)
    except PortBusy as error:
        raise PortBusy(f"{error}: {BUSY}") from error
    # Whatever answers to the address of all has one of its own, unless it is the only one.
    return [one for one in found if one.address] or found


def _report(scan: Scan, found: Sequence[Found]) -> int:
    for number, one in enumerate(found, start=1):
        sys.stdout.write(config_lines(scan.protocol, scan.port, one, number))
    if scan.stopped.is_set():
        _tell("stopped before the end")
    if found:
        return 0
    _tell(
        f"{scan.port}: nobody answered. Check power, A and B, the adapter; a panel that never "
        "answers (many signs, many cheap panels) cannot be found: see its switches or manual"
    )
    return 1


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _minutes(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


def _speeds(protocol: Protocol, bauds: list[int] | None, parities: list[str] | None) -> list[Speed]:
    """The protocol's speeds, or those that were asked for, in the order they were given."""
    known = list(protocol.speeds)
    if bauds is None:
        return [one for one in known if parities is None or one.parity in parities]
    formats = dict.fromkeys((one.parity, one.data_bits) for one in known)
    wanted = parities or [parity for parity, _ in formats]
    seven = protocol.driver == "alpha"
    return [
        Speed(baud, parity, 7 if seven and parity in SEVEN_BITS else 8)
        for parity in wanted
        for baud in bauds
    ]


def _bauds(text: str) -> list[int]:
    bauds = [int(part) for part in text.split(",") if part.isdecimal()]
    if not bauds or len(bauds) != len(text.split(",")) or not set(bauds) <= set(BAUDS):
        raise argparse.ArgumentTypeError(f"'{text}' is not among {', '.join(map(str, BAUDS))}")
    return bauds


def _parities(text: str) -> list[str]:
    parities = text.split(",")
    if not set(parities) <= set(PARITIES):
        raise argparse.ArgumentTypeError(f"'{text}' is not among {', '.join(PARITIES)}")
    return parities


def _units(text: str) -> list[int]:
    units: list[int] = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()):
            raise argparse.ArgumentTypeError(f"'{text}' is no list such as 1-32 or 1,5,9")
        if int(last or first) > 255:
            raise argparse.ArgumentTypeError(f"'{text}': addresses go up to 255")
        units += range(int(first), int(last or first) + 1)
    if not units:
        raise argparse.ArgumentTypeError(f"'{text}' names nobody")
    return list(dict.fromkeys(units))


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"'{text}' is no number of seconds above 0")
    return seconds
