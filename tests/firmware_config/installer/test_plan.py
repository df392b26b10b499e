"""What is planned for a box: pure, so every role on every board."""

import itertools
from pathlib import Path

import pytest

from firmware_config.boot.merge import merged_config
from firmware_config.installer.box import Facts, board_of
from firmware_config.installer.errors import Stopped
from firmware_config.installer.files import Manifest
from firmware_config.installer.plan import packages_of, plan, units_of
from firmware_config.installer.release import Wheel, find_wheel
from firmware_config.installer.steps import PutBoot, PutFile
from firmware_config.installer.wishes import ROLES, Wishes, checked
from tests.firmware_config.unit import UNITS

SETS = [
    roles
    for count in range(1, len(ROLES) + 1)
    for roles in itertools.combinations(ROLES, count)
    if not {"kiosk", "hall"} <= set(roles)
]


def wishes(*roles: str, **more: str) -> Wishes:
    given = {
        "server": "http://10.0.0.5:8000",
        "centre": "lai-thieu",
        "public_url": "http://10.0.0.5:8000",
    }
    return Wishes(roles, **given | more)  # type: ignore[arg-type]


def box(board: str = "pc", **more: object) -> Facts:
    facts = {"board": board, "release": "trixie", "machine": "aarch64", "systemd": True}
    return Facts(**facts | {"installed": frozenset()} | more)  # type: ignore[arg-type]


@pytest.fixture
def wheel(tmp_path: Path) -> Wheel:
    return Wheel(tmp_path / "layso-0.1.0-py3-none-any.whl", "0.1.0", None)


@pytest.mark.parametrize("board", ["pc", "pi4", "pi5"])
@pytest.mark.parametrize("roles", SETS, ids="+".join)
def test_every_unit_that_is_enabled_is_put_there_with_its_sandbox(
    roles: tuple[str, ...], board: str, wheel: Wheel
) -> None:
    steps = plan(checked(wishes(*roles)), box(board), wheel)
    put = {str(step.path) for step in steps if isinstance(step, PutFile)}
    for unit in units_of(roles):
        assert f"/etc/systemd/system/{unit}" in put
        if unit.endswith(".service"):
            assert f"/etc/systemd/system/{unit}.d/60-needs.conf" in put
    assert "/etc/systemd/system/layso-.service.d/50-sandbox.conf" in put
    assert all((UNITS / unit).is_file() for unit in units_of(roles))
    words = [step.what for step in steps]
    assert len(words) == len(set(words))
    boot = [word for word in words if word.startswith("boot")]
    assert len(boot) == (0 if board == "pc" else 2)
    pins = board != "pc" and bool({"kiosk", "display", "pad"} & set(roles))
    assert any("gpio" in word for word in words if word.startswith("release")) == pins
    assert ("python3-lgpio" in words[0]) == pins


def test_only_what_is_missing_is_asked_of_debian(wheel: Wheel) -> None:
    names = packages_of(("kiosk",), pins=False)
    (first, *_) = plan(wishes("kiosk"), box(installed=frozenset(names) - {"cage"}), wheel)
    assert first.what == "packages cage"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Wishes(()), "no role"),
        (wishes("kiosc"), "'kiosc'"),
        (wishes("kiosk", "hall"), "one screen"),
        (wishes("kiosk", server=""), "--server http://10.0.0.5:8000"),
        (wishes("kiosk", server="10.0.0.5"), "--server '10.0.0.5'"),
        (wishes("hall", centre="Lái Thiêu"), "--centre 'Lái Thiêu'"),
        (wishes("hall", zone="A 1"), "--zone 'A 1'"),
        (wishes("server", public_url=""), "--public-url"),
        (Wishes(("server",), public_url="http://x:8000", codes={"kiosk": "A"}), "--code"),
    ],
)
def test_a_wrong_answer_is_named_with_what_to_give(asked: Wishes, said: str) -> None:
    with pytest.raises(Stopped) as stopped:
        checked(asked)
    assert said in str(stopped.value)
    assert stopped.value.status == 2


def test_every_fault_is_said_at_once() -> None:
    with pytest.raises(Stopped) as stopped:
        checked(Wishes(("kiosk", "server")))
    assert all(option in str(stopped.value) for option in ("--server", "--centre", "--public-url"))


def test_a_boot_file_gets_our_part_once(tmp_path: Path) -> None:
    path = tmp_path / "config.txt"
    path.write_text("arm_64bit=1\n")
    step = PutBoot(path, lambda text: merged_config(text, "pi5", ["kiosk"]))
    assert not step.done(Manifest())
    step.do(Manifest())
    assert step.done(Manifest())
    assert path.read_text().startswith("arm_64bit=1\n# layso: begin\n")
    with pytest.raises(Stopped, match="cannot be read"):
        PutBoot(tmp_path / "none", str).done(Manifest())


@pytest.mark.parametrize(
    ("model", "board"),
    [
        ("Raspberry Pi 4 Model B Rev 1.5", "pi4"),
        ("Raspberry Pi Compute Module 4 Rev 1.1", "pi4"),
        ("Raspberry Pi 5 Model B Rev 1.0", "pi5"),
        ("Raspberry Pi 400 Rev 1.0", "pi4"),
        ("", "pc"),
        ("LENOVO 10M7", "pc"),
    ],
)
def test_a_board_is_known_by_its_name(model: str, board: str) -> None:
    assert board_of(model) == board


def test_the_newest_wheel_is_taken_and_its_fellows_with_it(tmp_path: Path) -> None:
    for version in ("0.2.0", "0.10.0", "0.9.1"):
        (tmp_path / f"layso-{version}-py3-none-any.whl").touch()
    assert find_wheel(tmp_path).version == "0.10.0"
    assert find_wheel(tmp_path).others is None
    (tmp_path / "flask-3.1.3-py3-none-any.whl").touch()
    assert find_wheel(tmp_path).others == tmp_path
    with pytest.raises(Stopped, match="--wheels"):
        find_wheel(tmp_path / "nowhere")
