"""What the demo tells: the page addresses and ways in, printed and as `demo.json`."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from simulation import dataset
from simulation.demo.keys import Keys
from simulation.demo.options import CENTRES, Options

PLACES = ("kiosk", "hall", "display", "rate", "manage")


def pages(options: Options, keys: Keys, phone: str | None) -> dict[str, Any]:
    """Every page's address; hall screens and tablets carry their token after the `#`.

    `phone` is the link of a number that waits, None where nobody does.
    """
    server = options.server
    lasts = {centre: dataset.centre(centre)["counter"][-1]["id"] for centre in CENTRES}
    return {
        "sign_in": f"{server}/",
        "desk": f"{server}/desk",
        "greet": f"{server}/greet",
        "admin": f"{server}/admin",
        "phone": phone,
        "hall": {
            centre: f"{server}/hall/{centre}#token={keys.tokens[centre]['hall']}"
            for centre in CENTRES
        },
        "manage": {centre: f"{server}/manage/{centre}" for centre in CENTRES},
        "rate": {
            centre: f"{server}/rate/{counter}#token={keys.tokens[centre]['hall']}"
            for centre, counter in lasts.items()
        },
        "kiosk": {name: f"http://127.0.0.1:{port}/" for name, port in options.kiosk_ports.items()},
        "display": {
            name: f"http://127.0.0.1:{port}/" for name, port in options.display_ports.items()
        },
    }


def write(
    file: Path, options: Options, keys: Keys, where: Mapping[str, Any], pids: Mapping[str, int]
) -> None:
    """Write `demo.json`, `where` as its pages, so that whoever sees it sees all of it."""
    content = {
        "server": options.server,
        "speed": options.speed,
        "visitors": options.visitors,
        "centres": list(CENTRES),
        "pages": where,
        "tokens": keys.tokens,
        "users": [asdict(user) for user in keys.users],
        "processes": {"demo": os.getpid(), **pids},
    }
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")
    fresh.replace(file)


def text(options: Options, keys: Keys, where: Mapping[str, Any], yours: str | None) -> str:
    """What a person at the terminal needs."""
    lines = [f"Lấy Số, {'mô phỏng ' if options.visitors else ''}{options.speed:g}×", ""]
    lines += [f"  sign in   {where['sign_in']}"]
    lines += [f"    {user.role:<8}{user.name}  {user.password}" for user in keys.users]
    lines += [f"  {kind:<10}{where[kind]}" for kind in ("desk", "greet", "admin")]
    lines += [f"  phone     {where['phone']}"] if where["phone"] else []
    for centre in CENTRES:
        lines += ["", f"  {dataset.centre(centre)['centre']['name']['vi']}"]
        lines += [f"    {kind:<8}{where[kind][centre]}" for kind in PLACES]
    if yours:
        lines += ["", f"  Counter {yours} of {CENTRES[0]} is left to you: sign in and open it."]
        lines += ["  The phone's number waits for it."] if where["phone"] else []
    return "\n".join([*lines, "", "  Ctrl-C ends everything."])
