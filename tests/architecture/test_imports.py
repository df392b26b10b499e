"""Who may import whom: the contracts of `setup.cfg`, and what the rules may know."""

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

RULES_MAY_KNOW = {"ids", "units", "words", "checks", "errors"}
SOURCES_OF_CHANCE = {"random", "secrets", "uuid", "os", "time", "logging", "socket", "threading"}
CLOCK_CALLS = {"now", "utcnow", "today", "monotonic", "perf_counter", "sleep", "open", "print"}
DRIVERS_MAY_KNOW = {"ports", "errors", "drivers", "frames", "escpos", "printer_profile"}
VENDORS_OF_DEVICES = {"serial", "pymodbus", "minimalmodbus", "gpiozero", "lgpio", "usb", "escpos"}


def imported(module: ast.Module) -> Iterator[str]:
    """Every module an `import` names, wherever it stands."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def test_import_contracts_hold(root: Path) -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [linter, "--no-cache"], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_wire_knows_msgspec_and_the_standard_library_alone(
    root: Path, package_files: list[Path], tree: Callable[[Path], ast.Module]
) -> None:
    allowed = {"wire", "msgspec", *sys.stdlib_module_names}
    assert foreign(root, package_files, tree, "wire", allowed) == []


def test_the_rules_know_wire_and_the_standard_library_alone(
    root: Path, package_files: list[Path], tree: Callable[[Path], ast.Module]
) -> None:
    allowed = {"server", "wire", *sys.stdlib_module_names} - SOURCES_OF_CHANCE
    assert foreign(root, package_files, tree, "server/domain", allowed) == []
    for path in below(root, package_files, "server/domain"):
        for name in imported(tree(path)):
            top, _, rest = name.partition(".")
            if top == "wire":
                assert rest.split(".")[0] in RULES_MAY_KNOW, f"{path}: {name}"
            if top == "server":
                assert name.startswith("server.domain"), f"{path}: {name}"


def test_the_rules_read_no_clock_and_do_nothing_by_themselves(
    root: Path, package_files: list[Path], tree: Callable[[Path], ast.Module]
) -> None:
    found = [
        f"{path.relative_to(root)}:{node.lineno} {name}()"
        for path in below(root, package_files, "server/domain")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and (name := called_name(node)) in CLOCK_CALLS
    ]
    assert found == []


def test_device_libraries_stay_in_drivers(
    root: Path, package_files: list[Path], tree: Callable[[Path], ast.Module]
) -> None:
    found = [
        f"{path.relative_to(root)}: {name}"
        for path in package_files
        if "drivers" not in path.parts
        for name in imported(tree(path))
        if name.split(".")[0] in VENDORS_OF_DEVICES
    ]
    assert found == []


def test_drivers_know_ports_errors_and_layout_alone(
    root: Path, package_files: list[Path], tree: Callable[[Path], ast.Module]
) -> None:
    found = []
    for package in ("kiosk", "display"):
        for path in below(root, package_files, f"{package}/drivers"):
            for name in inside_names(tree(path), package):
                _, part, *rest = name.split(".")
                if part not in DRIVERS_MAY_KNOW and rest[-1:] != ["ports"]:
                    found.append(f"{path.relative_to(root)}: {name}")
    assert found == []


def inside_names(module: ast.Module, package: str) -> Iterator[str]:
    """The modules of its own package that a file imports, `from package import x` included."""
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and node.module == package:
            yield from (f"{package}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{package}."):
            yield str(node.module)


def below(root: Path, files: list[Path], folder: str) -> list[Path]:
    return [path for path in files if path.is_relative_to(root / folder)]


def foreign(
    root: Path,
    files: list[Path],
    tree: Callable[[Path], ast.Module],
    folder: str,
    allowed: set[str],
) -> list[str]:
    mine = below(root, files, folder)
    assert mine, f"{folder} is empty"
    return [
        f"{path.relative_to(root)}: {name}"
        for path in mine
        for name in imported(tree(path))
        if name.split(".")[0] not in allowed
    ]


def called_name(call: ast.Call) -> str:
    """The last name of what is called: `now` for `datetime.now(…)`."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""
