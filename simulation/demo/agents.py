"""Writes the config files of the demo's agents: virtual printers, keys, panels and pads."""

import json
from collections.abc import Mapping
from pathlib import Path

from simulation import dataset
from simulation.demo.options import Options

SLIPS_KEPT = 500

KIOSK = """\
server = "{server}"
token_file = "kiosk.token"
centre = "{centre}"
data_dir = "."
listen = "127.0.0.1:{port}"

[printer]
driver = "virtual"

[press]                    # visitors are many, and fast
per_minute = 110

[scanner]                  # a real one, plugged into the machine that shows the page
driver = "keyboard"
"""

KEY = """
[[button]]
driver = "virtual"
number = {number}
service = {service}
"""
KEYS = 2

DISPLAY = """\
server = "{server}"
token_file = "display.token"
centre = "{centre}"
data_dir = "."
listen = "127.0.0.1:{port}"
"""

VOICE = """
[voice]                    # kept as files in the data folder; the hall page is what is heard
driver = "virtual"
"""

PANEL = """
[[panel]]
counter = {counter}
driver = "virtual"
"""


PAD = """
[[pad]]                    # echo press {name} next >> pads/keys
counter = {counter}
driver = "virtual"
token_file = "pad.token"
"""


def write(options: Options, tokens: Mapping[str, Mapping[str, str]]) -> None:
    """Write every agent's TOML and token file below the data folder."""
    for centre, port in options.kiosk_ports.items():
        text = KIOSK.format(server=options.server, centre=centre, port=port)
        services = dataset.centre(centre)["service"][:KEYS]
        text += "".join(
            KEY.format(number=number, service=json.dumps(service["id"]))
            for number, service in enumerate(services, start=1)
        )
        _write_one(options, centre, "kiosk", text, tokens)
    for centre, port in options.display_ports.items():
        text = DISPLAY.format(server=options.server, centre=centre, port=port)
        counters = dataset.centre(centre)["counter"]
        text += VOICE + "".join(PANEL.format(counter=json.dumps(item["id"])) for item in counters)
        last = counters[-1]["id"]
        text += PAD.format(name=last, counter=json.dumps(last))
        _write_one(options, centre, "display", text, tokens)


def drop_old_slips(options: Options, keep: int = SLIPS_KEPT) -> None:
    """Remove all but the newest slips of each virtual printer: a long demo must fit the disk."""
    for centre in options.kiosk_ports:
        folder = config_of(options, centre, "kiosk").parent / "printer"
        for old in sorted(folder.glob("*.bin"))[:-keep]:
            old.unlink()
            old.with_suffix(".png").unlink(missing_ok=True)


def config_of(options: Options, centre: str, kind: str) -> Path:
    """Where the config of a centre's kiosk or display is."""
    return options.data_dir / f"{kind}-{centre}" / f"{kind}.toml"


def _write_one(
    options: Options, centre: str, kind: str, text: str, tokens: Mapping[str, Mapping[str, str]]
) -> None:
    config = config_of(options, centre, kind)
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text(text, encoding="utf-8")
    for role in (kind, "pad") if kind == "display" else (kind,):
        token = config.with_name(f"{role}.token")
        token.unlink(missing_ok=True)
        token.touch(mode=0o600)
        token.write_text(tokens[centre][role] + "\n", encoding="ascii")
