"""The face of the project as package data: tokens, components, fonts, icons, catalogues."""

from pathlib import Path
from typing import Final

STATIC_DIR: Final[Path] = Path(__file__).parent / "static"
"""What every app serves at `/look/`: css, fonts, icons, images, vendor scripts."""

CATALOGUE_DIR: Final[Path] = Path(__file__).parent / "catalogue"
"""The words, as `LANGUAGE/LC_MESSAGES/AREA.po` and the `.mo` compiled from it."""
