"""What a Raspberry Pi does at its first start: cloud-init's files for the card's boot partition.

    python3 -m firmware_config.first_boot --into /media/me/bootfs --name kiosk-1 --user ky-thuat \\
        --key ~/.ssh/id_ed25519.pub -- kiosk --server http://10.0.0.5:8000 --centre lai-thieu

What stands behind `--` is what `firmware_config/install` is given, from the folder `layso` of the
same partition.
"""

import argparse
import ipaddress
import json
import re
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from firmware_config.installer import cli
from firmware_config.installer.errors import USAGE, Stopped, refuse_if_wrong, wrong
from firmware_config.installer.wishes import AGENTS, Wishes, checked

TEMPLATES: Final = Path(__file__).parent / "cloud-init"
INSTALL: Final = ("sh", "/boot/firmware/layso/firmware_config/install")

SENSIBLE: Final = frozenset(
    {"--server", "--centre", "--zone", "--public-url", "--code"}
    | {"--board", "--wheels", "--no-packages"}
)
"""Options of `install` that make sense on a box which has nothing yet."""

_PLACEHOLDER: Final = re.compile(r"@[A-Z]+@")
_HOSTNAME: Final = re.compile(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
_USER: Final = re.compile(r"[a-z][a-z0-9-]{0,30}")
_TAKEN: Final = frozenset({"root", "pi", "admin", "daemon", "nobody"})
"""Names that everybody tries, or that the system has."""

_OURS: Final = "layso-"
"""How the programs' own accounts begin."""

_KEY: Final = re.compile(r"(ssh-ed25519|ssh-rsa|ecdsa-sha2-\S+|sk-\S+) [A-Za-z0-9+/]{40,}=*( .*)?")


@dataclass(frozen=True)
class FirstBoot:
    """A box before its first start. `address` with its network, such as 10.0.0.21/24, or empty."""

    hostname: str
    user: str
    keys: tuple[str, ...]
    install: tuple[str, ...]
    address: str = ""
    gateway: str = ""
    dns: tuple[str, ...] = ()


def files(wanted: FirstBoot) -> dict[str, str]:
    """File name → text of what goes on the boot partition. Pure but for our own templates.

    Raises:
        Stopped: every fault, each with its option and what to give.
        SystemExit: status 2, for an option that `install` does not know.
    """
    faults = [*account_faults(wanted), *_network_faults(wanted)]
    faults += senseless(wanted.install, SENSIBLE)
    wishes = wishes_of(wanted.install)
    if wishes.wheels and not wishes.wheels.is_absolute():
        faults.append(wrong("--wheels", str(wishes.wheels), "/boot/firmware/layso/wheels"))
    refuse_if_wrong(faults)
    checked(wishes)
    values = {
        "HOSTNAME": json.dumps(wanted.hostname),
        "USER": json.dumps(wanted.user),
        "KEYS": json.dumps(wanted.keys, ensure_ascii=False),
        "INSTALL": json.dumps([*INSTALL, *wanted.install], ensure_ascii=False),
        "ADDRESS": json.dumps(wanted.address),
        "GATEWAY": json.dumps(wanted.gateway),
        "DNS": json.dumps(wanted.dns),
    }
    network = "static" if wanted.address else "dhcp"
    made = {"user-data": "user-data", "network-config": f"network-config.{network}"}
    return {
        name: filled((TEMPLATES / template).read_text(encoding="utf-8"), values)
        for name, template in made.items()
    }


def wishes_of(install: Sequence[str]) -> Wishes:
    """What `install` would understand, given these words on a box that has nothing yet."""
    given = cli.parser().parse_args(list(install))
    enrolling = [role for role in given.roles if role in AGENTS]
    codes = {}
    for text in given.code:
        role, named, code = text.partition("=")
        if not named:  # Whose it is, is plain on a box with one program only.
            role, code = (enrolling[0] if len(enrolling) == 1 else text), text
        codes[role] = code
    return Wishes(
        tuple(dict.fromkeys(given.roles)),
        given.server.rstrip("/"),
        given.centre,
        given.zone,
        given.public_url.rstrip("/"),
        codes,
        given.wheels,
        not given.no_packages,
    )


def senseless(install: Sequence[str], sensible: Collection[str]) -> list[tuple[str, str]]:
    """What is said of each option that `install` knows and that makes no sense here."""
    parser = cli.parser()
    given, usual = vars(parser.parse_args(list(install))), vars(parser.parse_args([]))
    found = [name for name, value in given.items() if name != "roles" and value != usual[name]]
    options = [f"--{name.replace('_', '-')}" for name in found]
    return [
        (
            f"{option} sau `--` không có nghĩa ở đây: xin bỏ đi",
            f"{option} behind `--` makes no sense here: take it away",
        )
        for option in options
        if option not in sensible
    ]


def filled(template: str, values: Mapping[str, str]) -> str:
    """A template with its `@NAMES@` filled in; KeyError for one that has no value."""
    return _PLACEHOLDER.sub(lambda found: values[found[0].strip("@")], template)


def unfilled(text: str) -> list[str]:
    """Placeholders that were left in a file, each with its line."""
    return [
        f"{number}: {found}"
        for number, line in enumerate(text.splitlines(), start=1)
        for found in _PLACEHOLDER.findall(line)
    ]


def account_faults(wanted: FirstBoot) -> list[tuple[str, str]]:
    """What is wrong with a box's name, its technician's account or their keys."""
    faults = []
    if not _HOSTNAME.fullmatch(wanted.hostname):
        faults.append(wrong("--name", wanted.hostname, "kiosk-1"))
    taken = wanted.user in _TAKEN or wanted.user.startswith(_OURS)
    if not _USER.fullmatch(wanted.user) or taken:
        faults.append(wrong("--user", wanted.user, "ky-thuat"))
    if not wanted.keys:
        faults.append(wrong("--key", "", "~/.ssh/id_ed25519.pub"))
    for key in wanted.keys:
        if "PRIVATE KEY" in key:
            faults.append(
                (
                    "--key là khóa bí mật; hãy đưa tệp .pub",
                    "--key is a private key; give the .pub beside it",
                )
            )
        elif not _KEY.fullmatch(key):
            faults.append(wrong("--key", key[:40], "~/.ssh/id_ed25519.pub"))
    return faults


def _network_faults(wanted: FirstBoot) -> list[tuple[str, str]]:
    if not wanted.address:
        given = [wanted.gateway, *wanted.dns]
        return [wrong("--address", "", "10.0.0.21/24")] if any(given) else []
    try:
        own = ipaddress.IPv4Interface(wanted.address)
    except ValueError:
        return [wrong("--address", wanted.address, "10.0.0.21/24")]
    faults = []
    network = own.network
    if own.ip in (network.network_address, network.broadcast_address) or network.prefixlen > 30:
        faults.append(wrong("--address", wanted.address, "10.0.0.21/24"))
    if not _is_ip(wanted.gateway) or ipaddress.IPv4Address(wanted.gateway) not in network:
        faults.append(wrong("--gateway", wanted.gateway, str(network.network_address + 1)))
    faults += [wrong("--dns", name, "10.0.0.1") for name in wanted.dns if not _is_ip(name)]
    return faults


def _is_ip(text: str) -> bool:
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="first_boot", allow_abbrev=False)
    made.add_argument("--into", type=Path, required=True, help="the card's boot partition")
    made.add_argument("--name", default="", help="the box's name: kiosk-1")
    made.add_argument("--user", default="", help="the technician's account: ky-thuat")
    made.add_argument("--key", type=Path, action="append", default=[], help="a public ssh key")
    made.add_argument("--address", default="", help="10.0.0.21/24; else the network gives one")
    made.add_argument("--gateway", default="", help="with --address: 10.0.0.1")
    made.add_argument("--dns", action="append", default=[], help="with --address: 10.0.0.1")
    made.add_argument("install", nargs="+", metavar="-- ROLE…", help="what install is given")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files: 0 done, 2 wrong usage and nothing written."""
    given = _parser().parse_args(arguments)
    try:
        texts = files(
            FirstBoot(
                given.name,
                given.user,
                tuple(key for path in given.key for key in keys_of(path)),
                tuple(given.install),
                given.address,
                given.gateway,
                tuple(given.dns),
            )
        )
        if not (given.into / "cmdline.txt").exists():
            raise Stopped(
                f"--into {given.into} không phải phân vùng boot (không có cmdline.txt)",
                f"--into {given.into} is no boot partition (there is no cmdline.txt)",
                USAGE,
            )
    except Stopped as stopped:
        sys.stderr.write(f"{stopped}\n")
        return stopped.status
    for name, text in texts.items():
        (given.into / name).write_text(text, encoding="utf-8")
    return 0


def keys_of(path: Path) -> list[str]:
    """The keys of a file, one a line."""
    try:
        text = path.expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Stopped(
            f"--key {path}: không đọc được", f"--key {path} cannot be read", USAGE
        ) from error
    return [text] if "PRIVATE KEY" in text else [line.strip() for line in text.splitlines() if line]


if __name__ == "__main__":
    sys.exit(main())
