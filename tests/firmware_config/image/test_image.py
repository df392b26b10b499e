"""A recipe for an image: what it says, and its hooks run for real in a throw-away Debian."""

import json
import os
import subprocess
from email import message_from_string
from pathlib import Path
from typing import Any

import pytest
import yaml

from firmware_config.boot.lint import lint_cmdline, lint_config
from firmware_config.boot.merge import cmdline_fragment, merged_cmdline
from firmware_config.image.cli import main
from tests.firmware_config.debian_root import DebianRoot
from tests.firmware_config.wheelhouse import stick

KEY = "ssh-ed25519 " + "AAAAC3NzaC1lZDI1NTE5AAAAI" + "A" * 43 + " kỹ thuật"
HALL = ("hall", "--server", "http://10.0.0.5:8000", "--centre", "lai-thieu", "--zone", "a")
KIOSK = ("kiosk", "pad", "--server", "http://10.0.0.5:8000", "--centre", "lai-thieu")
STOCK = "dtparam=audio=on\ndtoverlay=vc4-kms-v3d\n[all]\n"
STOCK_LINE = "console=serial0,115200 console=tty1 root=PARTUUID=4c4e106f-02 rootwait\n"


@pytest.fixture
def carried(tmp_path: Path) -> Path:
    """A stick for a card's machine, as far as its description goes."""
    wheels = tmp_path / "stick/wheels"
    wheels.mkdir(parents=True)
    (tmp_path / "stick/firmware_config").mkdir()
    facts = {"machine": "aarch64", "python": "3.13", "extras": ["display", "kiosk", "server"]}
    (wheels / "wheels.json").write_text(json.dumps(facts))
    return tmp_path / "stick"


def make(carried: Path, *install: str, board: str = "pi5", keys: str = KEY) -> Path:
    """Write a recipe; its folder."""
    key = carried.parent / "id.pub"
    key.write_text(f"{keys}\n")
    into = carried.parent / "recipe"
    words = ["--into", str(into), "--board", board, "--name", "quay-1", "--user", "ky-thuat"]
    assert main([*words, "--key", str(key), "--", *install], carried) == 0
    return into


def layer(recipe: Path) -> tuple[dict[str, str], dict[str, Any]]:
    """What stands in the head of our layer, and in its body."""
    text = (recipe / "layer/layso.yaml").read_text()
    head = text.partition("# METABEGIN\n")[2].partition("# METAEND\n")[0]
    lines = "".join(line.removeprefix("# ").replace("#", "") for line in head.splitlines(True))
    fields = message_from_string("\n".join(line for line in lines.splitlines() if line.strip()))
    return dict(fields.items()), yaml.safe_load(text)["mmdebstrap"]


@pytest.mark.parametrize("board", ["pi4", "pi5"])
def test_it_says_what_was_asked(carried: Path, board: str) -> None:
    recipe = make(carried, *KIOSK, board=board)
    config = yaml.safe_load((recipe / "config/layso.yaml").read_text())
    assert config["device"] == {
        "layer": f"rpi{board[-1]}", "hostname": "quay-1", "user1": "ky-thuat",
        "user1sudo": "nopasswd",
    }  # fmt: skip
    assert config["ssh"] == {"pubkey_user1": KEY, "pubkey_only": "y"}
    head, body = layer(recipe)
    assert config["layer"]["app"] == head["X-Env-Layer-Name"]
    assert head["X-Env-Var-layers"] == "${DIRECTORY}"
    assert {"chromium", "cage", "python3-venv", "python3-lgpio"} <= set(body["packages"])
    assert f"--board {board}" in " ".join(body["customize-hooks"])


def test_words_of_a_command_line_that_is_put_together() -> None:
    words = cmdline_fragment(["kiosk"]).split()
    assert words[:3] == ["-console=serial0,*", "-console=ttyAMA0,*", "-console=ttyS0,*"]
    assert words[3:] == merged_cmdline("", ["kiosk"]).split()
    assert not any(word.startswith("-") for word in cmdline_fragment(["hall"]).split())


@pytest.mark.parametrize(
    ("install", "keys", "said"),
    [
        (("server", "--public-url", "http://10.0.0.5:8000"), KEY, "a server has a secret"),
        ((*HALL, "--code", "ABCD-EFGH"), KEY, "enrol the box once it has started"),
        (("hall", "--server", "ftp://x", "--centre", "a"), KEY, "--server 'ftp://x' will not do"),
        (("kioskk", *HALL[1:]), KEY, "no role 'kioskk'"),
        ((*HALL, "--board", "pi4"), KEY, "--board behind `--` makes no sense"),
        ((*HALL, "--dry-run"), KEY, "--dry-run behind"),
        ((*HALL, "--wheels", "w"), KEY, "--wheels behind"),
        ((*HALL, "--no-packages"), KEY, "--no-packages behind"),
        ((*HALL, "--public-url", "http://10.0.0.5"), KEY, "--public-url behind"),
        ((*HALL, "--uninstall", "--purge"), KEY, "--uninstall behind"),
        ((*HALL, "--uninstall", "--purge"), KEY, "--purge behind"),
        ((*HALL, "--upgrade"), KEY, "--upgrade behind"),
        ((*HALL, "--rollback"), KEY, "--rollback behind"),
        ((*HALL, "--status"), KEY, "--status behind"),
        (HALL, f"{KEY}\n{KEY}", "an image takes one --key"),
        (HALL, "no key", "--key 'no key' will not do"),
    ],
)
def test_what_does_not_belong_in_an_image_is_named(
    carried: Path,
    capsys: pytest.CaptureFixture[str],
    install: tuple[str, ...],
    keys: str,
    said: str,
) -> None:
    with pytest.raises(AssertionError):
        make(carried, *install, keys=keys)
    assert said in capsys.readouterr().err
    assert not (carried.parent / "recipe").exists()


@pytest.mark.parametrize(
    "other", [{"machine": "x86_64"}, {"python": "3.11"}, {"extras": ["kiosk"]}]
)
def test_a_stick_for_another_machine_is_refused(
    carried: Path, capsys: pytest.CaptureFixture[str], other: dict[str, Any]
) -> None:
    there = carried / "wheels/wheels.json"
    there.write_text(json.dumps(json.loads(there.read_text()) | other))
    with pytest.raises(AssertionError):
        make(carried, *HALL)
    assert "script/wheelhouse --platform aarch64 --python 3.13" in capsys.readouterr().err
    there.unlink()
    with pytest.raises(AssertionError):
        make(carried, *HALL)
    assert "there is no" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"machine": "aarch64", "python": "3.13"}'])
def test_a_stick_whose_description_is_broken_is_refused(
    carried: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    (carried / "wheels/wheels.json").write_text(text)
    with pytest.raises(AssertionError):
        make(carried, *HALL)
    said = capsys.readouterr().err
    assert "wheels.json is broken: make the stick anew with script/wheelhouse" in said
    assert not (carried.parent / "recipe").exists()


def test_nothing_is_written_over(carried: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recipe = make(carried, *HALL)
    (recipe / "mine").write_text("")
    with pytest.raises(AssertionError):
        make(carried, *HALL)
    assert "is there already" in capsys.readouterr().err
    assert (recipe / "mine").exists()


@pytest.mark.full
def test_its_hooks_make_a_box_that_starts_by_itself(debian: DebianRoot, tmp_path: Path) -> None:
    made = stick(tmp_path / "made", "display")
    there = made / "wheels/wheels.json"
    facts = json.loads(there.read_text()) | {"machine": "aarch64", "python": "3.13"}
    there.write_text(json.dumps(facts))  # of this machine, so that it can run here
    recipe = make(made, *HALL)
    debian.write("/boot/firmware/config.txt", STOCK)
    debian.write("/boot/firmware/cmdline.txt", STOCK_LINE)
    environ = {"PATH": os.environ["PATH"], "IGconf_layso_layers": str(recipe / "layer")}
    for hook in layer(recipe)[1]["customize-hooks"]:
        command = ["sh", "-c", hook, "hook", str(debian.path)]
        done = subprocess.run(command, env=environ, capture_output=True, text=True, umask=0o022)
        assert done.returncode == 0, f"{hook}\n{done.stdout}\n{done.stderr}"
    assert lint_config(debian.read("/boot/firmware/config.txt"), "pi5") == []
    assert lint_cmdline(debian.read("/boot/firmware/cmdline.txt"), serial=False) == []
    assert debian.run("systemctl", "is-enabled", "layso-screen.service").stdout == "enabled\n"
    assert 'zone = "a"' in debian.read("/etc/layso/screen.toml")
    assert not (debian.path / "srv/layso-stick").exists()
    state = debian.path / "var/lib/layso"
    assert [path for path in state.rglob("*") if path.is_file()] == []  # nothing of one box alone
    said = debian.run(
        "/usr/local/bin/layso-screen", "check-config", "/etc/layso/screen.toml", check=False
    ).stderr
    assert "run enrol first" in said
