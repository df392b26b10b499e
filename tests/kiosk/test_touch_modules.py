"""The touch page's pure parts in node: scanner or person, and what news does to the page."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

STATIC = Path(__file__).parents[2] / "kiosk" / "touch" / "static"
CARD = "079066001234|023456789|Nguyen Thi Hoa|01021940|Nu|12 Le Loi|01072021"
Keys = list[dict[str, Any]]


def node(program: str, data: Any) -> Any:
    """Run an ES module's text over `data` (JSON on stdin), the touch page's modules at hand."""
    beside = Path(sys.executable).parent  # where PyPI's node goes
    found = shutil.which("node") or shutil.which("node", path=beside)
    assert found, "node is missing; script/setup --tests brings it"
    reading = 'import { readFileSync } from "node:fs"; const data = JSON.parse(readFileSync(0));'
    done = subprocess.run(
        [found, "--input-type=module", "-e", f"{reading}\n{program}"],
        input=json.dumps(data), capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def bursts(*streams: Keys) -> list[tuple[list[str], list[str]]]:
    """For each stream of keys: the scans in it, and the keys that were swallowed."""
    program = f"""
      import {{ QUIET, typed }} from "{(STATIC / "burst.js").as_uri()}";
      console.log(JSON.stringify(data.map((keys) => {{
        let state = QUIET; const scans = [], swallowed = [];
        for (const one of keys) {{
          const done = typed(state, one); state = done.state;
          if (done.text !== null) scans.push(done.text);
          if (done.swallow) swallowed.push(one.key);
        }}
        return [scans, swallowed];
      }})));"""
    return [tuple(one) for one in node(program, streams)]  # type: ignore[misc]


def keys(text: str, gap_ms: float, at: float = 1000.0) -> Keys:
    """A text as keys, `⏎` for Enter; capitals bring their Shift."""
    made: Keys = []
    for letter in text:
        at += gap_ms
        if letter.isupper():
            made.append({"key": "Shift", "at": at - gap_ms / 2})
        made.append({"key": "Enter" if letter == "⏎" else letter, "at": at})
    return made


def test_a_scanner_is_heard_and_its_keys_reach_no_button() -> None:
    ((scans, swallowed),) = bursts(keys(CARD + "⏎", 5))
    assert scans == [CARD]
    assert swallowed.count(" ") == CARD.count(" ")
    assert swallowed[-1] == "Enter"


@pytest.mark.parametrize("gap_ms", [0, 1, 12, 39])
def test_however_fast_it_types(gap_ms: float) -> None:
    assert bursts(keys(CARD + "⏎" + CARD + "⏎", gap_ms))[0][0] == [CARD, CARD]


def test_a_person_is_left_alone() -> None:
    text = "khai sinh⏎"
    slow, rolled = keys(text, 60), keys(text, 60)
    rolled[2]["at"] = rolled[1]["at"] + 8  # two keys almost at once
    held = [{"key": "a", "at": 1000 + 30 * n, "repeat": n > 0} for n in range(40)]
    short = keys("abc123⏎", 5)
    short_then_slow = [*keys("abcdefgh", 60), {"key": "Enter", "at": 9000}]
    for scans, swallowed in bursts(slow, rolled, held, short_then_slow):
        assert (scans, swallowed) == ([], [])
    assert bursts(short)[0][0] == []


def test_letters_its_keyboard_lacks_do_not_break_a_burst() -> None:
    burst = keys("079066001234|Nguy", 5)
    at = burst[-1]["at"]
    burst += [{"key": "4", "at": at + 5 * n, "command": True} for n in range(1, 5)]
    burst += keys("n|x⏎", 5, at + 20)
    assert bursts(burst)[0][0] == ["079066001234|Nguyn|x"]


def test_what_is_too_long_is_no_scan_but_presses_nothing() -> None:
    ((scans, swallowed),) = bursts(keys("x" * 3000 + "⏎", 1))
    assert (scans, swallowed[-1]) == ([], "Enter")


@settings(max_examples=15)
@given(st.lists(st.lists(st.floats(41, 900), min_size=1, max_size=30), min_size=20, max_size=40))
def test_nobody_who_types_like_a_person_is_taken_for_a_scanner(people: list[list[float]]) -> None:
    streams = []
    for gaps in people:
        at, stream = 1000.0, []
        for gap in gaps:
            at += gap
            stream.append({"key": "a", "at": at})
        streams.append([*stream, {"key": "Enter", "at": at + gaps[0]}])
    assert bursts(*streams) == [([], [])] * len(streams)


def events(*cases: tuple[dict[str, Any], dict[str, Any], str | None]) -> list[str | None]:
    """The type of the event that each (news, change of HOME, number a key gave) leads to."""
    program = f"""
      import {{ eventOf }} from "{(STATIC / "happenings.js").as_uri()}";
      import {{ HOME }} from "{(STATIC / "flow.js").as_uri()}";
      console.log(JSON.stringify(data.map(([news, change, keyed]) =>
        eventOf(news, {{ ...HOME, ...change }}, keyed)?.type ?? null)));"""
    found: list[str | None] = node(program, cases)
    return found


PRESSED = {"kind": "pressed", "answer": {"ticket": {"id": "b"}, "outcome": "printed"}}
OLD = {"kind": "scanned", "scan": {"kind": "age_group", "elderly": True}}
COPY = {"kind": "scanned", "scan": {"kind": "ticket", "ticket": {"id": "c"}}}
ISSUED = {"screen": "issued", "issued": {"ticket": {"id": "a"}}}


def test_a_keys_number_disturbs_nobody_at_the_page() -> None:
    assert events(
        (PRESSED, {}, None),
        (PRESSED, {"priority": "elderly"}, None),
        (PRESSED, {"page": 1}, None),
        (PRESSED, {"pressing": "ho-tich"}, None),
        (PRESSED, ISSUED, None),
        (PRESSED, ISSUED, "a"),
        (PRESSED, {"screen": "problem"}, None),
        (PRESSED, {"screen": "offer"}, None),
        ({"kind": "refused", "code": "day_full"}, {}, None),
        ({"kind": "refused", "code": "centre_closed"}, {}, None),
    ) == ["issued", None, None, None, None, "issued", "issued", None, "problem", None]


def test_a_card_answers_the_question_for_the_group_and_a_ticket_shows_itself() -> None:
    assert events(
        (OLD, {}, None),
        (OLD, {"dialog": "priority"}, None),
        (OLD, {"language": "en", "large": True}, None),
        (OLD, ISSUED, None),
        (OLD, {"pressing": "ho-tich"}, None),
        (COPY, {}, None),
        (COPY, {"priority": "elderly"}, None),
        (COPY, ISSUED, None),
        (COPY, {"screen": "scanned"}, None),
    ) == ["noted", "noted", "noted", None, None, "scanned", "scanned", None, "scanned"]
