"""The demo's copies of centres: always open, and all times divided by the speed."""

import csv
import dataclasses
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

from server.domain.dispatch import BALANCED
from simulation import dataset

NO_SHOW_AFTER_S = 60


def faster_centre(centre_id: str, speed: float) -> str:
    """A centre file (TOML) of the project's data: no `hours`, `speed` times faster."""
    data = dataset.centre(centre_id)
    head = {key: value for key, value in data["centre"].items() if key != "hours"}
    tables = [("[centre]", {**head, "simulation": speed})]
    for service in data["service"]:
        times = ("target_wait_min", "typical_service_min")
        faster = {key: round(service[key] / speed, 4) for key in times}
        tables.append(("[[service]]", {**service, **faster}))
    tables += [("[[counter]]", counter) for counter in data["counter"]]
    patience_min = round(BALANCED.patience_min / speed, 4)
    policy = {"no_show_after_s": no_show_after_s(speed), "patience_min": patience_min}
    tables.append(("[policy]", policy))
    tables += [("[[policy.priority]]", group) for group in _faster_groups(speed)]
    return "\n".join(f"{name}\n{_lines(values)}" for name, values in tables)


def no_show_after_s(speed: float) -> int:
    """Whole seconds that a called person has before the clerk may give up."""
    return max(1, round(NO_SHOW_AFTER_S / speed))


def _faster_groups(speed: float) -> Iterable[dict[str, Any]]:
    """Waits shrink with the speed, so what they are compared with shrinks too."""
    for group, weight in BALANCED.weights.items():
        yield {
            "group": group,
            "tau_min": round(weight.tau_min / speed, 4),
            "head_start_min": round(weight.head_start_min / speed, 4),
        }


def _lines(values: Mapping[str, Any]) -> str:
    return "".join(f"{key} = {_value(value)}\n" for key, value in values.items())


def _value(value: Any) -> str:
    """One TOML value; JSON's texts, numbers and flags are TOML's too."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def procedures_of(centre_id: str) -> str:
    """The procedures a centre takes in (CSV), each under the service it has there."""
    kind = dataset.centre(centre_id)["centre"]["kind"]
    level = dataset.LEVEL_OF_KIND[kind]
    alias = dataset.services()["alias"][level]
    taken = ("province", "both") if level == "provincial" else ("commune", "both")
    text = io.StringIO()
    columns = [column.name for column in dataclasses.fields(dataset.Procedure)]
    table = csv.DictWriter(text, columns, lineterminator="\n")
    table.writeheader()
    for row in dataset.procedures():
        if row.level in taken:
            service = alias.get(row.service, row.service)
            table.writerow(dataclasses.asdict(row) | {"service": service})
    return text.getvalue()
