"""The site, built once for all of its tests."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Build = Callable[[Path, Path], "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def build() -> Build:
    """A call that builds a site from one folder into another, as `script/docs` does."""

    def run(source: Path, into: Path) -> "subprocess.CompletedProcess[str]":
        words = ["--quiet", "-W", "-n", "--keep-going", "-b", "html", "-d", str(into / "trees")]
        command = [sys.executable, "-m", "sphinx", *words, str(source), str(into / "html")]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)

    return run


@pytest.fixture(scope="session")
def site(root: Path, build: Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built pages; what Sphinx complained of fails every test of it."""
    into = tmp_path_factory.mktemp("site")
    done = build(root / "docs", into)
    assert (done.returncode, done.stderr) == (0, "")
    return into / "html"
