"""The page that the browser opens first: it waits for the server, says so, and goes there.

The device's token is in this file alone, which only the screen's account may read: a command
line is for everybody on the box to see.
"""

import base64
from pathlib import Path
from typing import Final

from jinja2 import Environment, StrictUndefined

from display.screen.config import ScreenConfig
from look import STATIC_DIR
from look.catalogue import LANGUAGES, words

_FONTS: Final = ("bvp-la-600", "bvp-vi-600")


def start_page(config: ScreenConfig) -> str:
    """The page's HTML, with all that it needs inside."""
    template = (Path(__file__).parent / "start.html").read_text(encoding="utf-8")
    made = Environment(autoescape=True, undefined=StrictUndefined).from_string(template)
    mark = (STATIC_DIR / "img/mark.svg").read_text(encoding="utf-8")
    return made.render(
        fonts=[_embedded(name) for name in _FONTS],
        mark=mark,
        lines=[words(language, "display")[f"screen.wait.{config.show}"] for language in LANGUAGES],
        hints=[words(language, "display")["screen.wait.hint"] for language in LANGUAGES],
        server=config.server,
        go={
            "probe": f"{config.server}/look/img/mark.svg",
            "page": config.page + (f"#token={config.token}" if config.token else ""),
        },
    )


def _embedded(name: str) -> str:
    return base64.b64encode((STATIC_DIR / f"fonts/{name}.woff2").read_bytes()).decode()
