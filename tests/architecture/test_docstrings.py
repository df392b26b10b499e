"""What others call says what it does: wire, ports, use cases and rules."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

FOLDERS = ("wire", "server/service", "server/domain")
Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def test_every_public_name_has_a_docstring(
    root: Path, package_files: list[Path], tree: Callable[[Path], ast.Module]
) -> None:
    bare = [
        f"{path.relative_to(root)}: {name}"
        for path in package_files
        if path.name == "ports.py" or any(path.is_relative_to(root / one) for one in FOLDERS)
        for name, node in public(tree(path))
        if not ast.get_docstring(node)
    ]
    assert bare == []


def test_every_module_says_what_it_is_for(
    root: Path, python_files: list[Path], tree: Callable[[Path], ast.Module]
) -> None:
    bare = [
        str(path.relative_to(root))
        for path in python_files
        if tree(path).body and not ast.get_docstring(tree(path))
    ]
    assert bare == []


def public(module: ast.Module) -> Iterator[tuple[str, ast.Module | Definition]]:
    """The module itself, its public functions and classes, and their public methods."""
    yield "(module)", module
    for node in module.body:
        if isinstance(node, Definition) and not node.name.startswith("_"):
            yield node.name, node
            if isinstance(node, ast.ClassDef):
                yield from methods(node)


def methods(owner: ast.ClassDef) -> Iterator[tuple[str, Definition]]:
    for node in owner.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if not node.name.startswith("_") and not overrides_a_setter(node):
            yield f"{owner.name}.{node.name}", node


def overrides_a_setter(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """A property's setter says nothing that its getter did not."""
    return any(
        isinstance(item, ast.Attribute) and item.attr == "setter" for item in node.decorator_list
    )
