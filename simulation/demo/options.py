"""What the demo was asked for: the command line and two settings, checked at once."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
CENTRES = ("binh-duong", "branch-thuan-an", "ward-di-an", "commune-dau-tieng")
KIOSKS_FROM = 100
DISPLAYS_FROM = 200
FASTEST = 200.0


@dataclass(frozen=True)
class Options:
    """How to run the demo."""

    port: int
    data_dir: Path
    visitors: bool
    speed: float
    open_browser: bool

    @property
    def server(self) -> str:
        """The server's address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def kiosk_ports(self) -> dict[str, int]:
        """The port of each centre's kiosk agent."""
        return {name: self.port + KIOSKS_FROM + at for at, name in enumerate(CENTRES)}

    @property
    def display_ports(self) -> dict[str, int]:
        """The port of each centre's display agent."""
        return {name: self.port + DISPLAYS_FROM + at for at, name in enumerate(CENTRES)}

    @property
    def ports(self) -> list[int]:
        """Every port the demo listens on."""
        return [self.port, *self.kiosk_ports.values(), *self.display_ports.values()]


def read(words: Sequence[str], environment: Mapping[str, str]) -> Options:
    """The options; wrong usage ends the program with status 2 and a line that says why."""
    parser = argparse.ArgumentParser(
        prog="script/demo",
        description="Start Lấy Số with virtual hardware and visitors; Ctrl-C ends it.",
        epilog="LAYSO_PORT (8000) and LAYSO_DATA_DIR (var/demo) say where.",
    )
    parser.add_argument("--no-visitors", action="store_true", help="nobody presses, nobody calls")
    parser.add_argument("--speed", type=float, default=20.0, metavar="N", help="N times life (20)")
    parser.add_argument("--no-open", action="store_true", help="do not open a browser")
    given = parser.parse_args(words)
    if not 1 <= given.speed <= FASTEST:
        parser.error(f"--speed must be from 1 to {FASTEST:g}, not {given.speed:g}")
    port = environment.get("LAYSO_PORT", "") or "8000"
    highest = 65535 - DISPLAYS_FROM - len(CENTRES)
    if not (port.isascii() and port.isdigit() and 1 <= int(port) <= highest):
        parser.error(f"LAYSO_PORT must be a number from 1 to {highest}, not '{port}'")
    data_dir = environment.get("LAYSO_DATA_DIR", "")
    return Options(
        port=int(port),
        data_dir=Path(data_dir).absolute() if data_dir else PROJECT / "var" / "demo",
        visitors=not given.no_visitors,
        speed=given.speed,
        open_browser=not given.no_open,
    )
