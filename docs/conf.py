"""The documentation site: `script/docs` builds it, any warning is an error."""

import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "extensions"))

_css = (HERE.parent / "look" / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
_tokens = dict(re.findall(r"--([\w-]+): (#[0-9A-Fa-f]{6})", _css.partition(".kiosk {")[0]))

project = "Lấy Số"
language = "en"
extensions = ["myst_parser", "navigation", "folded_search"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["extensions", "static"]
html_search_language = "folded"
myst_heading_anchors = 4

html_theme = "furo"
html_title = "Lấy Số"
html_logo = "../look/static/img/mark.svg"
html_favicon = "../look/static/img/mark.svg"
html_static_path = ["static", "../look/static/fonts"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
html_use_index = False
_light = {
    "color-brand-primary": "color-action",
    "color-brand-content": "color-action",
    "color-brand-visited": "color-action-strong",
    "color-background-primary": "color-surface",
    "color-background-secondary": "color-page",
    "color-background-border": "color-line",
    "color-foreground-primary": "color-text",
    "color-foreground-secondary": "color-text-quiet",
    "color-foreground-muted": "color-text-quiet",
    "color-code-background": "color-sunk",
    "color-code-foreground": "color-text",
}
_dark = {
    "color-brand-primary": "heat-3",
    "color-brand-content": "heat-3",
    "color-brand-visited": "heat-2",
    "color-background-primary": "hall-ground",
    "color-background-secondary": "hall-panel",
    "color-background-border": "hall-line",
    "color-foreground-primary": "hall-text",
    "color-foreground-secondary": "hall-text-quiet",
    "color-foreground-muted": "hall-text-quiet",
}
_fonts = {"font-stack": '"Be Vietnam Pro", system-ui, sans-serif'}
html_theme_options = {
    "sidebar_hide_name": False,
    "light_css_variables": {**_fonts, **{name: _tokens[role] for name, role in _light.items()}},
    "dark_css_variables": {name: _tokens[role] for name, role in _dark.items()},
}
