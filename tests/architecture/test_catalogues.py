"""Every word is there in Vietnamese and in English, and every word that is used exists."""

import re
import unicodedata
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from look.catalogue import AREAS

PLACEHOLDER = re.compile(r"\{\w*\}|%\(\w+\)[sd]|%[sd]")
WORD = rf"(?:{'|'.join(AREAS)})\.[a-z0-9_]+(?:[.-][a-z0-9_]+)*"
USED_BY = {
    ".py": re.compile(rf"""["']({WORD})["']"""),
    ".js": re.compile(rf"""["'`]({WORD})["'`]"""),
    ".html": re.compile(rf"""["'`]({WORD})["'`]"""),
}
FILE_ENDINGS = (".js", ".css", ".html", ".toml", ".token", ".svg", ".png", ".json", ".po", ".db")
PLACES = ("look", "edge", "kiosk", "display", "server", "simulation")


def catalogue(root: Path, language: str, area: str) -> dict[str, str]:
    path = root / "look" / "catalogue" / language / "LC_MESSAGES" / f"{area}.po"
    with path.open("rb") as file:
        found: Catalog = read_po(file)
    return {str(item.id): str(item.string) for item in found if item.id}


@pytest.mark.parametrize("area", AREAS)
def test_both_languages_say_the_same_things(root: Path, area: str) -> None:
    vi, en = catalogue(root, "vi", area), catalogue(root, "en", area)
    assert set(vi) == set(en)
    assert [key for key in vi if not vi[key].strip() or not en[key].strip()] == []
    for key in vi:
        assert unicodedata.is_normalized("NFC", vi[key]), key
        holes = [sorted(PLACEHOLDER.findall(text)) for text in (vi[key], en[key])]
        assert holes[0] == holes[1], f"{key}: {holes}"


def test_every_word_that_is_used_exists(root: Path, tracked: list[Path]) -> None:
    known = {key for area in AREAS for key in catalogue(root, "vi", area)}
    missing = set()
    for path in tracked:
        used = USED_BY.get(path.suffix)
        if used is None or path.relative_to(root).parts[0] not in PLACES:
            continue
        for key in used.findall(path.read_text(encoding="utf-8")):
            if key not in known and not key.endswith(FILE_ENDINGS):
                missing.add(f"{path.relative_to(root)}: {key}")
    assert sorted(missing) == []
