"""The project's own data: Bình Dương's centres, their services, procedures and a day's arrivals.

Read-only package data; where each figure comes from stands in `simulation/data/SOURCES.md`.
"""

import csv
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

DATA_DIR = Path(__file__).resolve().parent / "data"
LEVEL_OF_KIND: Mapping[str, str] = {
    "provincial": "provincial",
    "branch": "branch",
    "point": "commune",
}


@dataclass(frozen=True)
class Procedure:
    """One row of the national catalogue, as far as the project uses it."""

    code: str
    name_vi: str
    name_en: str
    field_vi: str
    level: str
    on_the_spot: str
    documents_vi: str
    service: str


@dataclass(frozen=True)
class Slot:
    """One half hour of a day and its share of the day's arrivals."""

    start: str
    share: float


@dataclass(frozen=True)
class DayProfile:
    """How people arrive over one working day, lunch left out."""

    slot_min: int
    slots: tuple[Slot, ...]
    people_per_day: Mapping[str, Mapping[str, int]]


def centre_ids() -> list[str]:
    """The ids of all centres, sorted."""
    return sorted(path.stem for path in (DATA_DIR / "centres").glob("*.toml"))


def centre(centre_id: str) -> dict[str, Any]:
    """One centre's file, parsed: `centre`, `service` and `counter`."""
    path = DATA_DIR / "centres" / f"{centre_id}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def services() -> dict[str, Any]:
    """`services.toml`, parsed: `sets`, `alias` and `service`."""
    return tomllib.loads((DATA_DIR / "services.toml").read_text(encoding="utf-8"))


def shares(kind: str) -> dict[str, int]:
    """Per cent of the tickets each service takes at a centre of this kind; the sum is 100."""
    level = LEVEL_OF_KIND[kind]
    every = {row["id"]: int(row["share"][level]) for row in services()["service"]}
    return {service: share for service, share in every.items() if share}


@cache
def procedures() -> tuple[Procedure, ...]:
    """All procedures in the order of the file."""
    with (DATA_DIR / "procedures.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Procedure(**row) for row in csv.DictReader(file))


@cache
def day_profile() -> DayProfile:
    """The arrivals of a working day and how many people come to each kind of centre."""
    data = json.loads((DATA_DIR / "day-profile.json").read_text(encoding="utf-8"))
    return DayProfile(
        slot_min=data["slot_minutes"],
        slots=tuple(Slot(item["start"], item["share"]) for item in data["arrivals"]),
        people_per_day=data["people_per_day"],
    )


def people_per_day(kind: str, counters: int) -> int:
    """How many people come to a centre of this kind and size on a typical day."""
    profile = day_profile()
    if kind != "point":
        return profile.people_per_day[kind]["typical"]
    sizes = ("commune_16_counters", 12), ("commune_8_counters", 8), ("commune_compact", 0)
    size = next(name for name, at_least in sizes if counters >= at_least)
    return profile.people_per_day[size]["typical"]
