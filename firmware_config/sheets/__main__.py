"""`python3 -m firmware_config.sheets [FOLDER]`: the sheets of a box as one page to print.

FOLDER has kiosk.toml or display.toml, or both; it is /etc/layso where it is not said.
"""

import html
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from firmware_config.sheets import buses, pins

_STYLE: Final = """
@page { size: A4; margin: 12mm }
body { font: 10pt "Be Vietnam Pro", "DejaVu Sans", sans-serif; color: #000; margin: 0 }
section + section { break-before: page }
table { border-collapse: collapse; width: 100% }
td, th { border: 1px solid #000; padding: 1.5mm; text-align: left }
td.n { text-align: right; font-variant-numeric: tabular-nums; width: 8mm }
tr { break-inside: avoid }
b.fault { display: block; border: 2px solid #000; padding: 2mm; margin: 2mm 0 }
"""


def page(kiosk: dict[str, Any], display: dict[str, Any]) -> str:
    """The page as HTML that needs nothing else."""
    body = "".join([*_pin_map(kiosk, display), *_addresses(display)])
    return (
        '<!doctype html>\n<html lang="vi"><meta charset="utf-8"><title>Lấy Số</title>'
        f"<style>{_STYLE}</style>{body}</html>\n"
    )


def _pin_map(kiosk: dict[str, Any], display: dict[str, Any]) -> Iterator[str]:
    used = pins.uses(kiosk, display)
    yield "<section><h1>Sơ đồ chân / Pin map</h1>"
    yield "<p>Raspberry Pi 4, 5. Chỉ 3,3 V; chân 1 là ô vuông. 3.3 V only; pin 1 is square.</p>"
    yield from _faults(pins.faults(used))
    yield "<table>"
    for odd in range(1, len(pins.HEADER), 2):
        left, right = (_cells(position, used) for position in (odd, odd + 1))
        yield f"<tr>{''.join(reversed(left))}{''.join(right)}</tr>"
    yield "</table></section>"


def _cells(position: int, used: list[pins.Use]) -> list[str]:
    what = pins.HEADER[position - 1]
    named = f"GPIO{what}" if isinstance(what, int) else what
    on_it = [f"{use.owner}: {use.what}" for use in used if use.pin == what]
    if not on_it and isinstance(what, int) and what in pins.RESERVED:
        on_it = [pins.RESERVED[what]]
    said = html.escape("; ".join(on_it))
    return [f'<td class="n">{position}</td>', f"<td>{named}</td>", f"<td>{said}</td>"]


def _addresses(display: dict[str, Any]) -> Iterator[str]:
    found = buses.stations(display)
    if not found:
        return
    yield "<section><h1>Địa chỉ trên RS-485 / RS-485 addresses</h1>"
    yield "<p>A nối A, B nối B; điện trở 120 Ω ở hai đầu dây. 120 Ω at both ends, none between.</p>"
    yield from _faults(buses.faults(found))
    switches = "".join(f"<th>{number}</th>" for number in range(1, buses.SWITCHES + 1))
    for port in dict.fromkeys(station.port for station in found):
        yield f"<h2>{html.escape(port)}</h2><table><tr><th>Quầy / Counter</th><th>Loại / Kind</th>"
        yield f"<th>Tốc độ / Speed</th><th>Địa chỉ / Address</th>{switches}<th>120 Ω</th></tr>"
        yield from (_station(station) for station in found if station.port == port)
        yield "</table>"
    yield "<p>1–8: công tắc, 1 là bật; theo tài liệu của bảng. Switches, 1 is on.</p>"
    yield "</section>"


def _station(station: buses.Station) -> str:
    kind = "bảng / panel" if station.kind == "panel" else "phím gọi / pad"
    words = (station.counter, f"{kind}, {station.driver}", station.format)
    cells = "".join(f"<td>{html.escape(word)}</td>" for word in words)
    cells += f"<td>{station.address} (0x{station.address:02X})</td>"
    cells += "".join(f"<td>{switch}</td>" for switch in station.switches)
    return f"<tr>{cells}<td>☐</td></tr>"


def _faults(said: list[str]) -> Iterator[str]:
    yield from (f'<b class="fault">{html.escape(one)}</b>' for one in said)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the page: 0 done, 1 something cannot be wired so (it is on the page), 2 wrong usage."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    folder = Path(given[0] if given else "/etc/layso")
    files = [path for name in ("kiosk", "display") if (path := folder / f"{name}.toml").exists()]
    if len(given) > 1 or not files:
        sys.stderr.write(f"sheets: không có kiosk.toml, display.toml / none in {folder}\n")
        return 2
    read: dict[str, dict[str, Any]] = {}
    for path in files:
        try:
            read[path.stem] = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            sys.stderr.write(f"{path}: {error}\n")
            return 2
    kiosk, display = read.get("kiosk", {}), read.get("display", {})
    sys.stdout.write(page(kiosk, display))
    wrong = pins.faults(pins.uses(kiosk, display)) + buses.faults(buses.stations(display))
    sys.stderr.write("".join(f"{one}\n" for one in wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
