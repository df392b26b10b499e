"""What changed between two configurations, in lines that a person can read."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

VALUE_MOST: Final = 80
"""Letters of a value that are told."""

LINES_MOST: Final = 40
"""Changes that are told one by one."""

_NAMES: Final = ("id", "group", "at")
_MISSING: Final = "–"


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """One line for each value that differs, as `service ho-tich target_wait_min: 15 → 20`.

    Args:
        old: Data of `centre_text.data_of`, or empty.
        new: The same, later.

    Returns:
        At most `LINES_MOST` lines and one that counts the rest; values are cut to `VALUE_MOST`.
    """
    before, after = dict(_flat("", old)), dict(_flat("", new))
    found = [
        f"{path}: {_shown(before.get(path))} → {_shown(after.get(path))}"
        for path in dict.fromkeys([*before, *after])
        if before.get(path) != after.get(path)
    ]
    if len(found) > LINES_MOST:
        found[LINES_MOST:] = [f"… +{len(found) - LINES_MOST}"]
    return found


def _flat(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(f"{path} {key}".strip(), inner)
    elif isinstance(value, list) and value and _name_of(value[0]):
        for one in value:
            key = _name_of(one)
            yield from _flat(
                f"{path} {one[key]}", {name: each for name, each in one.items() if name != key}
            )
    else:
        yield path, value


def _name_of(value: Any) -> str:
    """By which of its keys an entry of a list is known; "" for what is no such entry."""
    if not isinstance(value, Mapping):
        return ""
    return next((key for key in _NAMES if key in value), "")


def _shown(value: Any) -> str:
    text = _MISSING if value in (None, "", []) else _said(value)
    return text if len(text) <= VALUE_MOST else text[: VALUE_MOST - 1] + "…"


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_said, value))
    if isinstance(value, Mapping):
        return " ".join(map(_said, value.values()))
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)
