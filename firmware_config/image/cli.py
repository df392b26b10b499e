"""Write a recipe for an image, with the stick that this runs from.

    python3 -m firmware_config.image --into FOLDER --board pi5 --name kiosk-1 --user ky-thuat \\
        --key ~/.ssh/id_ed25519.pub -- kiosk --server http://10.0.0.5:8000 --centre lai-thieu

What stands behind `--` is what `firmware_config/install` is given. Then, on a Raspberry Pi or
another machine for arm64: rpi-image-gen build -S FOLDER -c layso.yaml
"""

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from firmware_config.first_boot import FirstBoot, keys_of, wishes_of
from firmware_config.image.recipe import LAYERS, MACHINE, PYTHON, Image, files
from firmware_config.installer.errors import USAGE, Stopped
from firmware_config.installer.places import SOURCE
from firmware_config.installer.wishes import Wishes


def main(arguments: Sequence[str] | None = None, stick: Path = SOURCE.parent) -> int:
    """Write it: 0 done, 2 wrong usage and nothing written.

    Args:
        arguments: The command line.
        stick: Where `wheels` and `firmware_config` lie.
    """
    given = parser().parse_args(arguments)
    wishes = wishes_of(given.install)
    try:
        keys = tuple(key for path in given.key for key in keys_of(path))
        account = FirstBoot(given.name, given.user, keys, tuple(given.install))
        texts = files(Image(given.board, account, wishes))
        _fits(stick, wishes)
        if given.into.exists():
            raise Stopped(
                f"--into {given.into} đã có: chọn thư mục mới",
                f"--into {given.into} is there already: name a new folder",
                USAGE,
            )
    except Stopped as stopped:
        sys.stderr.write(f"{stopped}\n")
        return stopped.status
    for name, text in texts.items():
        path = given.into / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for name in ("wheels", "firmware_config"):
        shutil.copytree(stick / name, given.into / "stick" / name)
    return 0


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="image", allow_abbrev=False)
    made.add_argument("--into", type=Path, required=True, help="a new folder, for the recipe")
    made.add_argument("--board", choices=sorted(LAYERS), required=True)
    made.add_argument("--name", default="", help="what each box is called at first: kiosk")
    made.add_argument("--user", default="", help="the technician's account: ky-thuat")
    made.add_argument("--key", type=Path, action="append", default=[], help="a public ssh key")
    made.add_argument("install", nargs="+", metavar="-- ROLE…", help="what install is given")
    return made


def _fits(stick: Path, wishes: Wishes) -> None:
    """Refuse a stick that was not made for the card's machine, Python and roles."""
    example = f"script/wheelhouse --platform {MACHINE} --python {PYTHON}"
    machine, python, extras = _made_for(stick / "wheels/wheels.json", example)
    if (machine, python) != (MACHINE, PYTHON) or set(wishes.extras) - set(extras):
        found = f"{machine}, Python {python}, {' '.join(extras)}"
        raise Stopped(
            f"USB này dành cho {found}; cần {example}",
            f"this stick is for {found}; what is needed is made by {example}",
            USAGE,
        )


def _made_for(path: Path, example: str) -> tuple[str, str, list[str]]:
    """Machine, Python and parts of the package that a stick was made for, as it says itself."""
    try:
        made = json.loads(path.read_text(encoding="utf-8"))
        return str(made["machine"]), str(made["python"]), [str(name) for name in made["extras"]]
    except OSError as error:
        raise Stopped(
            f"không có {path.parent}: chạy từ USB do {example} tạo",
            f"there is no {path.parent}: run this from the stick that {example} makes",
            USAGE,
        ) from error
    except (ValueError, LookupError, TypeError) as error:
        raise Stopped(
            f"{path} bị hỏng: tạo lại USB bằng {example}",
            f"{path} is broken: make the stick anew with {example}",
            USAGE,
        ) from error
