"""The waiting-hall screen: one page that shows who is called, and where to go.

The server mounts it. The page itself is static; it learns everything over HTTP and Socket.IO
with the token of the screen, which it takes from the address and keeps.
"""

import hashlib
from importlib.metadata import version
from pathlib import Path
from typing import Final

from flask import Blueprint, abort, render_template

from look import STATIC_DIR
from look.catalogue import LANGUAGES, words
from wire.ids import is_slug

_HERE: Final = Path(__file__).parent
_SHARED: Final = ("css/*.css", "js/*.js", "vendor/*.js", "icons/sprite.svg")


def _build() -> str:
    """A name for the page as it is now: another one once a file or a word of it is another."""
    own = [*_HERE.glob("static/*.js"), *_HERE.glob("templates/*")]
    shared = [path for kind in _SHARED for path in STATIC_DIR.glob(kind)]
    digest = hashlib.sha256(repr([words(language, "hall") for language in LANGUAGES]).encode())
    for file in sorted(own + shared):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def hall_blueprint() -> Blueprint:
    """Make the pages below `/hall/` and their scripts below `/hall-static/`."""
    about = {"version": version("layso"), "build": _build()}
    hall = Blueprint(
        "hall",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/hall-static",
    )

    @hall.get("/hall/<centre>")
    def screen(centre: str) -> str:
        if not is_slug(centre):
            abort(404)
        catalogue = {language: words(language, "hall") for language in LANGUAGES}
        return render_template("hall.html", centre=centre, words=catalogue, **about)

    return hall
