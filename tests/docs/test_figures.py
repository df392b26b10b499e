"""Figures of production.md are those of the benchmarks that they name."""

import json
import re
from functools import reduce
from pathlib import Path

ROW = re.compile(r"^\| ([^|]+) \| ([\d.,]+)([^|]*) \| `(bench/results/\S+)` \| `(\S+)` \|$", re.M)


def keyed(folder: Path, file: str, key: str) -> float:
    """What a result says under this key."""
    whole = json.loads((folder / file).read_text(encoding="utf-8"))
    return float(reduce(lambda part, name: part[name], key.split("."), whole))


def test_every_figure_is_one_that_was_measured(root: Path) -> None:
    page = (root / "docs/production.md").read_text(encoding="utf-8")
    table = page.partition("\n## How much\n")[2].partition("\n## ")[0]
    rows = ROW.findall(table)
    assert len(rows) == table.count("`bench/results/")
    assert len(rows) >= 10
    wrong = []
    for what, figure, _, file, key in rows:
        said = float(figure.replace(",", ""))
        places = len(figure.partition(".")[2])
        if round(keyed(root, file, key), places) != said:
            wrong.append(f"{what}: {figure}, {key} is {keyed(root, file, key)}")
    assert wrong == []


def test_figures_are_of_the_newest_measurement(root: Path) -> None:
    page = (root / "docs/production.md").read_text(encoding="utf-8")
    files = sorted((root / "bench/results").glob("*.json"))
    old = [
        f"{key} is in {newest}"
        for _, _, _, file, key in ROW.findall(page)
        if (newest := _newest(files, key)) != Path(file).name
    ]
    assert old == []


def _newest(files: list[Path], key: str) -> str:
    head = key.split(".")[0]
    having = [path.name for path in files if head in json.loads(path.read_text("utf-8"))]
    return having[-1]
