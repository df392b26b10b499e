"""Write docs/reference.md from the code: settings, commands, drivers, metrics, messages, codes.

    .venv/bin/python script/write_reference.py [--check]

A test fails when the page is not what the code says.
"""

import argparse
import ast
import importlib
import inspect
import sys
import types
import typing
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference.md"
PACKAGES = ("edge", "kiosk", "display", "server")
MESSAGES = (
    *("wire.requests", "wire.answers", "wire.desk", "wire.oversight", "wire.devices", "wire.help"),
    *("wire.scans", "wire.prints", "wire.ratings", "wire.visits", "wire.people", "wire.tokens"),
    *("wire.audit", "wire.configuration", "wire.procedures", "wire.live", "wire.errors"),
)
HEAD = """\
# Reference

Written by `script/write_reference.py` from the code; change the code, then run it again.
"""


def main() -> int:
    """Write the page, or with `--check` say whether it is current."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if not current")
    options = parser.parse_args()
    text = reference()
    if options.check:
        current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == text
        if not current:
            print("docs/reference.md is not current: run script/write_reference.py")
        return 0 if current else 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


def reference() -> str:
    """The whole page."""
    parts = [settings(), commands(), drivers(), metrics(), messages(), codes()]
    return "\n".join([HEAD, *parts])


def settings() -> str:
    """The server's settings."""
    from server.config import SETTINGS

    lines = ["## Settings of the server", "", "| Name | Default | What it is |", "|---|---|---|"]
    for item in SETTINGS:
        default = f"`{item.default}`" if item.default else "none"
        lines.append(f"| `{item.name}` | {default} | {cell(item.help)} |")
    return "\n".join([*lines, ""])


def commands() -> str:
    """Every console program with its commands and options, as their parsers know them."""
    lines = [
        "## Commands",
        "",
        "Exit status: 0 done, 1 failed (a line a fault), 2 wrong usage.",
        "",
    ]
    for point in sorted(entry_points(group="console_scripts"), key=lambda point: point.name):
        if point.name.startswith("layso-"):
            parser = parser_of(point.module)
            found = list(usages(parser, ""))
            kind = "Command" if found else "Option"
            lines += [f"### {point.name}", "", f"| {kind} | What it does |", "|---|---|"]
            for usage, purpose in found or options_of(parser):
                lines.append(f"| `{cell(usage)}` | {cell(purpose)} |")
            lines.append("")
    return "\n".join(lines)


def parser_of(module_name: str) -> argparse.ArgumentParser:
    """What the one function of a cli module that makes its parser returns."""
    module = importlib.import_module(module_name)
    makers = [
        function
        for _, function in inspect.getmembers(module, inspect.isfunction)
        if inspect.signature(function).return_annotation is argparse.ArgumentParser
        and not inspect.signature(function).parameters
    ]
    if len(makers) != 1:
        raise SystemExit(f"{module_name} has {len(makers)} functions that make the parser, not 1")
    made: argparse.ArgumentParser = makers[0]()
    return made


def usages(parser: argparse.ArgumentParser, path: str) -> Iterator[tuple[str, str]]:
    """Each command below a parser: how it is called and what for."""
    below = [item for item in parser._actions if isinstance(item, argparse._SubParsersAction)]
    for group in below:
        purposes = {item.dest: item.help or "" for item in group._choices_actions}
        for name, command in group.choices.items():
            whole = f"{path} {name}".strip()
            inner = list(usages(command, whole))
            yield from inner or [(f"{whole}{words_of(command)}", purposes.get(name, ""))]


def options_of(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    """Each word of a program without commands: how it is written and what for."""
    for action in parser._actions:
        if not isinstance(action, argparse._HelpAction):
            choices = "/".join(map(str, action.choices)) if action.choices else ""
            value = "" if action.nargs == 0 else choices or str(action.metavar)
            yield " ".join([*action.option_strings[-1:], value]).strip(), action.help or ""


def words_of(parser: argparse.ArgumentParser) -> str:
    """A command's options, those that may be left out in brackets."""
    words = ""
    for action in parser._actions:
        if isinstance(action, argparse._HelpAction):
            continue
        choices = "/".join(map(str, action.choices)) if action.choices else ""
        value = choices or str(action.metavar or action.dest.upper())
        if action.option_strings:
            value = action.option_strings[-1] + (f" {value}" if action.nargs != 0 else "")
            words += f" {value}" if action.required else f" [{value}]"
        else:
            words += f" {value}"
    return words


def drivers() -> str:
    """The drivers that come with the agents, by the name a config chooses them with."""
    lines = ["## Drivers", "", "| Kind | Name | What it drives |", "|---|---|---|"]
    points = entry_points()
    for group in sorted(name for name in points.groups if name.startswith("layso.")):
        for point in sorted(points.select(group=group), key=lambda point: point.name):
            module = importlib.import_module(point.module)
            lines.append(f"| `{group}` | `{point.name}` | {cell(first_sentence(module))} |")
    return "\n".join([*lines, ""])


def metrics() -> str:
    """Every metric that is made under a name of its own."""
    found = {name: meaning for path in sources() for name, meaning in metrics_in(path)}
    lines = ["## Metrics", "", "| Name | What it counts |", "|---|---|"]
    lines += [f"| `{name}` | {cell(found[name])} |" for name in sorted(found)]
    return "\n".join([*lines, ""])


def sources() -> Iterator[Path]:
    """The Python of the programs."""
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def metrics_in(path: Path) -> Iterator[tuple[str, str]]:
    """Name and meaning of each metric that a file makes."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        texts = [arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant)]
        if len(texts) == 2 and str(texts[0]).startswith("layso_"):
            yield str(texts[0]), str(texts[1])


def messages() -> str:
    """What crosses the wire, field by field."""
    lines = ["## Messages"]
    for module_name in MESSAGES:
        module = importlib.import_module(module_name)
        lines += ["", f"### {module_name}", "", first_sentence(module), ""]
        lines += ["| Message | Fields |", "|---|---|"]
        for name, kind in inspect.getmembers(module, inspect.isclass):
            if issubclass(kind, msgspec.Struct) and kind.__module__ == module_name:
                fields = ", ".join(f"`{field_of(item)}`" for item in msgspec.structs.fields(kind))
                lines.append(f"| `{name}`: {cell(first_sentence(kind))} | {fields} |")
    return "\n".join([*lines, ""])


def field_of(item: msgspec.structs.FieldInfo) -> str:
    """One field as `name?: type`; `?` where it may be left out."""
    return f"{item.encode_name}{'' if item.required else '?'}: {type_name(item.type)}"


def type_name(kind: object) -> str:
    """A type as a reader would say it."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        return type_name(arguments[0])
    if origin is typing.Literal:
        return " or ".join(map(str, arguments))
    if origin in (typing.Union, types.UnionType):
        known = [item for item in arguments if item is not msgspec.UnsetType]
        return " or ".join(type_name(item) for item in known)
    if origin in (list, tuple):
        return f"list of {type_name(arguments[0])}"
    plain = {type(None): "null", str: "text", int: "whole number", float: "number", bool: "flag"}
    if kind in plain:
        return plain[kind]
    return "object" if origin is dict else str(getattr(kind, "__name__", kind))


def codes() -> str:
    """The stable codes of refusals."""
    from wire.errors import STATUS_OF

    lines = ["## Codes of `application/problem+json`", "", "| Code | Status |", "|---|---|"]
    lines += [f"| `{code}` | {status} |" for code, status in STATUS_OF.items()]
    return "\n".join([*lines, ""])


def first_sentence(thing: object) -> str:
    """The first sentence of a docstring, on one line."""
    text = " ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split())
    return text.split(". ")[0].rstrip(".") + "."


def cell(text: str) -> str:
    """A text as one cell of a table."""
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    sys.exit(main())
