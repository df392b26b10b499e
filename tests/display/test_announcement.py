"""The sentence of a call, clip by clip: the vectors that the hall page is tested with too."""

import json
from pathlib import Path
from typing import Any

import pytest

from display.voice.announcement import clips_of, pauses_ms
from look.voice import CLIPS

VECTORS: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("announcements.json").read_text("utf-8")
)


def test_there_are_enough_vectors() -> None:
    assert len(VECTORS) >= 40


@pytest.mark.parametrize("vector", VECTORS, ids=lambda one: " ".join(one["clips"]))
def test_a_call_is_this_list_of_clips(vector: dict[str, Any]) -> None:
    assert clips_of(vector["call"], chime=vector["chime"]) == vector["clips"]


def test_no_sentence_needs_a_clip_that_nobody_makes() -> None:
    for counter in range(1, 1000):
        for language in ("vi", "en"):
            call = {"number": "Z03001", "counter": {"number": counter}, "times": 2}
            assert set(clips_of({**call, "language": language}, chime=True)) <= set(CLIPS)


def test_a_sentence_breathes_where_a_person_would() -> None:
    clips = ["chime", "vi/again", "vi/call", "vi/letter-h", "vi/digit-1", "vi/to", "vi/counter-3"]
    assert pauses_ms(clips) == [160, 200, 40, 40, 140, 40, 0]
    assert pauses_ms(["en/counter-3", "en/please"]) == [120, 0]
    assert pauses_ms([]) == []
