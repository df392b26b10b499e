"""What hardware.md says of paper is what the layout makes of it."""

import math
import re
from pathlib import Path

from kiosk.printer_profile import Profile
from tests.kiosk.slips import BIRTH, BIRTH_PAPERS, FACE, content, picture_of
from wire.units import Dots

DOTS_PER_MM = 8
SLIPS = {
    "plain": content(),
    "with the papers to bring (four lines)": content(procedure=BIRTH, papers=BIRTH_PAPERS),
    "a copy": content(copy=1),
    "given out while the server is away": content(
        number="H712", offline=True, ahead=None, wait=None
    ),
}
ROLL_MM, CORE_MM, THICK_MM = 80, 18, 0.06


def rows(root: Path, pattern: str) -> list[tuple[str, ...]]:
    return re.findall(
        pattern, (root / "docs/hardware.md").read_text(encoding="utf-8"), re.MULTILINE
    )


def test_the_length_of_each_slip(root: Path) -> None:
    told = rows(root, r"^\| ([^|]+) \| (\d+) mm \| (\d+) mm \| (\d+) mm \|")
    tail_mm = Profile().tail_rows / DOTS_PER_MM
    measured = []
    for name, slip in SLIPS.items():
        wide, narrow = (
            picture_of(slip, Dots(dots), FACE).height / DOTS_PER_MM for dots in (576, 384)
        )
        measured.append(
            (name, *(str(math.floor(mm + 0.5)) for mm in (wide, narrow, wide + tail_mm)))
        )
    assert told == measured


def test_how_long_a_roll_lasts(root: Path) -> None:
    roll_m = math.pi / 4 * (ROLL_MM**2 - CORE_MM**2) / THICK_MM / 1000
    plain_m = 0.122
    told = rows(root, r"^\| (\d+) \| (\d+) m \| ([\d.]+) days \| (\d+) \|")
    assert len(told) == 3
    for numbers, metres, days, rolls in told:
        a_day = int(numbers) * plain_m
        assert (metres, days) == (f"{a_day:.0f}", f"{roll_m / a_day:.1f}")
        assert int(rolls) == math.ceil(22 * a_day / roll_m)
