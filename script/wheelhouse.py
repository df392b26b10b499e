"""Make what a technician carries: the package, all that it needs, and the installer beside it.

For one machine and one Python at a time. What has no wheel for them is named, with who needs it;
the rest is there all the same. Packages come from where this machine's pip has them.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from configparser import ConfigParser
from email import message_from_bytes
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = ("server", "kiosk", "display", "gpio")
GLIBC = {"x86_64": "2_28", "aarch64": "2_28", "armv7l": "2_31"}
"""The newest that a wheel may ask for, by machine: each older one is tried too."""
METADATA = re.compile(r"[^/]+\.dist-info/METADATA")
OLDER = ("2_17", "2_27", "2_28", "2_31", "2_35", "2_36")


def main(arguments: Sequence[str] | None = None) -> int:
    """0: everything is there; 1: something has no wheel, and was named."""
    parser = argparse.ArgumentParser(prog="wheelhouse", description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, metavar="OUT", help="a folder, made where it is missing")
    parser.add_argument("--platform", choices=sorted(GLIBC), default=os.uname().machine)
    parser.add_argument("--python", default="{}.{}".format(*sys.version_info), help="such as 3.13")
    parser.add_argument("--extra", action="append", choices=EXTRAS, help="else all of them")
    given = parser.parse_args(arguments)
    wheels = given.out / "wheels"
    wheels.mkdir(parents=True, exist_ok=True)
    build(wheels)
    extras = given.extra or EXTRAS
    missing = fetch(wheels, given.platform, given.python, extras)
    shutil.copytree(
        ROOT / "firmware_config",
        given.out / "firmware_config",
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    describe(wheels, given.platform, given.python, extras, missing)
    for requirement, needed_by in missing.items():
        print(f"no wheel: {requirement} (needed by {', '.join(needed_by)})", file=sys.stderr)
    return 1 if missing else 0


def build(wheels: Path) -> Path:
    """The package itself: the same sources make the same bytes."""
    newest = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    epoch = newest.stdout.strip() or "1767225600"
    for old in wheels.glob("layso-*.whl"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "layso"
        copy_sources(tree)
        words = ["wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", wheels]
        pip(*words, tree, environ={"SOURCE_DATE_EPOCH": epoch})
    (made,) = wheels.glob("layso-*.whl")
    return made


def copy_sources(tree: Path) -> None:
    """The package's own files in a tree of their own, so that building leaves nothing here."""
    config = ConfigParser()
    config.read(ROOT / "setup.cfg")
    packages = config["options.packages.find"]["include"].replace("*", "").split()
    for name in packages:
        skip = shutil.ignore_patterns("__pycache__", "*.pyc")
        shutil.copytree(ROOT / name, tree / name, ignore=skip)
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy2(ROOT / name, tree / name)


def target_of(machine: str, python: str) -> dict[str, str]:
    """What markers are judged by on the target: not on this machine, and on its oldest patch."""
    target = {**default_environment(), "platform_machine": machine, "python_version": python}
    return {**target, "python_full_version": f"{python}.0", "extra": ""}


def counts(asked: Requirement, target: dict[str, str], extras: Sequence[str] = ("",)) -> bool:
    """Whether a requirement counts there, for a package that was asked for with these extras."""
    marker = asked.marker
    return marker is None or any(marker.evaluate({**target, "extra": one}) for one in extras)


def requirements(extras: Sequence[str], target: dict[str, str]) -> dict[str, list[str]]:
    """Requirement → extras that ask for it, as far as it counts on the target."""
    config = ConfigParser()
    config.read(ROOT / "setup.cfg")
    found: dict[str, list[str]] = {}
    for extra in extras:
        for line in filter(None, config["options.extras_require"][extra].splitlines()):
            asked = Requirement(line)
            if counts(asked, target):
                asked.marker = None
                found.setdefault(str(asked), []).append(extra)
    return found


def fetch(wheels: Path, machine: str, python: str, extras: Sequence[str]) -> dict[str, list[str]]:
    """Bring every wheel; what has none, with what needs it."""
    target = target_of(machine, python)
    asked = requirements(extras, target)
    missing: dict[str, list[str]] = {}
    if not download(wheels, machine, python, list(asked)):
        for one, needed_by in asked.items():
            if not download(wheels, machine, python, [one]):
                missing[one] = needed_by
    # pip judges what packages ask of each other by this machine: look again, by the target.
    wanted = {canonicalize_name(Requirement(one).name): Requirement(one).extras for one in asked}
    while more := unmet(wheels, target, wanted, missing):
        for one, needed_by in more.items():
            if not download(wheels, machine, python, [one]):
                missing[one] = needed_by
    return missing


def unmet(
    wheels: Path, target: dict[str, str], wanted: dict[str, set[str]], missing: dict[str, list[str]]
) -> dict[str, list[str]]:
    """What the wheels that are there need on the target and is not there, with who needs it."""
    there = {canonicalize_name(path.name.split("-")[0]): path for path in wheels.glob("*.whl")}
    there.pop("layso", None)
    found: dict[str, list[str]] = {}
    for name, path in there.items():
        with zipfile.ZipFile(path) as wheel:
            (file,) = (one for one in wheel.namelist() if METADATA.fullmatch(one))
            lines = message_from_bytes(wheel.read(file)).get_all("Requires-Dist", [])
        for asked in map(Requirement, lines):
            known = canonicalize_name(asked.name) in there
            if not known and counts(asked, target, ["", *wanted.get(name, ())]):
                asked.marker = None
                found.setdefault(str(asked), []).append(name)
    return {one: needed_by for one, needed_by in found.items() if one not in missing}


def download(wheels: Path, machine: str, python: str, asked: Sequence[str]) -> bool:
    """Bring these and all that they need, as wheels alone; whether all were there."""
    limit = OLDER.index(GLIBC[machine])
    platforms = [f"manylinux_{one}_{machine}" for one in OLDER[: limit + 1]]
    platforms += [f"manylinux2014_{machine}", f"linux_{machine}"]
    words = ["download", "--quiet", "--only-binary=:all:", "--dest", wheels]
    words += ["--python-version", python, "--implementation", "cp"]
    for one in platforms:
        words += ["--platform", one]
    try:
        pip(*words, *asked)
    except subprocess.CalledProcessError:
        return False
    return True


def pip(*words: str | Path, environ: dict[str, str] | None = None) -> None:
    """Run this environment's pip; raises CalledProcessError."""
    subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", *words],
        env={**os.environ, **(environ or {})},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=True,
    )


def describe(
    wheels: Path,
    machine: str,
    python: str,
    extras: Sequence[str],
    missing: dict[str, list[str]],
) -> None:
    """`SHA256SUMS` of all wheels, and `wheels.json`: for what they are, and what is not there."""
    names = sorted(path.name for path in wheels.glob("*.whl"))
    sums = [f"{hashlib.sha256((wheels / name).read_bytes()).hexdigest()}  {name}" for name in names]
    (wheels / "SHA256SUMS").write_text("\n".join(sums) + "\n")
    facts = {"machine": machine, "python": python, "extras": list(extras), "missing": missing}
    (wheels / "wheels.json").write_text(json.dumps(facts, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    sys.exit(main())
