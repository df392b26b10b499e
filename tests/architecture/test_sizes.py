"""Files and functions stay small enough to be read in one sitting."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

FILE_LINES = 400
FUNCTION_LINES = 60
CODE = {".py", ".js", ".mjs"}


def test_no_file_is_over_400_lines(root: Path, tracked: list[Path]) -> None:
    long = {
        str(path.relative_to(root)): lines
        for path in tracked
        if path.suffix in CODE
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > FILE_LINES
    }
    assert long == {}


def test_no_function_is_over_60_lines(
    root: Path, python_files: list[Path], tree: Callable[[Path], ast.Module]
) -> None:
    long = {
        f"{path.relative_to(root)}:{function.lineno} {function.name}": lines
        for path in python_files
        for function in functions(tree(path))
        if (lines := (function.end_lineno or 0) - function.lineno + 1) > FUNCTION_LINES
    }
    assert long == {}


def functions(module: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
