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


def pages(options: Options, keys: Keys) -> dict[str, Any]:
    """Every page's address; the hall screens carry their token after the `#`."""
    server = options.server
    return {
        "sign_in": f"{server}/",
        "desk": f"{server}/desk",
        "hall": {
            centre: f"{server}/hall/{centre}#token={keys.tokens[centre]['hall']}"
            for centre in CENTRES
        },
        "kiosk": {name: f"http://127.0.0.1:{port}/" for name, port in options.kiosk_ports.items()},
        "display": {
            name: f"http://127.0.0.1:{port}/" for name, port in options.display_ports.items()
        },
    }


def write(file: Path, options: Options, keys: Keys, pids: Mapping[str, int]) -> None:
    """Write `demo.json` so that whoever sees it sees all of it."""
    content = {
        "server": options.server,
        "speed": options.speed,
        "visitors": options.visitors,
        "centres": list(CENTRES),
        "pages": pages(options, keys),
        "tokens": keys.tokens,
        "users": [asdict(user) for user in keys.users],
        "processes": {"demo": os.getpid(), **pids},
    }
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")
    fresh.replace(file)


def text(options: Options, keys: Keys, yours: str | None) -> str:
    """What a person at the terminal needs."""
    where = pages(options, keys)
    lines = [f"Lấy Số, {'mô phỏng ' if options.visitors else ''}{options.speed:g}×", ""]
    lines += [f"  sign in   {where['sign_in']}"]
    lines += [f"    {user.role:<8}{user.name}  {user.password}" for user in keys.users]
    for centre in CENTRES:
        lines += ["", f"  {dataset.centre(centre)['centre']['name']['vi']}"]
        lines += [f"    {kind:<8}{where[kind][centre]}" for kind in ("kiosk", "hall", "display")]
    if yours:
        lines += ["", f"  Counter {yours} of {CENTRES[0]} is left to you: sign in and open it."]
    return "\n".join([*lines, "", "  Ctrl-C ends everything."])
