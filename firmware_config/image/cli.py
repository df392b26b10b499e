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
from typing import Any

from firmware_config.first_boot import FirstBoot, keys_of
from firmware_config.image.recipe import LAYERS, MACHINE, PYTHON, Image, files
from firmware_config.installer import cli
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
    wanted = cli.parser().parse_args(given.install)
    wishes = Wishes(
        tuple(dict.fromkeys(wanted.roles)),
        wanted.server.rstrip("/"),
        wanted.centre,
        wanted.zone,
        codes={code: code for code in wanted.code},
    )
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
    try:
        made: dict[str, Any] = json.loads((stick / "wheels/wheels.json").read_text())
    except OSError as error:
        raise Stopped(
            f"không có {stick}/wheels: chạy từ USB do {example} tạo",
            f"there is no {stick}/wheels: run this from the stick that {example} makes",
            USAGE,
        ) from error
    missing = sorted(set(wishes.extras) - set(made["extras"]))
    if (made["machine"], made["python"]) != (MACHINE, PYTHON) or missing:
        found = f"{made['machine']}, Python {made['python']}, {' '.join(made['extras'])}"
        raise Stopped(
            f"USB này dành cho {found}; cần {example}",
            f"this stick is for {found}; what is needed is made by {example}",
            USAGE,
        )
