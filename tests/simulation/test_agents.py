"""The demo's agent files are what the agents themselves take; old slips go."""

import subprocess
import sys
from pathlib import Path

import pytest

from simulation.demo import agents
from simulation.demo.options import CENTRES, Options, read


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return read(["--no-open"], {"LAYSO_DATA_DIR": str(tmp_path)})


@pytest.mark.parametrize("kind", ["kiosk", "display"])
def test_the_agents_find_their_files_in_order(options: Options, kind: str) -> None:
    tokens = {
        centre: {"kiosk": "k" * 43, "display": "d" * 43, "pad": "p" * 43} for centre in CENTRES
    }
    agents.write(options, tokens)
    program = Path(sys.executable).with_name(f"layso-{kind}")
    for centre in CENTRES:
        config = agents.config_of(options, centre, kind)
        for token in config.parent.glob("*.token"):
            assert token.stat().st_mode & 0o077 == 0
        done = subprocess.run(
            [program, "check-config", config], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


def test_the_newest_slips_are_kept(options: Options) -> None:
    folder = agents.config_of(options, CENTRES[0], "kiosk").parent / "printer"
    folder.mkdir(parents=True)
    for number in range(1, 13):
        (folder / f"{number:04}.bin").touch()
        (folder / f"{number:04}.png").touch()
    agents.drop_old_slips(options, keep=10)
    assert sorted(path.name for path in folder.iterdir())[:2] == ["0003.bin", "0003.png"]
