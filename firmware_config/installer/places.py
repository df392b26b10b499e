"""Where things are on a box."""

from pathlib import Path
from typing import Final

SOURCE: Final = Path(__file__).resolve().parents[1]
"""`firmware_config` itself, on the stick or in a checkout."""

OPT: Final = Path("/opt/layso")
RELEASES: Final = OPT / "releases"
CURRENT: Final = OPT / "current"
PREVIOUS: Final = OPT / "previous"
LOCK: Final = Path("/run/layso-install.lock")
MANIFEST: Final = OPT / "manifest.json"
ETC: Final = Path("/etc/layso")
STATE: Final = Path("/var/lib/layso")
BACKUPS: Final = STATE / "backups"
COMMANDS: Final = Path("/usr/local/bin")
UNITS: Final = Path("/etc/systemd/system")
SYSUSERS: Final = Path("/etc/sysusers.d/layso.conf")
TMPFILES: Final = Path("/etc/tmpfiles.d/layso.conf")
POLICY: Final = Path("/etc/chromium/policies/managed/layso.json")
BOOT_CONFIG: Final = Path("/boot/firmware/config.txt")
BOOT_LINE: Final = Path("/boot/firmware/cmdline.txt")
UDEV: Final = Path("/etc/udev/rules.d/60-layso.rules")
CHRONY: Final = Path("/etc/chrony/conf.d/layso.conf")
PROGRAMS: Final = ("layso-server", "layso-kiosk", "layso-display", "layso-screen")
