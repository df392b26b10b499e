"""Metadata stands in one place, and the wheel holds what the programs need to run."""

import configparser
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

NOT_SHIPPED = ("tests", "bench", "script", "docs", "firmware_config", "node_modules", ".venv")


@pytest.fixture(scope="module")
def setup_cfg(root: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(root / "setup.cfg", encoding="utf-8")
    return parser


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built from a copy so that nothing old in `build/` gets into it."""
    copy = tmp_path_factory.mktemp("wheel") / "source"
    left_out = (*NOT_SHIPPED, ".git", "var", "build", "*.egg-info", "__pycache__", ".*_cache")
    shutil.copytree(root, copy, ignore=shutil.ignore_patterns(*left_out))
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-q"]
    subprocess.run([*command, "-w", copy / "dist", copy], check=True, capture_output=True)
    return zipfile.ZipFile(next((copy / "dist").glob("*.whl")))


def test_pyproject_holds_the_build_system_and_ruff_alone(root: Path) -> None:
    data = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(data) == {"build-system", "tool"}
    assert set(data["tool"]) == {"ruff"}


def test_nothing_is_required_but_by_an_extra(setup_cfg: configparser.ConfigParser) -> None:
    assert setup_cfg.get("options", "install_requires").strip() == ""
    extras = set(setup_cfg["options.extras_require"])
    assert extras == {"edge", "kiosk", "gpio", "display", "server", "simulation", "docs", "dev"}


def test_every_entry_point_exists(setup_cfg: configparser.ConfigParser) -> None:
    for group in setup_cfg["options.entry_points"].values():
        for line in filter(None, group.strip().splitlines()):
            module, _, name = line.partition("=")[2].strip().partition(":")
            loaded = __import__(module, fromlist=[name])
            assert callable(getattr(loaded, name)), line


def test_the_wheel_holds_every_data_file(
    root: Path, tracked: list[Path], wheel: zipfile.ZipFile
) -> None:
    names = set(wheel.namelist())
    packages = ("look/static", "look/catalogue", "simulation/data", "kiosk/touch")
    packages += ("display/hall", "display/page", "server/web/pages", "server/storage/migrations")
    packages += ("simulation/planning/page", "display/screen")
    missing = [
        name
        for path in tracked
        if (name := str(path.relative_to(root))).startswith(packages) and name not in names
    ]
    assert missing == []


@pytest.mark.parametrize(
    "built",
    [
        "look/static/vendor/lit.js",
        "look/static/vendor/socket.io.js",
        "look/static/icons/sprite.svg",
        "look/static/fonts/BeVietnamPro-400.ttf",
        "look/static/fonts/BeVietnamPro-600.ttf",
        "look/static/fonts/BeVietnamPro-800.ttf",
        "look/static/voice/made.json",
        "look/static/voice/chime.wav",
        "look/static/voice/vi/letter-h.wav",
        "look/static/voice/en/counter-99.wav",
        "look/catalogue/vi/LC_MESSAGES/desk.mo",
        "look/catalogue/en/LC_MESSAGES/slip.mo",
        "wire/py.typed",
    ],
)
def test_the_wheel_holds_what_set_up_built(built: str, wheel: zipfile.ZipFile) -> None:
    assert built in wheel.namelist()


def test_the_wheel_holds_nothing_else(wheel: zipfile.ZipFile) -> None:
    assert [name for name in wheel.namelist() if name.split("/")[0] in NOT_SHIPPED] == []
