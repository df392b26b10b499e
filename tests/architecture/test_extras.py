"""Each extra alone has what its programs import, and asks for nothing that they do not."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

OWN = {
    "kiosk": ("wire", "look", "edge", "kiosk"),
    "display": ("wire", "look", "edge", "display"),
    "server": ("wire", "look", "server", "display.hall"),
    "simulation": ("wire", "look", "edge", "kiosk", "display", "server", "simulation"),
}
"""What a box with that extra runs; the package itself holds all of it."""

NEVER_IMPORTED = {
    "tzdata": "the zones, where the machine has none of its own",
    "psycopg": "SQLAlchemy loads it by the database's address",
    "python-socketio": "Flask-SocketIO brings it; what counts is its version",
}

ALONE = """
import importlib, pkgutil, sys
allowed, own = set(sys.argv[1].split(",")), sys.argv[2].split(",")

class Alone:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top in foreign and top not in allowed:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None

foreign = set(sys.argv[3].split(","))
sys.meta_path.insert(0, Alone())
for name in own:
    package = importlib.import_module(name)
    for found in pkgutil.walk_packages(getattr(package, "__path__", []), f"{name}."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
"""


def closure(extra: str) -> set[str]:
    """The distributions that the extra brings, by name."""
    found: set[str] = set()
    left = [("layso", frozenset({extra}))]
    while left:
        name, extras = left.pop()
        for line in requires(name) or ():
            asked = Requirement(line)
            if any(
                asked.marker is None or asked.marker.evaluate({"extra": one})
                for one in (extras or {""})
            ):
                key = canonicalize_name(asked.name)
                if key not in found:
                    found.add(key)
                    left.append((asked.name, frozenset(asked.extras)))
    return found


def modules_of(distributions: set[str]) -> set[str]:
    """The top-level modules that these distributions hold."""
    return {
        module
        for module, holders in packages_distributions().items()
        if {canonicalize_name(holder) for holder in holders} & distributions
    }


@pytest.mark.parametrize("extra", OWN)
def test_an_extra_alone_brings_all_that_its_programs_import(extra: str) -> None:
    allowed = modules_of(closure(extra))
    foreign = {name for name in packages_distributions() if name not in OWN["simulation"]}
    words = [",".join(sorted(names)) for names in (allowed, OWN[extra], foreign)]
    done = subprocess.run(
        [sys.executable, "-c", ALONE, *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]


def imported(root: Path, packages: tuple[str, ...]) -> Iterator[str]:
    """The top-level modules that these packages name in an import, wherever it stands."""
    for package in packages:
        for path in (root / package.replace(".", "/")).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    yield from (one.name.partition(".")[0] for one in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    yield node.module.partition(".")[0]
                elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
                    "import_module"
                ):
                    yield from (str(ast.literal_eval(one)) for one in node.args[:1] if literal(one))


def literal(node: ast.expr) -> bool:
    """Whether a name stands there as it is."""
    return isinstance(node, ast.Constant)


@pytest.mark.parametrize("extra", OWN)
def test_an_extra_asks_for_nothing_that_its_programs_do_not_import(root: Path, extra: str) -> None:
    used = set(imported(root, OWN[extra]))
    unused = []
    for line in requires("layso") or ():
        asked = Requirement(line)
        name = canonicalize_name(asked.name)
        if asked.marker is None or not asked.marker.evaluate({"extra": extra}):
            continue
        if name not in NEVER_IMPORTED and not modules_of({name}) & used:
            unused.append(name)
    assert unused == []
