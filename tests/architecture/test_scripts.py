"""The scripts: a repeat costs nothing, an old Python is refused, nothing is left running."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

LEAVES_A_PROCESS = """
import subprocess, sys
left = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"],
                        start_new_session=True)
print(left.pid, flush=True)
"""
RUNS_A_STEP = """
import ctypes, sys
sys.path.insert(0, {folder!r})
import check
ctypes.CDLL(None).prctl(check.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
sys.exit(check.run([sys.executable, "-c", {code!r}]))
"""


def test_a_second_set_up_takes_under_three_seconds_and_is_quiet(root: Path, tmp_path: Path) -> None:
    bare = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    subprocess.run([root / "script/setup"], env=bare, check=True, capture_output=True)
    started = time.monotonic()
    again = subprocess.run(
        [root / "script/setup"], env=bare, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert time.monotonic() - started < 3
    assert again.stdout + again.stderr == ""


def test_an_old_python_is_refused_in_words(root: Path, tmp_path: Path) -> None:
    (tmp_path / "dirname").symlink_to(str(shutil.which("dirname")))
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", root / "script/setup"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed" in done.stderr


def test_a_path_that_is_not_there_is_wrong_usage(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, root / "script/check.py", "tests/nowhere"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "no such file or folder: tests/nowhere" in done.stderr


def test_what_a_step_leaves_running_is_ended_and_named(root: Path) -> None:
    code = RUNS_A_STEP.format(folder=str(root / "script"), code=LEAVES_A_PROCESS)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30
    )
    left = int(done.stdout)
    assert f"left running, ended: {left}" in done.stderr
    assert not Path(f"/proc/{left}").exists()


def test_continuous_integration_runs_the_tests(root: Path) -> None:
    run = root / ".ci" / "run"
    assert "script/test" in run.read_text(encoding="utf-8")
    for name in ("setup", "test", "demo", "bench"):
        assert os.access(root / "script" / name, os.X_OK), name
    assert os.access(run, os.X_OK)
