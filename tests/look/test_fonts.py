"""No letter is missing, on paper or on screen, and columns of digits line up."""

import unicodedata
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from look import CATALOGUE_DIR, STATIC_DIR
from look.catalogue import AREAS, LANGUAGES, CatalogueMissing, words

FONTS = STATIC_DIR / "fonts"
WEIGHTS = (400, 600, 800)
VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
PUNCTUATION = " .,;:!?()[]{}+-–—/·%&@#*'\"‘’“”…×°<>=_|€₫"


def vietnamese_letters() -> set[str]:
    """The 134 letters that Vietnamese adds to ASCII's, both cases."""
    toned = {unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES}
    small = {letter for letter in toned if not letter.isascii()} | {"đ"}
    return small | {letter.upper() for letter in small}


def glyphs(path: Path) -> set[str]:
    with TTFont(path) as font:
        return {chr(code) for code in font.getBestCmap()}


def test_there_are_134_vietnamese_letters() -> None:
    assert len(vietnamese_letters()) == 134


@pytest.mark.parametrize("weight", WEIGHTS)
def test_the_font_of_the_slips_draws_every_letter(weight: int) -> None:
    wanted = vietnamese_letters() | {chr(code) for code in range(0x20, 0x7F)} | set(PUNCTUATION)
    assert wanted - glyphs(FONTS / f"BeVietnamPro-{weight}.ttf") == set()


@pytest.mark.parametrize("weight", WEIGHTS)
def test_the_font_of_the_slips_draws_ink_for_every_letter(weight: int) -> None:
    with TTFont(FONTS / f"BeVietnamPro-{weight}.ttf") as font:
        names = font.getBestCmap()
        empty = [
            letter
            for letter in sorted(vietnamese_letters())
            if font["glyf"][names[ord(letter)]].numberOfContours == 0
        ]
    assert empty == []


@pytest.mark.parametrize("weight", WEIGHTS)
def test_the_fonts_of_the_pages_draw_every_letter_between_them(weight: int) -> None:
    have = glyphs(FONTS / f"bvp-la-{weight}.woff2") | glyphs(FONTS / f"bvp-vi-{weight}.woff2")
    wanted = vietnamese_letters() | {chr(code) for code in range(0x20, 0x7F)} | set(PUNCTUATION)
    assert wanted - have == set()


def test_every_character_of_the_catalogues_has_a_glyph() -> None:
    have = glyphs(FONTS / "bvp-la-400.woff2") | glyphs(FONTS / "bvp-vi-400.woff2")
    used: set[str] = set()
    for language in LANGUAGES:
        for area in AREAS:
            if (CATALOGUE_DIR / language / "LC_MESSAGES" / f"{area}.po").is_file():
                used |= set("".join(words(language, area).values()))
    assert used - have - {"\n"} == set()


@pytest.mark.parametrize("weight", WEIGHTS)
def test_the_tabular_digits_are_equally_wide_and_inside_their_width(weight: int) -> None:
    with TTFont(FONTS / f"tab-{weight}.woff2") as font:
        names = [font.getBestCmap()[ord(digit)] for digit in "0123456789"]
        assert len({font["hmtx"][name][0] for name in names}) == 1
        for name in names:
            glyph = font["glyf"][name]
            advance, bearing = font["hmtx"][name]
            assert bearing == glyph.xMin
            assert 0 <= glyph.xMin < glyph.xMax <= advance
        assert "LaySo Tab" in {str(record) for record in font["name"].names}


def test_the_licence_of_the_fonts_travels_with_them() -> None:
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text("utf-8").upper()


def test_a_missing_catalogue_says_what_to_do() -> None:
    with pytest.raises(CatalogueMissing, match="no words for language 'fr'"):
        words("fr", "web")
    with pytest.raises(CatalogueMissing, match="area 'desks'"):
        words("vi", "desks")
