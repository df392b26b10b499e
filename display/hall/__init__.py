"""The waiting-hall screen: one page that shows who is called, and where to go.

The server mounts it. The page itself is static; it learns everything over HTTP and Socket.IO
with the token of the screen, which it takes from the address and keeps.
"""

from flask import Blueprint, abort, render_template

from look.catalogue import LANGUAGES, words
from wire.ids import is_slug


def hall_blueprint() -> Blueprint:
    """Make the pages below `/hall/` and their scripts below `/hall-static/`."""
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
        return render_template("hall.html", centre=centre, words=catalogue)

    return hall
