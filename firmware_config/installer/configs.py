"""The first configuration of each program. What a technician changes in it is never overwritten."""

import ipaddress
import json
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

from firmware_config.installer.box import Facts
from firmware_config.installer.errors import Stopped
from firmware_config.installer.places import ETC, POLICY, SOURCE, STATE, UNITS
from firmware_config.installer.wishes import Wishes

_TURN = "# rotate = 90             # a screen on its side: clockwise\n"
_LAN = "link-local multicast 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7"


def configs(wishes: Wishes, facts: Facts) -> dict[str, str]:
    """Path → text of what a technician may change: one file a program."""
    made: dict[str, str] = {}
    if "server" in wishes.roles:
        made[str(ETC / "server.env")] = _server(wishes)
    if "kiosk" in wishes.roles:
        made[str(ETC / "kiosk.toml")] = _kiosk(wishes)
    if {"display", "pad"} & set(wishes.roles):
        made[str(ETC / "display.toml")] = _display(wishes, facts)
    if wishes.screen:
        made[str(ETC / "screen.toml")] = _screen(wishes)
    return made


def answers(etc: Path = ETC) -> dict[str, str]:
    """What was answered when this box was set up, as its configuration has it now.

    Raises:
        Stopped: a file of it cannot be read.
    """
    known: dict[str, str] = {}
    for name in ("kiosk", "display", "screen"):
        path = etc / f"{name}.toml"
        if path.exists():
            try:
                found = tomllib.loads(path.read_text(encoding="utf-8"))
            except ValueError as error:  # Not TOML, or not UTF-8.
                raise Stopped(
                    f"{path} sai cú pháp: {error}", f"{path} is not TOML: {error}"
                ) from error
            names = [key for key in ("server", "centre", "zone") if isinstance(found.get(key), str)]
            known |= {key: found[key] for key in names}
    address = settings(etc).get("LAYSO_PUBLIC_URL")
    return known | ({"public_url": address} if address else {})


def settings(etc: Path = ETC) -> dict[str, str]:
    """What `server.env` sets, read as systemd reads it: one a line, in quotes or without."""
    path = etc / "server.env"
    found: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        name, there, text = line.strip().partition("=")
        if there and name.startswith("LAYSO_"):
            quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
            found[name] = text[1:-1] if quoted else text
    return found


def policies(wishes: Wishes, etc: Path = ETC) -> dict[str, str]:
    """Path → text of what confines the screen to its one page.

    A technician's own `screen.toml` stays, and so does the way to the server that it names.
    """
    if not wishes.screen:
        return {}
    servers = ["http://127.0.0.1:8100"]
    if wishes.screen == "hall":
        servers = list(dict.fromkeys([wishes.server, _shown(etc) or wishes.server]))
    policy = json.loads((SOURCE / "session/policy.json").read_text(encoding="utf-8"))
    policy["URLAllowlist"] = [*servers, "file:///run/layso-screen/start.html"]
    made = {str(POLICY): json.dumps(policy, indent=2, sort_keys=True) + "\n"}
    if wishes.screen == "hall":
        drop_in = UNITS / "layso-screen.service.d/70-server.conf"
        made[str(drop_in)] = (
            "# The hall's page comes from the server, which is not on this box.\n"
            f"[Service]\nIPAddressAllow={' '.join(map(_reach, servers))}\n"
        )
    return made


def _shown(etc: Path) -> str:
    """The server that the box's own `screen.toml` names, if it can be read."""
    try:
        found = tomllib.loads((etc / "screen.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    server = found.get("server", "")
    return server.rstrip("/") if isinstance(server, str) else ""


def _reach(server: str) -> str:
    """The address of a server that is named by number, else every address of a local network."""
    try:
        return str(ipaddress.ip_address(urlsplit(server).hostname or ""))
    except ValueError:
        return _LAN


def _server(wishes: Wishes) -> str:
    return (
        "# Settings of the server on this box; layso-server check-config shows all of them.\n"
        "LAYSO_HOST=0.0.0.0\n"
        "LAYSO_PORT=8000\n"
        "# What phones open when they scan a slip.\n"
        f"LAYSO_PUBLIC_URL={wishes.public_url}\n"
        "# RUN_OPTIONS=--workers 4   (on PostgreSQL: LAYSO_DATABASE_URL=postgresql://…)\n"
    )


def _agent(wishes: Wishes, name: str) -> str:
    return (
        f'server = "{wishes.server}"\n'
        f'token_file = "{STATE / name / "token"}"\n'
        f'centre = "{wishes.centre}"\n'
    )


def _kiosk(wishes: Wishes) -> str:
    return (
        _agent(wishes, "kiosk")
        + f'data_dir = "{STATE / "kiosk"}"\n'
        + """listen = "127.0.0.1:8100"

[printer]
driver = "file"            # or usb, serial, network: docs/hardware/printers.md
path = "/dev/layso/printer"
paper_mm = 80              # 58 or 80

# [[button]]               # a key that gives a number of one service
# driver = "gpio"
# pin = 17
# service = "ho-tich"
"""
    )


def _display(wishes: Wishes, facts: Facts) -> str:
    panel = (
        """
[[panel]]                  # one for each LED panel
counter = "q1"
driver = "virtual"         # modbus_rtu, alpha or frame: docs/hardware/panels.md
# port = "/dev/layso/tty-1-1.3"   # ls /dev/layso; layso-display scan PORT says who is there
# baud = 9600
# unit = 1
"""
        if "display" in wishes.roles
        else ""
    )
    driver = "gpio" if facts.is_pi else "keypad"
    pad = f"""
# [[pad]]                  # one for each counter's call keys: docs/hardware/pads.md
# counter = "q1"
# driver = "{driver}"
"""
    return _agent(wishes, "display") + f'data_dir = "{STATE / "display"}"\n' + panel + pad


def _screen(wishes: Wishes) -> str:
    if wishes.screen == "kiosk":
        return 'show = "kiosk"\n' + _TURN
    zone = f'zone = "{wishes.zone}"\n' if wishes.zone else '# zone = "a"\n'
    return 'show = "hall"\n' + _agent(wishes, "screen") + zone + _TURN
