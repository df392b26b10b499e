"""What is built is complete, comes from the lock file, and is not built twice."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from look import STATIC_DIR

SURFACES = ("tokens", "base", "kiosk", "hall", "desk", "phone", "signin", "led")
SCRIPT = "script/build_look.py"


def sources(root: Path) -> Iterator[tuple[Path, str]]:
    """Every page, script and style sheet of the project that a browser is given."""
    for folder in (
        "server/web/pages",
        "display/hall",
        "display/page",
        "kiosk/touch",
        "look/static",
    ):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in {".html", ".js", ".css"} and "vendor" not in path.parts:
                yield path, path.read_text("utf-8")


def test_building_again_does_nothing_and_takes_no_time(root: Path) -> None:
    subprocess.run([sys.executable, SCRIPT], cwd=root, check=True, timeout=60)
    started = time.monotonic()
    again = subprocess.run(
        [sys.executable, SCRIPT], cwd=root, check=True, timeout=60, capture_output=True, text=True
    )
    assert again.stdout == ""
    assert time.monotonic() - started < 1.0


def test_building_without_npm_says_what_to_do(root: Path, tmp_path: Path) -> None:
    (tmp_path / "script").mkdir()
    copy = tmp_path / SCRIPT
    copy.write_bytes((root / SCRIPT).read_bytes())
    ran = subprocess.run(
        [sys.executable, str(copy)], check=False, timeout=60, capture_output=True, text=True
    )
    assert ran.returncode == 1
    assert (
        ran.stderr == "build_look: node_modules is not there: run npm ci --ignore-scripts first\n"
    )


def test_the_lock_file_pins_everything_and_names_no_address(root: Path) -> None:
    lock = json.loads((root / "package-lock.json").read_text("utf-8"))
    packages = {name: about for name, about in lock["packages"].items() if name}
    assert all("resolved" not in about for about in packages.values())
    assert all(about["integrity"].startswith("sha512-") for about in packages.values())
    wanted = json.loads((root / "package.json").read_text("utf-8"))
    for version in (*wanted["dependencies"].values(), *wanted["devDependencies"].values()):
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)


@pytest.mark.parametrize(
    ("name", "exported"),
    [("lit.js", ("render", "html", "nothing", "repeat")), ("socket.io.js", ("io", "default"))],
)
def test_the_vendor_modules_export_what_pages_import(name: str, exported: tuple[str, ...]) -> None:
    text = (STATIC_DIR / "vendor" / name).read_text("utf-8")
    exports = "".join(re.findall(r"export\{([^}]*)\}", text))
    for one in exported:
        assert re.search(rf"(^|,|as ){one}(,|$)", exports), one
    assert "sourceMappingURL" not in text


def test_every_icon_a_page_uses_is_in_its_sprite(root: Path) -> None:
    drawn = {
        path.stem: set(re.findall(r'<symbol id="([^"]+)"', path.read_text("utf-8")))
        for path in (STATIC_DIR / "icons").glob("*.svg")
    }
    assert {"mark", "pregnant", "check"} <= drawn["sprite"]
    missing = []
    for path, text in sources(root):
        for sprite, name in re.findall(r"/look/icons/([a-z]+)\.svg#([a-z0-9-]+)", text):
            if name not in drawn[sprite]:
                missing.append(f"{path.name}: {sprite}#{name}")
        for name in re.findall(r'\bicon\("([a-z0-9-]+)"\)', text):
            if name not in drawn["sprite"]:
                missing.append(f"{path.name}: {name}")
    assert missing == []


def test_style_sheets_use_only_tokens_that_exist(root: Path) -> None:
    sheets = {name: (STATIC_DIR / "css" / f"{name}.css").read_text("utf-8") for name in SURFACES}
    everything = "\n".join(sheets.values())
    known = set(re.findall(r"(--[a-z0-9-]+)\s*:", everything))
    used = set(re.findall(r"var\((--[a-z0-9-]+)\)", everything))
    assert used - known == set()


def test_style_sheets_name_only_files_that_exist() -> None:
    for sheet in (STATIC_DIR / "css").glob("*.css"):
        for address in re.findall(r"url\(([^)]+)\)", sheet.read_text("utf-8")):
            assert (sheet.parent / address).is_file(), f"{sheet.name}: {address}"


def test_pages_carry_no_script_and_no_style_of_their_own(root: Path) -> None:
    wrong = []
    for path, text in sources(root):
        if path.suffix != ".html":
            continue
        scripts = re.findall(r"<script\b([^>]*)>", text)
        inline = [at for at in scripts if "src=" not in at and "application/json" not in at]
        if inline or re.search(r"<style\b|\sstyle=|\son[a-z]+=", text):
            wrong.append(path.name)
    assert wrong == []
