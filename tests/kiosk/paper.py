"""From a printer's bytes to a picture, by the commands' own description; no driver code."""

from PIL import Image


class _Paper:
    """Rows of dots, and where the next picture goes."""

    def __init__(self, wide: int) -> None:
        self.wide = wide
        self.centred = False
        self.rows: list[bytes] = []

    def reset(self, data: bytes) -> int:
        self.centred = False
        return 2

    def align(self, data: bytes) -> int:
        self.centred = data[2] == 1
        return 3

    def feed(self, data: bytes) -> int:
        self.rows += [bytes(self.wide)] * data[2]
        return 3

    def cut(self, data: bytes) -> int:
        return 3

    def function(self, data: bytes) -> int:
        return 5 + int.from_bytes(data[3:5], "little")

    def raster(self, data: bytes) -> int:
        across = int.from_bytes(data[4:6], "little")
        down = int.from_bytes(data[6:8], "little")
        pad = bytes((self.wide - across) // 2 if self.centred else 0)
        for top in range(8, 8 + across * down, across):
            self.rows.append((pad + data[top : top + across]).ljust(self.wide, b"\0"))
        return 8 + across * down


def picture_of_bytes(data: bytes, width: int) -> Image.Image:
    """What the paper shows: black on white, `width` dots wide."""
    paper = _Paper(width // 8)
    commands = {
        b"\x1b@": paper.reset, b"\x1ba": paper.align, b"\x1bJ": paper.feed,
        b"\x1dV": paper.cut, b"\x1d(": paper.function, b"\x1dv": paper.raster,
    }  # fmt: skip
    while data:
        data = data[commands[data[:2]](data) :]
    picture = Image.frombytes("1", (width, len(paper.rows)), b"".join(paper.rows))
    return picture.point(lambda dot: 255 - dot)
