"""Text as 1-bit pictures, from the project's own font: every Vietnamese letter on every printer.

`run` is cached, because the same words come back on every slip.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

Weight = Literal[400, 600, 800]


@dataclass(frozen=True)
class Run:
    """A run of text: its black pixels, and where they sit on the baseline.

    `left` and `top` place the picture's corner relative to the pen and the baseline (`top` is
    negative above it); `advance` is how far the pen moves.
    """

    picture: Image.Image
    left: int
    top: int
    advance: int


class Typeface:
    """The font files of one folder, and every run already drawn from them.

    Args:
        folder: Where `BeVietnamPro-400.ttf`, `-600` and `-800` are.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.font = lru_cache(maxsize=64)(self._font)
        self.run = lru_cache(maxsize=256)(self.draw)
        self.wrap = lru_cache(maxsize=512)(self._wrap)

    def _font(self, weight: Weight, size: int) -> ImageFont.FreeTypeFont:
        # The basic engine needs no library of the system, so every machine draws the same.
        return ImageFont.truetype(
            self._folder / f"BeVietnamPro-{weight}.ttf",
            size,
            layout_engine=ImageFont.Layout.BASIC,
        )

    def draw(self, text: str, weight: Weight, size: int, squeeze: float = 1.0) -> Run:
        """Draw `text`; `squeeze` under 1 makes it narrower and leaves its height.

        For what never comes back, such as a big number: a cached picture takes a byte a dot.
        """
        text = unicodedata.normalize("NFC", text)
        font = self.font(weight, size)
        left, top, right, bottom = (int(edge) for edge in font.getbbox(text, anchor="ls"))
        wide, high = max(1, right - left), max(1, bottom - top)
        grey = Image.new("L", (wide, high), 0)
        ImageDraw.Draw(grey).text((-left, -top), text, fill=255, font=font, anchor="ls")
        if squeeze < 1.0:
            grey = grey.resize((max(1, round(wide * squeeze)), high), Image.Resampling.LANCZOS)
        black = grey.point(_BLACK, mode="1")
        return Run(
            picture=black,
            left=round(left * squeeze),
            top=top,
            advance=round(font.getlength(text) * squeeze),
        )

    def _wrap(self, text: str, weight: Weight, size: int, room: int) -> tuple[str, ...]:
        """Break `text` at spaces into lines no wider than `room` dots, if its words allow it."""
        lines: list[str] = []
        for word in text.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.font(weight, size).getlength(longer) <= room:
                lines[-1] = longer
            else:
                lines.append(word)
        return tuple(lines)


_BLACK = [0] * 128 + [255] * 128
