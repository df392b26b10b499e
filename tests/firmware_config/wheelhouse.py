"""The stick that a technician carries, made by `script/wheelhouse`, for the tests' own machine.

What the package needs is fetched once and kept in the user's cache; the package itself is built
anew.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


def stick(folder: Path, extra: str) -> Path:
    """A stick with what one part of the package needs."""
    asked = [(CHECKOUT / name).read_bytes() for name in ("setup.cfg", "script/wheelhouse.py")]
    kept = hashlib.sha256(b"".join([*asked, extra.encode(), sys.version.encode()])).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "layso"
    others = cache / f"wheels-{kept}"
    if others.exists():
        shutil.copytree(others, folder / "wheels", copy_function=os.link)
    command = [sys.executable, str(CHECKOUT / "script/wheelhouse.py"), str(folder)]
    command += ["--extra", extra]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    if not others.exists():
        half = others.with_name(f"{others.name}.{os.getpid()}")
        shutil.copytree(folder / "wheels", half)
        for path in half.glob("layso-*.whl"):
            path.unlink()
        half.rename(others)
    return folder


def another(wheel: Path, version: str, **changed: str) -> Path:
    """The same package as another version, beside it, with other contents of some files."""
    old = wheel.name.split("-")[1]
    made = wheel.with_name(wheel.name.replace(old, version, 1))
    info = (f"layso-{old}.dist-info", f"layso-{version}.dist-info")
    said = (f"Version: {old}\n".encode(), f"Version: {version}\n".encode())
    with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("/METADATA"):
                content = content.replace(*said)
            target.writestr(name.replace(*info), changed.pop(name, content))
        for name, text in changed.items():
            target.writestr(name, text)
    return made
