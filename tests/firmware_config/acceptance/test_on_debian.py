"""The acceptance record on a Debian, with nothing but its own Python."""

import json

from tests.firmware_config.debian_root import DebianRoot

SPEAKER = """#!/bin/sh
echo "printer: ok, $(id -un): $(id -Gn)"
"""
"""Stands where the kiosk's program would: says as whom, and with which groups, it was started."""

RULES = "/srv/layso/firmware_config/systemd/sysusers.d/layso.conf"


def test_a_program_has_its_service_s_account_and_devices(debian: DebianRoot) -> None:
    debian.write("/opt/layso/manifest.json", '{"roles": ["kiosk"]}')
    debian.write("/etc/layso/kiosk.toml", 'server = "http://10.0.0.5:8000"\ncentre = "lai-thieu"\n')
    debian.write("/opt/layso/releases/1.0/bin/layso-kiosk", SPEAKER, 0o755)
    debian.run("ln", "-s", "/opt/layso/releases/1.0", "/opt/layso/current")
    debian.run("systemd-sysusers", RULES)
    words = "cd /srv/layso && python3 -m firmware_config.acceptance --out /media/record.html"
    debian.run("sh", "-c", words, text="c\nc\n")
    record = json.loads(debian.read("/media/record.json"))
    values = {fact["name"]: fact["value"] for fact in record["facts"]}
    assert (values["release"], values["roles"]) == ("1.0", "kiosk")
    assert values["root"].startswith("layso overlay, lớp phủ")
    tried, printed, screen = record["trials"]  # self-test, print-test; the screen is not there.
    for trial in (tried, printed):
        account, _, groups = trial["seen"].partition(": ")
        assert account == "layso-kiosk"
        assert {"lp", "dialout"} <= set(groups.split())
    assert screen["outcome"] == "untested"
    answered = [answer["outcome"] for answer in record["answers"]]
    assert answered[:3] == ["well", "well", "untested"]
    assert "CHƯA ĐỦ" in debian.read("/media/record.html")


NOTER = """#!/bin/sh
echo "$*" >> /var/log/told
[ "$1" != is-active ] || echo active
"""
"""Stands where systemctl would, as no systemd runs in the throw-away Debian."""


def test_a_service_is_stopped_for_its_trial_and_started_again(debian: DebianRoot) -> None:
    debian.write("/etc/layso/kiosk.toml", "")
    failing = 'echo "tried" >> /var/log/told; echo "printer: FAILED, gone" >&2; exit 1'
    debian.write("/opt/layso/releases/1.0/bin/layso-kiosk", f"#!/bin/sh\n{failing}\n", 0o755)
    debian.run("ln", "-sfn", "/opt/layso/releases/1.0", "/opt/layso/current")
    debian.write("/usr/local/bin/systemctl", NOTER, 0o755)
    debian.write("/var/log/told", "", 0o666)
    words = "python3 -m firmware_config.acceptance --role kiosk --no-questions --out /media/r.html"
    path = "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    ran = debian.run("sh", "-c", f"cd /srv/layso && {words}", check=False, env={"PATH": path})
    assert ran.returncode == 1
    told = debian.read("/var/log/told").splitlines()
    told = [line for line in told if not line.startswith(("show", "is-active"))]
    assert told == ["stop layso-kiosk.service", "tried", "start layso-kiosk.service"]
