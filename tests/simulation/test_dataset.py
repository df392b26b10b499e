"""The project's data is whole: what a centre offers, its procedures and its day agree."""

import collections
import re
import unicodedata
from typing import Any

import pytest

from simulation import dataset

SERVICE_KEYS = ("id", "prefix", "name", "target_wait_min", "typical_service_min", "anywhere")
CENTRE_KEYS = {"id", "name", "kind", "timezone", "location", "address", "hours"}
CATALOGUE = {row["id"]: row for row in dataset.services()["service"]}
SETS: dict[str, list[str]] = dataset.services()["sets"]


def test_every_file_is_clean_unicode() -> None:
    for path in dataset.DATA_DIR.rglob("*.*"):
        text = path.read_text(encoding="utf-8")
        assert unicodedata.is_normalized("NFC", text), path
        assert "\ufffd" not in text, path
        assert "\x00" not in text, path


def test_procedures_are_well_formed_and_belong_to_a_service() -> None:
    rows = dataset.procedures()
    assert len(rows) == 890
    assert len({row.code for row in rows}) == len(rows)
    for row in rows:
        assert re.fullmatch(r"\d\.\d{6}", row.code), row
        assert row.level in ("province", "commune", "both"), row
        assert row.on_the_spot in ("true", "false", "unknown"), row
        for text in (row.name_vi, row.name_en, row.field_vi):
            assert text, row
            assert text == text.strip(), row
            assert "\n" not in text, row
        assert row.field_vi in CATALOGUE[row.service]["fields"], row


def test_procedures_are_offered_at_their_level() -> None:
    for row in dataset.procedures():
        if row.level != "both":
            level = "provincial" if row.level == "province" else "commune"
            assert row.service in SETS[level], row
    counted = collections.Counter(row.service for row in dataset.procedures())
    assert {key: row["procedures"] for key, row in CATALOGUE.items() if row["procedures"]} == (
        dict(counted)
    )


@pytest.mark.parametrize("kind", ["provincial", "branch", "point"])
def test_shares_and_aliases_cover_every_service(kind: str) -> None:
    level = dataset.LEVEL_OF_KIND[kind]
    offered, alias = SETS[level], dataset.services()["alias"][level]
    assert len(set(offered)) == len(offered)
    assert sum(dataset.shares(kind).values()) == 100
    assert set(dataset.shares(kind)) == set(offered)
    assert set(alias) | set(offered) == set(CATALOGUE)
    assert not set(alias) & set(offered)
    assert set(alias.values()) <= set(offered)


def test_prefixes_are_letters_nobody_takes_for_a_digit() -> None:
    assert len(CATALOGUE) == len(dataset.services()["service"])
    assert all(row["prefix"] in set("ACEFHJKLMNPRTUVWXY") for row in CATALOGUE.values())


def test_there_are_46_centres_of_three_kinds() -> None:
    kinds = collections.Counter(dataset.centre(name)["centre"]["kind"] for name in CENTRES)
    assert kinds == {"provincial": 1, "branch": 9, "point": 36}


CENTRES = dataset.centre_ids()


@pytest.mark.parametrize("name", CENTRES)
def test_centre_is_whole(name: str) -> None:
    data = dataset.centre(name)
    centre = data["centre"]
    assert set(data) == {"centre", "service", "counter"}
    assert set(centre) == CENTRE_KEYS
    assert centre["id"] == name
    assert 10.8 < centre["location"]["lat"] < 11.6
    assert 106.3 < centre["location"]["lon"] < 107.0
    assert len(centre["hours"]) == 2
    check_services(data["service"])
    check_counters(data["counter"], {row["id"] for row in data["service"]})


def check_services(services: list[dict[str, Any]]) -> None:
    assert len({row["id"] for row in services}) == len(services)
    assert len({row["prefix"] for row in services}) == len(services)
    for row in services:
        assert row == {key: CATALOGUE[row["id"]][key] for key in SERVICE_KEYS}


def check_counters(counters: list[dict[str, Any]], offered: set[str]) -> None:
    assert [row["number"] for row in counters] == list(range(1, len(counters) + 1))
    assert len({row["id"] for row in counters}) == len(counters)
    assert {service for row in counters for service in row["services"]} == offered
    assert len(counters) in (6, 7, 8, 14, 16, 40)


def test_day_profile_adds_up() -> None:
    profile = dataset.day_profile()
    assert len(profile.slots) == 15
    assert sum(slot.share for slot in profile.slots) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("kind", "counters", "people"),
    [
        ("provincial", 40, 650),
        ("branch", 8, 280),
        ("point", 16, 330),
        ("point", 8, 150),
        ("point", 6, 110),
    ],
)
def test_people_per_day_follow_kind_and_size(kind: str, counters: int, people: int) -> None:
    assert dataset.people_per_day(kind, counters) == people
