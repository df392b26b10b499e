"""Run the checks and the tests, one after the other, and say what each took.

Everything is run even after a failure, so that one run shows all. Processes that a step
leaves behind are ended by their id and named.
"""

import argparse
import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
PR_SET_CHILD_SUBREAPER = 36
NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"


def main() -> int:
    """0 when everything passed, 1 when anything did not."""
    parser = argparse.ArgumentParser(prog="script/test", description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true", help="the long campaigns as well")
    parser.add_argument("paths", nargs="*", metavar="PATH", help="only the tests in these")
    options = parser.parse_args()
    missing = [path for path in options.paths if not Path(path.split("::")[0]).exists()]
    if missing:
        parser.error(f"no such file or folder: {', '.join(missing)}")
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return run_all(steps_for(options.full, [absolute(path) for path in options.paths]))
    except KeyboardInterrupt:
        return 130


def absolute(path: str) -> str:
    """A test's path as pytest takes it from any folder; `::name` stays."""
    file, mark, name = path.partition("::")
    return f"{Path(file).resolve()}{mark}{name}"


def steps_for(full: bool, paths: list[str]) -> dict[str, list[str]]:
    """What to run, by name; a part of the tests skips the checks of the whole."""
    pytest = [str(BIN / "pytest"), "-q", "--durations=8", *paths]
    if not full:
        pytest += ["-m", "not full"]
    if paths:
        return {"pytest": pytest}
    # Many tests wait for real silences; three at a time fill each other's pauses.
    # In the order of tests/conftest.py: a file with few tests may be the longest of all.
    pytest += ["-n", "3", "--dist", "loadfile", "--no-loadscope-reorder"]
    return {
        "ruff check": [str(BIN / "ruff"), "check", "."],
        "ruff format": [str(BIN / "ruff"), "format", "--check", "--quiet", "."],
        "lint-imports": [str(BIN / "lint-imports"), "--no-cache"],
        "mypy": [str(BIN / "mypy")],
        "pytest": pytest,
    }


def run_all(steps: dict[str, list[str]]) -> int:
    """Run each step, then print one line for each."""
    lines: list[str] = []
    failed = False
    for name, command in steps.items():
        print(f"== {name}", flush=True)
        started = time.monotonic()
        status = run(command)
        failed = failed or status != 0
        word = "ok" if status == 0 else f"FAILED ({status})"
        lines.append(f"{name:<14}{time.monotonic() - started:>7.1f} s  {word}")
    print("== summary", *lines, sep="\n")
    return 1 if failed else 0


def run(command: list[str]) -> int:
    """Run one step to its end, also when we are told to stop, and leave nothing of it."""
    # Hundreds of our programs are started: each would compile all of it anew.
    environ = {name: text for name, text in os.environ.items() if name != NO_BYTECODE}
    process = subprocess.Popen(command, cwd=ROOT, env=environ)
    try:
        return process.wait()
    except BaseException:
        process.send_signal(signal.SIGINT)  # pytest then tears down and says what it knows
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        raise
    finally:
        end_leftovers()


def end_leftovers(grace_s: float = 5.0) -> None:
    """End what the step left running; it became our child when its parent went."""
    until = time.monotonic() + grace_s
    asked: set[int] = set()
    while children := living_children():
        for pid in children - asked:
            if time.monotonic() > until - grace_s + 1.0:
                print(f"left running, ended: {pid} {command_of(pid)}", file=sys.stderr)
                os.kill(pid, signal.SIGTERM)
                asked.add(pid)
        if time.monotonic() > until:
            for pid in children:
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)


def living_children() -> set[int]:
    """Our children that still run; those that ended are taken off the table."""
    me = os.getpid()
    found = Path(f"/proc/{me}/task/{me}/children").read_text().split()
    return {pid for pid in map(int, found) if os.waitpid(pid, os.WNOHANG)[0] == 0}


def command_of(pid: int) -> str:
    """The command line of a process, as far as it can be read."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()[:120]
    except OSError:
        return ""


if __name__ == "__main__":
    sys.exit(main())
