"""10,000 power cuts between touch and hand-in: nothing lost, nothing double, every copy marked."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from tests.campaigns import power_cuts
from tests.campaigns.assembled_kiosk import AssembledKiosk
from tests.campaigns.lossy_disk import LOSSES

CUTS = 10_000
A_FEW_CUTS = 300
LONGEST_LIFE_STEPS = 300


def test_a_few_power_cuts() -> None:
    rng = random.Random(20261123)
    cuts = 0
    while cuts < A_FEW_CUTS:
        seed, cut_at = rng.randrange(10**6), rng.randrange(1, LONGEST_LIFE_STEPS)
        cuts += cut(seed, cut_at)


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_ten_thousand_power_cuts(record_property: Any) -> None:
    cuts = sum(cut(seed, cut_at) for seed, cut_at in every_step(CUTS))
    record_property("cuts", cuts)
    assert cuts >= CUTS


def every_step(cuts: int) -> Iterator[tuple[int, int]]:
    """Life after life, and each at every one of its steps."""
    seed = done = 0
    while done < cuts:
        steps = power_cuts.run(seed, None, "nothing").steps
        yield from ((seed, cut_at) for cut_at in range(1, steps + 1))
        done += steps
        seed += 1


def cut(seed: int, cut_at: int) -> int:
    """One life; how often the power went in it."""
    world = power_cuts.run(seed, cut_at, LOSSES[(seed + cut_at) % len(LOSSES)])
    return world.cuts


def test_the_first_start_may_be_cut_anywhere() -> None:
    """Before the tables are made there is nothing to lose; afterwards the kiosk works."""
    for cut_at in range(1, 140):
        world = power_cuts.World(cut_at)
        world.power.cut_at = cut_at
        try:
            world.start().meet()
        except power_cuts.PowerCut:
            world.power_cut(LOSSES[cut_at % len(LOSSES)])
        world.power.cut_at = None
        kiosk: AssembledKiosk = power_cuts.set_in_order(world)
        power_cuts.check(world, kiosk)
        world.leave()
