"""The kiosk's touch page: what a citizen sees and presses. Served by the agent itself.

The page talks to the agent's local API only (`kiosk/local_api.py`), so it works with the
server away. Words of both languages come with the page: changing language asks nobody.
"""

from flask import Blueprint, render_template

from look.catalogue import LANGUAGES, words


def touch_blueprint() -> Blueprint:
    """Make the page at `/` and its scripts below `/touch/`."""
    touch = Blueprint(
        "touch",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/touch",
    )

    @touch.get("/")
    def home() -> str:
        catalogue = {language: words(language, "kiosk") for language in LANGUAGES}
        return render_template("touch.html", words=catalogue)

    return touch
