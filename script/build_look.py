"""Build what is shipped but not kept in git: vendor scripts, fonts, icons, words, the touch page.

Wants node_modules as `npm ci --ignore-scripts` leaves it. Repeating it when nothing changed
takes a fraction of a second: each step remembers a digest of what it was made from.

    .venv/bin/python script/build_look.py [--force]
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
LOOK = ROOT / "look"
STATIC = LOOK / "static"
FONTS = STATIC / "fonts"
VENDOR = STATIC / "vendor"
ICONS = STATIC / "icons"
STAMPS = MODULES / ".layso-look.json"
TOUCH = ROOT / "kiosk" / "touch" / "static"

FONT_SOURCE = MODULES / "@fontsource" / "be-vietnam-pro"
TABLER = MODULES / "@tabler" / "icons"
WEIGHTS = (400, 600, 800)
SPRITES = ("sprite", "phone")

# What pages and slips are written with, apart from the 134 Vietnamese letters of the vi subset.
LATIN = "U+20-7E,U+A0-FF,U+2013-2014,U+2018-201A,U+201C-201E,U+2022,U+2026,U+20AC,U+2212"
VIETNAMESE = (
    "U+102-103,U+110-111,U+128-129,U+168-169,U+1A0-1A1,U+1AF-1B0,"
    "U+300-301,U+303,U+309,U+323,U+1EA0-1EF9,U+20AB"
)

BUNDLES = {
    "lit.js": """
        export * from "lit";
        export { live } from "lit/directives/live.js";
        export { keyed } from "lit/directives/keyed.js";
        export { repeat } from "lit/directives/repeat.js";
    """,
    "socket.io.js": 'export { io, io as default } from "socket.io-client";',
}
# Whose licences travel with what is built from them.
BUNDLED = (
    "lit", "lit-html", "lit-element", "@lit/reactive-element", "socket.io-client",
    "socket.io-parser", "engine.io-client", "engine.io-parser", "@socket.io/component-emitter",
    "@tabler/icons",
)  # fmt: skip


class Fault(Exception):
    """Something the person who set this up can put right; said in one line."""


@dataclass(frozen=True)
class Step:
    """One thing to build: made again when an input changed or an output is gone."""

    name: str
    inputs: tuple[Path, ...]
    outputs: tuple[Path, ...]
    run: Callable[[], None]

    def digest(self) -> str:
        """What the outputs are made from: this script and every input, by content."""
        seen = hashlib.sha256()
        for path in (Path(__file__), *self.inputs):
            seen.update(path.read_bytes() if path.is_file() else b"absent")
        return seen.hexdigest()


def bundle_scripts() -> None:
    """Bundle each vendor library into one ES module, its licence beside it."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, entry in BUNDLES.items():
        _bundle(VENDOR / name, entry)
    (VENDOR / "LICENSES.txt").write_text(_licences(), encoding="utf-8")


def bundle_touch_page() -> None:
    """Put the touch page's modules into one file: a small computer pays for each it asks for."""
    _bundle(TOUCH / "built" / "page.js", "", str(TOUCH / "page.js"), "--external:/look/*")


def _bundle(target: Path, entry: str, *options: str) -> None:
    found = sorted((MODULES / "@esbuild").glob("*/bin/esbuild"))
    if not found:
        raise Fault("esbuild has no program for this machine: run npm ci --ignore-scripts")
    subprocess.run(
        [
            str(found[0]), "--bundle", "--format=esm", "--minify", "--target=es2022",
            "--platform=browser", "--legal-comments=none", "--log-level=warning",
            f"--outfile={target}", *options,
        ],
        input=entry, text=True, cwd=ROOT, check=True, timeout=60,
    )  # fmt: skip


def _licences() -> str:
    parts = []
    for package in BUNDLED:
        folder = MODULES / package
        about = json.loads((folder / "package.json").read_text("utf-8"))
        texts = sorted(path for path in folder.glob("LICENSE*") if path.is_file())
        body = texts[0].read_text("utf-8").strip() if texts else f"License: {about['license']}"
        parts.append(f"{about['name']} {about['version']}\n\n{body}\n")
    return ("\n" + "-" * 72 + "\n\n").join(parts)


def _source(subset: str, weight: int) -> Path:
    return FONT_SOURCE / "files" / f"be-vietnam-pro-{subset}-{weight}-normal.woff2"


def build_fonts() -> None:
    """Subset the page fonts, derive the equal-width digits, merge a complete TTF for slips."""
    FONTS.mkdir(parents=True, exist_ok=True)
    for weight in WEIGHTS:
        _subset(_source("latin", weight), LATIN, FONTS / f"bvp-la-{weight}.woff2")
        _subset(_source("vietnamese", weight), VIETNAMESE, FONTS / f"bvp-vi-{weight}.woff2")
        _equal_digits(_source("latin", weight), FONTS / f"tab-{weight}.woff2", weight)
        _merge(weight, FONTS / f"BeVietnamPro-{weight}.ttf")
    licence = (FONT_SOURCE / "LICENSE").read_bytes()
    (FONTS / "OFL.txt").write_bytes(licence)


def _subset(source: Path, unicodes: str, target: Path) -> None:
    from fontTools import subset

    options = subset.Options(
        flavor="woff2", hinting=False, layout_features=["kern", "mark", "ccmp"]
    )
    font = subset.load_font(str(source), options)
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=subset.parse_unicodes(unicodes))
    chosen.subset(font)
    subset.save_font(font, str(target), options)


def _equal_digits(source: Path, target: Path, weight: int) -> None:
    """Set the ten digits on the width of the widest, each in the middle of it."""
    from fontTools import subset

    options = subset.Options(flavor="woff2", hinting=False, layout_features=[])
    font = subset.load_font(str(source), options)
    chosen = subset.Subsetter(options)
    chosen.populate(text="0123456789")
    chosen.subset(font)
    names = [font.getBestCmap()[ord(digit)] for digit in "0123456789"]
    widths = font["hmtx"]
    widest = max(widths[name][0] for name in names)
    for name in names:
        advance, bearing = widths[name]
        shift = round((widest - advance) / 2)
        font["glyf"][name].coordinates.translate((shift, 0))
        font["glyf"][name].recalcBounds(font["glyf"])
        widths[name] = (widest, bearing + shift)
    _rename(font, "LaySo Tab", weight)
    subset.save_font(font, str(target), options)


def _merge(weight: int, target: Path) -> None:
    """Join the subsets that npm ships into one font in which no letter is missing."""
    from fontTools.merge import Merger

    sources = [str(_source(subset, weight)) for subset in ("latin", "latin-ext", "vietnamese")]
    font = Merger().merge(sources)
    font.flavor = None
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    font.save(str(target))


def _rename(font: Any, family: str, weight: int) -> None:
    """Name a derivative apart from the font it comes from."""
    for record in list(font["name"].names):
        if record.nameID in {1, 3, 4, 6, 16}:
            text = family.replace(" ", "") if record.nameID == 6 else family
            font["name"].setName(
                text, record.nameID, record.platformID, record.platEncID, record.langID
            )
    font["OS/2"].usWeightClass = weight


def icon_list() -> list[list[str]]:
    """The lines of look/icons.txt: a name, then the small sprites it is in as well."""
    lines = (LOOK / "icons.txt").read_text("utf-8").splitlines()
    icons = [line.split() for line in lines if line.strip() and not line.startswith("#")]
    names = [icon[0] for icon in icons]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise Fault(f"look/icons.txt names twice: {', '.join(twice)}")
    return icons


def build_sprite() -> None:
    """Inline the named icons and our own drawings as symbols of one SVG, and of the small ones."""
    sprites: dict[str, list[str]] = {name: [] for name in SPRITES}
    for name, *also in icon_list():
        source = TABLER / "icons" / "outline" / f"{name}.svg"
        if not source.is_file():
            raise Fault(f"look/icons.txt: Tabler Icons has no outline icon {name!r}")
        for sprite in ("sprite", *also):
            sprites[sprite].append(_symbol(name, source))
    for path in sorted((LOOK / "drawings").glob("*.svg")):
        for sprite in SPRITES if path.stem == "mark" else ("sprite",):
            sprites[sprite].append(_symbol(path.stem, path))
    ICONS.mkdir(parents=True, exist_ok=True)
    for sprite, symbols in sprites.items():
        body = "\n".join(symbols)
        svg = f'<svg xmlns="http://www.w3.org/2000/svg">\n{body}\n</svg>\n'
        (ICONS / f"{sprite}.svg").write_text(svg, encoding="utf-8")


def _symbol(name: str, source: Path) -> str:
    text = source.read_text("utf-8")
    box = re.search(r'viewBox="([^"]+)"', text)
    shapes = re.findall(r"<(?:path|circle|rect|line|g)\b[^>]*/>", text)
    drawn = [shape for shape in shapes if 'd="M0 0h24v24H0z"' not in shape]
    if box is None or not drawn:
        raise Fault(f"{source}: no viewBox, or nothing drawn")
    return f'<symbol id="{name}" viewBox="{box.group(1)}">{"".join(drawn)}</symbol>'


def compile_catalogues() -> None:
    """Compile every .po beside itself."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in catalogues():
        with source.open("rb") as written:
            catalogue = read_po(written, locale=source.parts[-3])
        with source.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, catalogue)


def catalogues() -> list[Path]:
    """Every catalogue that is there, in a fixed order."""
    return sorted((LOOK / "catalogue").glob("*/LC_MESSAGES/*.po"))


def steps() -> list[Step]:
    """Everything there is to build."""
    lock = MODULES / ".package-lock.json"
    drawings = tuple(sorted((LOOK / "drawings").glob("*.svg")))
    words = tuple(catalogues())
    fonts = [f"{kind}-{weight}.woff2" for kind in ("bvp-la", "bvp-vi", "tab") for weight in WEIGHTS]
    fonts += [f"BeVietnamPro-{weight}.ttf" for weight in WEIGHTS] + ["OFL.txt"]
    scripts = (*BUNDLES, "LICENSES.txt")
    return [
        Step("scripts", (lock,), tuple(VENDOR / name for name in scripts), bundle_scripts),
        Step(
            "touch page",
            (lock, *sorted(TOUCH.glob("*.js"))),
            (TOUCH / "built" / "page.js",),
            bundle_touch_page,
        ),
        Step("fonts", (lock,), tuple(FONTS / name for name in fonts), build_fonts),
        Step(
            "icons",
            (lock, LOOK / "icons.txt", *drawings),
            tuple(ICONS / f"{name}.svg" for name in SPRITES),
            build_sprite,
        ),
        Step("words", words, tuple(path.with_suffix(".mo") for path in words), compile_catalogues),
    ]


def build(force: bool) -> list[str]:
    """Run the steps whose inputs changed; return the names of those that ran."""
    if not MODULES.is_dir():
        raise Fault("node_modules is not there: run npm ci --ignore-scripts first")
    try:
        stamps = json.loads(STAMPS.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        stamps = {}
    ran = []
    for step in steps():
        digest = step.digest()
        whole = all(path.is_file() for path in step.outputs)
        if force or not whole or stamps.get(step.name) != digest:
            step.run()
            ran.append(step.name)
            stamps[step.name] = digest
            STAMPS.write_text(json.dumps(stamps, indent=2), encoding="utf-8")
    return ran


def main() -> int:
    """Build what is out of date and say what was built."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--force", action="store_true", help="build everything again")
    started = time.perf_counter()
    try:
        ran = build(options.parse_args().force)
    except Fault as fault:
        print(f"build_look: {fault}", file=sys.stderr)
        return 1
    if ran:
        print(f"look: built {', '.join(ran)} in {time.perf_counter() - started:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
