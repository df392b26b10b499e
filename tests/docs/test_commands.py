"""What pages tell people to type: every command is understood, the harmless ones are run."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import Block, blocks
from tests.docs.programs import check, commands_in

SHELL = blocks("sh")
RUN = [block for block in [*SHELL, *blocks("console")] if block.runs]


def test_there_are_commands_to_look_at() -> None:
    assert len(SHELL) >= 20
    assert len(RUN) >= 3
    assert {block.language for block in blocks("bash")} == set()


@pytest.mark.parametrize("block", SHELL, ids=lambda block: block.where)
def test_every_command_is_one_that_its_program_takes(
    block: Block, monkeypatch: pytest.MonkeyPatch
) -> None:
    for line in block.commands:
        for command in commands_in(line):
            check(command, monkeypatch)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("layso-kiosk selftest --config kiosk.toml", SystemExit),
        ("layso-server backup --onto FOLDER", SystemExit),
        ("layso-kiosks run", AssertionError),
        ("sudo firmware_config/install kiosk --sever http://10.0.0.5", SystemExit),
        ("systemclt restart layso-kiosk", AssertionError),
        ("script/tests", AssertionError),
        ("python3 -m firmware_config.nothing", AssertionError),
        ("echo x | layso-server user create --name a", SystemExit),
    ],
)
def test_a_command_that_does_not_exist_is_noticed(
    line: str, fault: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    def every() -> None:
        for command in commands_in(line):
            check(command, monkeypatch)

    with pytest.raises(fault):
        every()


@pytest.mark.parametrize("block", RUN, ids=lambda block: block.where)
def test_commands_marked_to_be_run_do_what_the_page_says(
    block: Block, root: Path, tmp_path: Path
) -> None:
    environment = {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "LAYSO_DATA_DIR": str(tmp_path / "data"),
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
    }
    if block.language == "sh":
        script, shown = block.text, None
    else:
        first, shown = block.text.split("\n", 1)
        script = first.removeprefix("$ ")
    done = subprocess.run(
        ["sh", "-ec", script],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    if shown is not None:
        assert [line.rstrip() for line in done.stdout.strip().splitlines()] == [
            line.rstrip() for line in shown.strip().splitlines()
        ]
