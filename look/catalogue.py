"""The words people read, by language and area; the same for templates, scripts and slips."""

import gettext
from functools import cache
from typing import Final

from look import CATALOGUE_DIR

LANGUAGES: Final[tuple[str, ...]] = ("vi", "en")
AREAS: Final[tuple[str, ...]] = (
    *("web", "desk", "greet", "manage", "admin", "content", "rating", "hall", "kiosk", "slip"),
    *("display", "simulate"),
)


class CatalogueMissing(Exception):
    """The words of an area are not compiled, or there is no such area or language."""


class _Catalogue(gettext.GNUTranslations):
    """A compiled catalogue that can list itself, which the standard one cannot."""

    _catalog: dict[object, str]

    def entries(self) -> dict[str, str]:
        return {key: text for key, text in self._catalog.items() if isinstance(key, str) and key}


def words(language: str, *areas: str) -> dict[str, str]:
    """Return every word of some areas in one language.

    Args:
        language: "vi" or "en".
        areas: Names out of `AREAS`; a key that is in two of them is the later one's.

    Returns:
        A new dictionary from stable key (`desk.next`) to text; `{name}` in a text is for the
        caller to fill in.

    Raises:
        CatalogueMissing: unknown language or area, or `script/setup` has not compiled it.
    """
    found: dict[str, str] = {}
    for area in areas:
        found.update(_entries(language, area))
    return found


@cache
def _entries(language: str, area: str) -> dict[str, str]:
    if language not in LANGUAGES or area not in AREAS:
        raise CatalogueMissing(f"no words for language {language!r}, area {area!r}")
    path = CATALOGUE_DIR / language / "LC_MESSAGES" / f"{area}.mo"
    try:
        with path.open("rb") as compiled:
            return _Catalogue(compiled).entries()
    except FileNotFoundError:
        raise CatalogueMissing(f"{path} is not there: run script/setup to compile it") from None
