"""Habits that keep the code honest: aware times, no swallowed errors, plain names."""

import ast
import re
from collections.abc import Callable
from pathlib import Path

VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
TEXTS = {".py", ".md", ".toml", ".cfg", ".json", ".js", ".mjs", ".html", ".css", ".sh", ".po", ""}
# Written in parts, so that this file does not find itself.
OF_ONE_MACHINE = re.compile(
    "|".join(["/wo" + "rk/", "/ho" + "me/", "/ro" + "ot/", "/tmp/" + r"\w"])
)
REGISTRIES = re.compile(
    "|".join([r"pypi\." + "org", r"npmjs\." + "(org|com)", "deb\\." + "debian"])
)


def test_no_time_is_naive(
    root: Path, python_files: list[Path], tree: Callable[[Path], ast.Module]
) -> None:
    found = [
        f"{path.relative_to(root)}:{node.lineno}"
        for path in python_files
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and makes_a_naive_time(node)
    ]
    assert found == []


def makes_a_naive_time(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute) or not isinstance(call.func.value, ast.Name):
        return False
    if call.func.value.id not in ("datetime", "date"):
        return False
    if call.func.attr == "now":
        return not call.args and not call.keywords
    return call.func.attr in ("utcnow", "utcfromtimestamp", "today")


def test_no_error_is_swallowed(
    root: Path, python_files: list[Path], tree: Callable[[Path], ast.Module]
) -> None:
    found = [
        f"{path.relative_to(root)}:{node.lineno}"
        for path in python_files
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or all(isinstance(line, ast.Pass) for line in node.body))
    ]
    assert found == []


def test_no_module_has_a_vague_name(root: Path, python_files: list[Path]) -> None:
    names = {path: {path.stem, *path.relative_to(root).parts[:-1]} for path in python_files}
    assert [str(path) for path, parts in names.items() if parts & VAGUE] == []


def test_nothing_names_one_machine_or_a_registry(root: Path, tracked: list[Path]) -> None:
    found = []
    for path in tracked:
        if path.suffix not in TEXTS or path.name == "package-lock.json":
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if OF_ONE_MACHINE.search(line) or REGISTRIES.search(line):
                found.append(f"{path.relative_to(root)}:{number}: {line.strip()[:80]}")
    assert found == []


def test_no_test_is_skipped(root: Path, python_files: list[Path]) -> None:
    word = re.compile(r"\b(pytest\.skip|mark\.skip|mark\.skipif|xfail|importor" + r"skip)\b")
    found = [
        str(path.relative_to(root))
        for path in python_files
        if path.is_relative_to(root / "tests")
        and path != Path(__file__)
        and word.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
