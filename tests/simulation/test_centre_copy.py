"""The demo's copies of centres are taken by the very reader the server uses."""

import csv
import io

import pytest

from server.domain.centre_file import read_centre
from server.domain.dispatch import BALANCED
from simulation import dataset
from simulation.demo import centre_copy
from simulation.demo.options import CENTRES


@pytest.mark.parametrize("centre_id", dataset.centre_ids())
@pytest.mark.parametrize("speed", [1.0, 20.0, 200.0])
def test_a_copy_is_a_centre_file_with_all_times_divided(centre_id: str, speed: float) -> None:
    centre, warnings = read_centre(centre_copy.faster_centre(centre_id, speed))
    assert warnings == []
    original = dataset.centre(centre_id)
    assert centre.simulation == speed
    assert centre.name.vi == original["centre"]["name"]["vi"]
    assert len(centre.counters) == len(original["counter"])
    for service in original["service"]:
        copy = centre.services[service["id"]]
        typical, target = service["typical_service_min"], service["target_wait_min"]
        assert copy.typical_service_min * speed == pytest.approx(typical, rel=0.01)
        assert copy.target_wait_min * speed == pytest.approx(target, rel=0.01)
    for group, weight in BALANCED.weights.items():
        assert centre.policy.weight(group).tau_min * speed == pytest.approx(
            weight.tau_min, rel=0.02
        )


def test_a_copy_is_always_open() -> None:
    assert "hours" not in centre_copy.faster_centre("binh-duong", 20)


@pytest.mark.parametrize("centre_id", CENTRES)
def test_procedures_stand_under_services_the_centre_has(centre_id: str) -> None:
    rows = list(csv.DictReader(io.StringIO(centre_copy.procedures_of(centre_id))))
    offered = {service["id"] for service in dataset.centre(centre_id)["service"]}
    assert len(rows) > 400
    assert {row["service"] for row in rows} <= offered
