"""The site's navigation is what the index pages say, so that they stay plain Markdown.

Each `## ` heading of an `index.md` becomes a part of the navigation, and the pages that its
text links to are in it, in that order. A page that no index names fails the build.
"""

import re
from typing import Any, Final

from sphinx.application import Sphinx

_PAGE: Final = re.compile(r"\]\((?!\w+:)([^)#]+)\.md\)")
_TOCTREE: Final = "\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{pages}\n```\n"


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("source-read", add_toctrees)
    app.connect("html-page-context", say_language)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def add_toctrees(app: Sphinx, page: str, content: list[str]) -> None:
    """Put what an index links to into the navigation; each page once, where it comes first."""
    if page.rpartition("/")[2] != "index":
        return
    seen: set[str] = set()
    for part in content[0].split("\n## ")[1:]:
        pages = [name for name in dict.fromkeys(_PAGE.findall(part)) if name not in seen]
        seen.update(pages)
        if pages:
            caption = part.partition("\n")[0]
            content[0] += _TOCTREE.format(caption=caption, pages="\n".join(pages))


def say_language(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object
) -> None:
    """Pages named `….vi` are Vietnamese to browsers and screen readers."""
    if page.endswith(".vi"):
        context["language"] = "vi"
