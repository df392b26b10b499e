"""The checkout as these tests see it: what is tracked, parsed once."""

import ast
import subprocess
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest

PACKAGES = ("wire", "look", "edge", "kiosk", "display", "server", "simulation")


@pytest.fixture(scope="session")
def tracked(root: Path) -> list[Path]:
    """Every file of the project, tracked or about to be; nothing that is built or fetched."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    return sorted(path for line in listed.stdout.splitlines() if (path := root / line).is_file())


@pytest.fixture(scope="session")
def python_files(tracked: list[Path]) -> list[Path]:
    """All Python of the project, tests and scripts included."""
    return [path for path in tracked if path.suffix == ".py"]


@pytest.fixture(scope="session")
def package_files(root: Path, python_files: list[Path]) -> list[Path]:
    """The Python that is shipped."""
    return [path for path in python_files if path.relative_to(root).parts[0] in PACKAGES]


@pytest.fixture(scope="session")
def tree() -> Callable[[Path], ast.Module]:
    """A call that parses a file; each file once."""

    @cache
    def parse(path: Path) -> ast.Module:
        return ast.parse(path.read_text(encoding="utf-8"), str(path))

    return parse


@pytest.fixture(scope="session")
def documents(root: Path) -> Mapping[str, str]:
    """The text of every page of docs/, by name."""
    return {
        str(path.relative_to(root)): path.read_text(encoding="utf-8")
        for path in sorted((root / "docs").rglob("*.md"))
    }
