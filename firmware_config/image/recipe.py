"""What `rpi-image-gen` builds a card from: its configuration, and a layer of ours.

Pure. The layer lets the installer work in the image as it does on a box, so an image and a box
that was installed by hand are the same. What must differ from card to card is not in it: tokens,
the machine's id, the keys of ssh, and a server's secret.

Source: https://raspberrypi.github.io/rpi-image-gen/ (configuration, layer and execution pages).
"""

import json
import shlex
from dataclasses import dataclass
from typing import Final

from firmware_config.boot.merge import cmdline_fragment
from firmware_config.first_boot import FirstBoot, account_faults, senseless
from firmware_config.installer.box import Facts
from firmware_config.installer.errors import refuse_if_wrong
from firmware_config.installer.plan import RELEASES_KNOWN, has_pins, packages_of
from firmware_config.installer.wishes import Wishes, checked

LAYERS: Final = {"pi4": "rpi4", "pi5": "rpi5"}
RELEASE: Final = RELEASES_KNOWN[-1]
MACHINE: Final = "aarch64"
PYTHON: Final = "3.13"
"""What that Debian release has: the wheels of the stick must be for it."""

SENSIBLE: Final = frozenset({"--server", "--centre", "--zone", "--code"})
"""Options of `install` that an image carries; a code has words of its own, which refuse it."""

ROOT_SIZE: Final = {True: "5G", False: "3G"}
"""With a browser, and without; what is left of the card is for the data partition."""


@dataclass(frozen=True)
class Image:
    """A card before it is written: the account on it, and what the box is to be."""

    board: str
    account: FirstBoot
    wishes: Wishes


def files(image: Image) -> dict[str, str]:
    """File name below the recipe's folder → its text.

    Raises:
        Stopped: every fault, each with its option and what to give.
        SystemExit: status 2, for an option that `install` does not know.
    """
    faults = [*account_faults(image.account), *senseless(image.account.install, SENSIBLE)]
    if "server" in image.wishes.roles:
        faults.append(
            (
                "máy chủ có khóa bí mật riêng: cài trên chính máy đó, không qua ảnh",
                "a server has a secret of its own: install it on the box, not in an image",
            )
        )
    if image.wishes.codes:
        faults.append(
            (
                "mã dùng một lần không để trong ảnh: ghép máy sau khi khởi động",
                "a one-time code is not for an image: enrol the box once it has started",
            )
        )
    if len(image.account.keys) > 1:
        faults.append(("ảnh chỉ nhận một khóa --key", "an image takes one --key"))
    refuse_if_wrong(faults)
    checked(image.wishes)
    return {
        "config/layso.yaml": _config(image),
        "layer/layso.yaml": _layer(image),
        "layer/layso.d/cmdline.d/60-layso": cmdline_fragment(image.wishes.roles),
    }


def _config(image: Image) -> str:
    size = ROOT_SIZE[bool(image.wishes.screen)]
    (key,) = image.account.keys
    return f"""\
# One card for each box that is alike: rpi-image-gen build -S . -c layso.yaml
device:
  layer: {LAYERS[image.board]}
  hostname: {json.dumps(image.account.hostname)}
  user1: {json.dumps(image.account.user)}
  # Comes in by key alone; there is no password that sudo could ask for.
  user1sudo: nopasswd
ssh:
  pubkey_user1: {json.dumps(key, ensure_ascii=False)}
  pubkey_only: y
image:
  layer: image-rpios
  name: layso-{"-".join(image.wishes.roles)}-{image.board}
  boot_part_size: 512M
  root_part_size: {size}
layer:
  base: {RELEASE}-minbase
  ssh: openssh-server
  app: layso
"""


def _layer(image: Image) -> str:
    roles = image.wishes.roles
    pins = has_pins(roles, Facts(image.board, RELEASE, MACHINE, False, frozenset()))
    packages = "\n".join(f"    - {name}" for name in packages_of(roles, pins=pins))
    return f"""\
# METABEGIN
# X-Env-Layer-Name: layso
# X-Env-Layer-Category: app
# X-Env-Layer-Desc: The queue system of a public service centre: {" ".join(roles)}
# X-Env-Layer-Version: 1.0.0
# X-Env-Layer-Requires: rpi-boot-firmware
#
# X-Env-VarPrefix: layso
#
# X-Env-Var-layers: ${{DIRECTORY}}
# X-Env-Var-layers-Desc: The folder of this layer; the stick lies beside it.
# X-Env-Var-layers-Required: n
# X-Env-Var-layers-Valid: string
# X-Env-Var-layers-Set: y
# METAEND
---
mmdebstrap:
  packages:
{packages}
  customize-hooks:
    - mkdir -p "$1/srv/layso-stick"
    - cp -a "$IGconf_layso_layers/../stick/." "$1/srv/layso-stick/"
    - chroot "$1" {shlex.join(_install(image))}
    - rm -r "$1/srv/layso-stick"
"""


def _install(image: Image) -> list[str]:
    wishes = image.wishes
    words = ["sh", "/srv/layso-stick/firmware_config/install", *wishes.roles]
    words += ["--board", image.board, "--no-packages"]
    options = {
        "--server": wishes.server, "--centre": wishes.centre, "--zone": wishes.zone,
    }  # fmt: skip
    return words + [word for pair in options.items() if pair[1] for word in pair]
