"""A crowded lobby by a virtual clock: 60 counters, 6 zones, calls at random for half an hour.

Seeds 1 to 5, half an hour each, sentences of their real length (4.7 s in the mean, chime and all).
Those neither said nor dropped were withdrawn: their counter called somebody else meanwhile.

| a call every | loudspeakers | calls | said | dropped | age at the beginning, p95 |
|---|---|---|---|---|---|
| 9 s | one a zone | 1,016 | 1,016 | 0 | 3.5 s |
| 9 s | one for all | 1,016 | 1,010 | 0 | 9.6 s |
| 5 s | one a zone | 1,801 | 1,801 | 0 | 4.0 s |
| 5 s | one for all | 1,801 | 1,746 | 20 | 16.4 s |
"""

import heapq
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from display.voice.announcement import clips_of, pauses_ms
from display.voice.announcer import LIVE_S, Announcement, Announcer
from look.voice import read_voice

ZONES = "abcdef"
COUNTERS = 60
HALF_HOUR_S = 1800.0
START_S = 1_790_000_000.0
SEEDS = range(1, 6)


@dataclass
class Loudspeaker:
    """An announcer, and when each of its announcements began and ended."""

    announcer: Announcer
    spoken: list[tuple[float, float, Announcement]] = field(default_factory=list)

    def begin(self, now_s: float, lengths_ms: dict[str, int]) -> float | None:
        """When what begins now will be over; None when nothing does."""
        begun = self.announcer.next(now_s)
        if begun is None:
            return None
        clips = clips_of(begun.call, chime=not begun.brief)
        length_s = sum(map(lengths_ms.__getitem__, clips)) + sum(pauses_ms(clips))
        self.spoken.append((now_s, now_s + length_s / 1000, begun))
        return now_s + length_s / 1000

    def ages_s(self) -> list[float]:
        return sorted(began - said.called_at_s for began, _, said in self.spoken)


@pytest.fixture(scope="module")
def lengths_ms() -> dict[str, int]:
    return {name: clip.ms for name, clip in read_voice().clips.items()}


def calls(seed: int, every_s: float) -> Iterator[tuple[float, dict[str, Any]]]:
    """Changes in order of time: each counter's new call ends the one it had."""
    chance = random.Random(seed)
    now_s, nth, current = START_S, 0, dict[int, str]()
    while (now_s := now_s + chance.expovariate(1 / every_s)) < START_S + HALF_HOUR_S:
        nth += 1
        counter = chance.randint(1, COUNTERS)
        zone = ZONES[(counter - 1) % len(ZONES)]
        at = datetime.fromtimestamp(now_s, UTC).isoformat()
        if counter in current:
            ended = {"number": current[counter], "state": "served", "zone": zone}
            yield now_s, {"at": at, "ticket": ended, "call": None, "counter": None}
        current[counter] = f"{chance.choice('ACFHKLTX')}{nth:03}"
        yield (
            now_s,
            {
                "at": at,
                "ticket": {"number": current[counter], "state": "called", "zone": zone},
                "call": {"call_id": f"c{nth}", "times": 1},
                "counter": {"id": f"q{counter}", "number": counter},
            },
        )


def play(
    seed: int, every_s: float, lengths_ms: dict[str, int], zones: tuple[str | None, ...]
) -> list[Loudspeaker]:
    speakers = [Loudspeaker(Announcer(zone)) for zone in zones]
    for one in speakers:
        one.announcer.board({"calls": [], "counters": []}, START_S)
    ends: list[tuple[float, int]] = []

    def begin(which: int, now_s: float) -> None:
        end_s = speakers[which].begin(now_s, lengths_ms)
        if end_s is not None:
            heapq.heappush(ends, (end_s, which))

    def catch_up(until_s: float) -> None:
        while ends and ends[0][0] <= until_s:
            end_s, which = heapq.heappop(ends)
            speakers[which].announcer.done()
            begin(which, end_s)

    for now_s, change in calls(seed, every_s):
        catch_up(now_s)
        for which, one in enumerate(speakers):
            one.announcer.change(change, now_s)
            begin(which, now_s)
    catch_up(float("inf"))
    return speakers


def figures(speakers: list[Loudspeaker]) -> tuple[int, int, float]:
    """How many were said, how many dropped, and the age under which 95 of 100 began."""
    ages = sorted(age for one in speakers for age in one.ages_s())
    dropped = sum(one.announcer.dropped_total for one in speakers)
    return len(ages), dropped, ages[int(0.95 * len(ages))]


@pytest.mark.parametrize("zones", [tuple(ZONES), (None,)], ids=["six zones", "one for all"])
@pytest.mark.parametrize("every_s", [9.0, 5.0])
def test_nothing_overlaps_and_nothing_is_older_than_20_s(
    lengths_ms: dict[str, int], every_s: float, zones: tuple[str | None, ...]
) -> None:
    for seed in SEEDS:
        speakers = play(seed, every_s, lengths_ms, zones)
        for one in speakers:
            assert all(ended <= began for (_, ended, _), (began, _, _) in pairwise(one.spoken))
            assert max(one.ages_s()) <= LIVE_S
        said, dropped, p95_s = figures(speakers)
        made = {change["call"]["call_id"] for _, change in calls(seed, every_s) if change["call"]}
        heard = {told.call_id for one in speakers for _, _, told in one.spoken}
        assert heard <= made
        assert said == len(heard)
        if len(zones) > 1:
            assert dropped == 0
            assert said == len(made)
            assert p95_s < LIVE_S / 2
        elif every_s == 9.0:
            assert said >= 0.97 * len(made)
