"""What `layso-kiosk self-test` looks at: one line each, and what to do where something is wrong."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from edge.client import ServerClient
from edge.errors import ServerRefused, ServerUnreachable, SpeechUnavailable
from edge.findings import Finding
from kiosk.config import KioskConfig
from kiosk.errors import ButtonUnavailable, KioskError, ScannerUnreachable
from kiosk.key_config import KeyConfig
from kiosk.ports import PrinterStatus, Scanner
from wire.answers import Whoami
from wire.units import Seconds

SERVER_S: Final = 5.0
SCANNER_S: Final = Seconds(0.1)
MAX_DRIFT: Final = timedelta(seconds=30)
"""More than this and a slip shows a time that people notice."""


def findings(config: KioskConfig) -> Iterator[Finding]:
    """Look at everything, in the order in which a kiosk is put up."""
    yield from _printer(config)
    yield from map(_key, config.keys.keys)
    if config.scanner.scanner is not None:
        yield _scanner(config.scanner.scanner)
    yield from _server(config)
    yield _folder(config.agent.data_dir)
    yield _font()
    yield _speech()


def _printer(config: KioskConfig) -> Iterator[Finding]:
    status = config.printer.status()
    config.printer.close()
    name = f"{config.printer_driver} {config.printer_model}".strip()
    yield _reached(name, status)
    yield _paper(status)
    yield _cover(status)


def _reached(name: str, status: PrinterStatus) -> Finding:
    if status.state == "unknown":
        advice = "only print-test shows whether it prints; a printer that should answer: check"
        advice += " its cable, speed and flow control"
        return Finding("printer", True, f"{name}, does not say how it is", advice)
    if status.state == "error" and status.paper == "unknown":
        return Finding("printer", False, f"{name}, {status.detail}", "")
    # Paper and cover have lines of their own.
    told = status.state == "error" and status.paper != "out" and status.cover != "open"
    advice = "switch the printer off and on; if it comes back, have it repaired" if told else ""
    return Finding("printer", not told, f"{name}, {status.detail}" if told else name, advice)


def _paper(status: PrinterStatus) -> Finding:
    advice = {"out": "put in a new roll", "low": "have a new roll at hand"}
    return Finding("paper", status.paper != "out", status.paper, advice.get(status.paper, ""))


def _cover(status: PrinterStatus) -> Finding:
    is_open = status.cover == "open"
    return Finding("cover", not is_open, status.cover, "close it until it clicks" * is_open)


def _key(key: KeyConfig) -> Finding:
    what, place = f"key for {key.service}", " and ".join(key.button.lines)
    try:
        key.button.open(lambda down, at_s: None)
    except ButtonUnavailable as error:
        return Finding(what, False, str(error))
    finally:
        key.button.close()
    return Finding(what, True, place)


def _scanner(scanner: Scanner) -> Finding:
    try:
        scanner.read(timeout_s=SCANNER_S)
    except ScannerUnreachable as error:
        return Finding("scanner", False, str(error))
    finally:
        scanner.close()
    return Finding("scanner", True, scanner.place)


def _server(config: KioskConfig) -> Iterator[Finding]:
    agent = config.agent
    client = ServerClient(agent.server, agent.token)
    begun = datetime.now(UTC)
    try:
        body = client.get("/api/v1/whoami", timeout_s=SERVER_S).body
        who = msgspec.convert(body, Whoami)
    except (ServerUnreachable, ServerRefused, msgspec.ValidationError) as error:
        refused = isinstance(error, ServerRefused)
        advice = "enrol again" if refused else "check the address and the network cable"
        yield Finding("server", False, f"{agent.server}: {error}", advice)
        yield Finding("clock", True, f"{begun:%d/%m/%Y %H:%M:%S} UTC, nobody to compare with")
        return
    finally:
        client.close()
    right = who.role == "kiosk" and who.centre == agent.centre
    seen = f"{agent.server}, kiosk {who.kiosk}" if right else (
        f"the token is for {who.role} at {who.centre}"
    )  # fmt: skip
    yield Finding("server", right, seen, "" if right else "enrol again")
    yield _clock(who.now - (begun + (datetime.now(UTC) - begun) / 2))


def _clock(behind: timedelta) -> Finding:
    """How far this machine's clock is from the server's. The agent corrects it on slips."""
    far = abs(behind) > MAX_DRIFT
    seen = f"{abs(behind).total_seconds():.1f} s {'behind' if behind > timedelta() else 'ahead'}"
    return Finding("clock", not far, seen, "let it be set by NTP (timedatectl)" * far)


def _folder(folder: Path) -> Finding:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return Finding("data folder", False, f"{folder}: {error.strerror or error}", "see data_dir")
    writable = os.access(folder, os.W_OK)
    return Finding("data folder", writable, str(folder), "" if writable else "it is not writable")


def _font() -> Finding:
    from kiosk.app import FONTS, typeface  # late: the rest of the agent is not needed

    try:
        typeface()
    except KioskError as error:
        return Finding("font", False, str(error))
    return Finding("font", True, str(FONTS))


def _speech() -> Finding:
    from edge.speech import Speech, find_installed  # late: the library is large

    try:
        Speech().say("Mời số H047", "vi")
    except SpeechUnavailable as error:
        return Finding("speech", False, str(error))
    return Finding("speech", True, find_installed().library)
