"""The benchmarks by name, and where their results go."""

import argparse
import json
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import (
    broadcast,
    commands,
    desk_page,
    footprint,
    hall_screen,
    halls,
    history,
    machine,
    merge,
    page,
    panels,
    planning,
    press,
    slip,
    waiting,
)

RESULTS = Path(__file__).parent / "results"

BENCHES: dict[str, Callable[[bool], dict[str, Any]]] = {
    "commands": lambda quick: commands.measure(*((2, 2.0) if quick else (5, 4.0))),
    "history": lambda quick: history.measure(*((20_000, 3) if quick else (1_000_000, 5))),
    "waiting": lambda quick: waiting.measure(2 if quick else 7),
    "planning": lambda quick: planning.measure(*((3, 2) if quick else (30, 20))),
    "halls": lambda quick: halls.measure(4 if quick else 40),
    "broadcast": lambda quick: broadcast.measure((50, 200) if quick else (50, 200, 1000)),
    "panels": lambda quick: panels.measure(20 if quick else 200),
    "press": lambda quick: press.measure(*((20, 2) if quick else (100, 10))),
    "slip": lambda quick: slip.measure(20 if quick else 200),
    "page": lambda quick: page.measure(2 if quick else 7),
    "desk_page": lambda quick: desk_page.measure(10 if quick else 40),
    "hall_screen": lambda quick: hall_screen.measure(*((20, 500) if quick else (100, 5000))),
    "merge": lambda quick: merge.measure(60 if quick else 500),
    "footprint": lambda quick: footprint.measure(200 if quick else 1000),
}


def main() -> None:
    """Run what was asked for and print, or also keep, the results."""
    parser = argparse.ArgumentParser(prog="script/bench", description="Measure the system.")
    parser.add_argument("--only", nargs="+", choices=BENCHES, default=list(BENCHES))
    parser.add_argument("--quick", action="store_true", help="small sizes, to try the benches")
    parser.add_argument("--save", action="store_true", help="keep the result in bench/results")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="layso-bench-") as folder:
        result: dict[str, Any] = {"machine": machine.describe(Path(folder))}
    result["when"] = datetime.now(UTC).isoformat(timespec="seconds")
    for name in options.only:
        result[name] = BENCHES[name](options.quick)
        print(json.dumps({name: result[name]}, indent=2), flush=True)
    if options.save:
        RESULTS.mkdir(exist_ok=True)
        file = RESULTS / f"{result['when'][:10]}-{result['machine']['commit']}.json"
        file.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"kept in {file.name}")
