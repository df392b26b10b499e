"""A centre that is written back is the same centre; what changed is told in lines."""

import math
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.domain.calendar import Hours
from server.domain.centre import Counter, Rules, Service, VoiceRules, Zone
from server.domain.centre_diff import LINES_MOST, VALUE_MOST, differences
from server.domain.centre_file import centre_of, read_centre
from server.domain.centre_text import data_of, days_text, text_of
from tests.fakes.small_centre import CENTRE_FILE, HOURS
from wire import configuration as wire
from wire.checks import FaultyFile

NAMES = st.fixed_dictionaries(
    dict.fromkeys(("vi", "en"), st.text(min_size=1, max_size=12).filter(str.strip))
)
MINUTES = st.floats(0.01, 600, allow_nan=False)
SLUGS = st.from_regex(r"[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,4})?", fullmatch=True)


def services(ids: list[str]) -> st.SearchStrategy[list[dict[str, Any]]]:
    prefixes = st.lists(
        st.from_regex("[A-Y]{1,2}", fullmatch=True),
        min_size=len(ids), max_size=len(ids), unique=True,
    )  # fmt: skip
    one = st.fixed_dictionaries(
        {"name": NAMES, "target_wait_min": MINUTES, "anywhere": st.booleans()},
        optional={"daily_limit": st.integers(1, 900), "typical_service_min": MINUTES},
    )
    many = st.lists(one, min_size=len(ids), max_size=len(ids))
    return st.builds(
        lambda found, marks: [
            {"id": id_, "prefix": mark, **rest}
            for id_, mark, rest in zip(ids, marks, found, strict=True)
        ],
        many,
        prefixes,
    )


@st.composite
def files(draw: st.DrawFn) -> dict[str, Any]:
    """Files of a shape that may be right; names are of any letters there are."""
    ids = draw(st.lists(SLUGS, min_size=1, max_size=4, unique=True))
    zones = draw(st.lists(SLUGS, max_size=2, unique=True))
    counters = draw(st.lists(SLUGS, max_size=3, unique=True))
    return {
        "centre": {
            "id": draw(SLUGS),
            "name": draw(NAMES),
            "address": draw(st.text(max_size=20)),
            "location": {"lat": draw(st.floats(-90, 90)), "lon": draw(st.floats(-180, 180))},
            "hours": [{"days": days_text(draw(st.sets(st.integers(0, 6), min_size=1))),
                       "open": "07:30", "close": draw(st.sampled_from(["11:30", "24:00"]))}],
            "closed_dates": draw(st.lists(st.dates().map(str), max_size=3, unique=True)),
        },
        "service": draw(services(ids)),
        "zone": [{"id": id_, "name": draw(NAMES)} for id_ in zones],
        "counter": [
            {"id": id_, "number": at, "name": draw(NAMES),
             "services": draw(st.lists(st.sampled_from(ids), unique=True)),
             **({"zone": zones[0]} if zones and draw(st.booleans()) else {})}
            for at, id_ in enumerate(counters, start=1)
        ],
        "policy": draw(st.fixed_dictionaries({}, optional={
            "preset": st.sampled_from(["balanced", "strict-by-law"]),
            "patience_min": st.sampled_from([25, 40.5, math.inf]),
            "beta": st.floats(0, 100),
            "priority": st.just([{"group": "elderly", "tau_min": 2.5, "head_start_min": 0}]),
            "redirect": st.booleans(),
        })),
        "voice": {"chime": draw(st.booleans()), "volume": [{"at": "07:00", "percent": 80}]},
    }  # fmt: skip


@settings(max_examples=60)
@given(files())
def test_what_is_written_reads_as_the_same_centre(data: dict[str, Any]) -> None:
    try:
        centre, _ = centre_of(data)
    except FaultyFile:  # a name of nothing that is seen: refused, and so never written
        return
    text = text_of(data_of(centre))
    again, _ = read_centre(text)
    assert again == centre
    assert text_of(data_of(again)) == text


def test_a_file_of_people_reads_the_same_once_it_is_canonical() -> None:
    centre, _ = read_centre(CENTRE_FILE.replace("# hours", HOURS))
    text = text_of(data_of(centre))
    assert '{ days = "mon-fri", open = "07:30", close = "11:30" }' in text
    assert read_centre(text)[0] == centre


def test_names_are_kept_as_they_are_meant() -> None:
    pasted = 'vi = "  Hô\u0323\u00a0ti\u0323ch\\n\u200b "'
    centre, _ = read_centre(CENTRE_FILE.replace('vi = "Hộ tịch"', pasted))
    assert centre.services["ho-tich"].name.vi == "Hộ tịch"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('vi = "Hộ\\u0007tịch"', "service[1].name.vi: must not hold control characters"),
        ('vi = "\u00a0"', "service[1].name.vi: must be a text that is not empty"),
        (f'vi = "{"x" * 201}"', "service[1].name.vi: must be at most 200 letters, not 201"),
    ],
)
def test_names_that_nobody_can_have_meant_are_refused(wrong: str, said: str) -> None:
    with pytest.raises(FaultyFile) as refused:
        read_centre(CENTRE_FILE.replace('vi = "Hộ tịch"', wrong))
    assert [str(fault) for fault in refused.value.faults] == [said]


@pytest.mark.parametrize("days", ["", " , ", "\u00a0", "\u2028,"])
def test_empty_times_and_days_are_faults_even_beside_others(days: str) -> None:
    empty = f'{{ days = "{days}", open = "", close = "24:00" }}'
    hours = f'hours = [{empty}, {{ days = "mon", open = "09:00", close = "08:00" }}]'
    faulty = CENTRE_FILE.replace("# hours", hours).replace('id = "q2"', 'id = "Q 2"')
    with pytest.raises(FaultyFile) as refused:
        read_centre(faulty + '[voice]\nvolume = [{ at = "", percent = 5 }]\n')
    where = [fault.where for fault in refused.value.faults]
    for one in (
        "centre.hours[1].days", "centre.hours[1].open", "centre.hours[2].close", "counter[2].id",
        "voice.volume[1].at",
    ):  # fmt: skip
        assert one in where


def test_changes_are_told_and_bounded() -> None:
    old = data_of(read_centre(CENTRE_FILE)[0])
    new = data_of(read_centre(CENTRE_FILE)[0])
    assert differences(old, new) == []
    new["service"][0]["target_wait_min"] = 20.0
    new["centre"]["address"] = "x" * 300
    del new["counter"][1]
    told = differences(old, new)
    assert "service ho-tich target_wait_min: 15 → 20" in told
    assert "counter q2 services: ho-tich, dat-dai → –" in told
    assert all(len(line) < 2 * VALUE_MOST + 60 for line in told)
    many = {"service": [{"id": f"s{n}", "x": n} for n in range(99)]}
    assert differences({}, many)[LINES_MOST:] == [f"… +{99 - LINES_MOST}"]


def test_nothing_of_a_centre_is_forgotten_when_it_is_written() -> None:
    """A new key of the file is one of the wire and is written back, or it would be lost."""
    text = CENTRE_FILE.replace("# hours", HOURS + "simulation = 2\n").replace(
        "typical_service_min = 12", "typical_service_min = 12\ndaily_limit = 5"
    )
    policy = (
        '[policy]\nbeta = 3\ngamma = 2\npatience_min = 30\n[[policy.priority]]\ngroup = "merit"'
    )
    data = data_of(read_centre(text + policy)[0])
    kept = {"retired", "former_prefixes", "lent"}
    for kind, made, wire_kind in (
        (Service, data["service"][1], wire.ServiceSetting),
        (Counter, data["counter"][0], wire.CounterSetting),
        (Zone, data["zone"][0], wire.ZoneSetting),
        (VoiceRules, data["voice"], wire.VoiceSetting),
    ):
        assert {field.name for field in fields(kind)} - kept == set(made)
        assert set(wire_kind.__struct_fields__) == set(made)
    rules = {field.name for field in fields(Rules)}
    assert rules | {"preset", "priority", "beta", "gamma", "patience_min"} == set(data["policy"])
    assert set(wire.PolicySetting.__struct_fields__) == set(data["policy"])
    assert set(wire.Head.__struct_fields__) == set(data["centre"])
    assert {field.name for field in fields(Hours)} - {"sessions"} <= set(data["centre"])
