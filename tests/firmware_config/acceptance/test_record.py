"""The acceptance record, made with the real programs on virtual hardware."""

import json
import re
import subprocess
import sys
from html import escape
from pathlib import Path

import pytest

from firmware_config.acceptance.cli import main, make
from firmware_config.acceptance.page import page
from firmware_config.acceptance.questions import ask_all, of_roles
from firmware_config.acceptance.record import Fact, Record, Trial
from firmware_config.acceptance.trials import Box, try_out
from firmware_config.installer.wishes import ROLES
from tests.firmware_config.debian_root import CHECKOUT

PROGRAMS = Path(sys.executable).parent
COMMON = 'server = "http://127.0.0.1:9"\ncentre = "lai-thieu"\nlisten = "127.0.0.1:0"\n'
GOOD = '[[panel]]\ncounter = "q1"\ndriver = "virtual"\n'
BROKEN = '[[panel]]\ncounter = "q2"\ndriver = "alpha"\naddress = "05"\nport = "/dev/ttyNONE"\n'


@pytest.fixture
def box(tmp_path: Path) -> Box:
    (tmp_path / "token").write_text("0" * 64)
    head = f'{COMMON}token_file = "token"\n'
    (tmp_path / "display.toml").write_text(head + GOOD + BROKEN)
    (tmp_path / "kiosk.toml").write_text(f'{head}[printer]\ndriver = "virtual"\npaper_mm = 80\n')
    return Box(PROGRAMS, tmp_path)


def test_real_programs_try_virtual_and_missing_devices(box: Box, tmp_path: Path) -> None:
    out = tmp_path / "record.html"
    words = ["--out", str(out), "--role", "kiosk", "--role", "display", "--no-questions"]
    assert main(words, box) == 1
    record = json.loads(out.with_suffix(".json").read_text())
    went = {trial["vi"]: trial["outcome"] for trial in record["trials"]}
    assert went["Ki-ốt: máy in"] == "well"
    assert went["Ki-ốt: máy chủ"] == "failed"
    assert went["Bảng và loa: q1 · virtual · virtual"] == "well"
    assert went["Bảng và loa: q2 · alpha · /dev/ttyNONE · 05"] == "failed"
    assert went["Màn hình"] == "untested"  # It has no configuration here.
    assert {answer["outcome"] for answer in record["answers"]} == {"untested"}
    values = {fact["name"]: fact["value"] for fact in record["facts"]}
    assert values["centre"] == "lai-thieu"
    assert values["counters"] == "bảng số: q1, q2"
    assert "CHƯA ĐẠT" in out.read_text()


def test_a_configuration_at_fault_fails_every_line(box: Box) -> None:
    (box.etc / "display.toml").write_text(f'{COMMON}[[panel]]\ncounter = "q1"\n')
    trials = list(try_out(box, ["display"], somebody=False))
    assert trials
    assert {trial.outcome for trial in trials} == {"failed"}


def test_answers_are_asked_again_until_they_are_one() -> None:
    typed = iter(["vâng", "C", "không", ""])

    def ask(line: str) -> str:
        assert " / " in line
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    answers = list(ask_all(["kiosk"], ask))
    assert [one.outcome for one in answers] == [
        *("well", "failed", "untested", "untested", "untested")
    ]


def test_every_role_is_asked_something_and_nothing_twice() -> None:
    for role in ROLES:
        assert len(of_roles([role])) > 1
    every = of_roles(ROLES)
    assert len(set(every)) == len(every)


def untroubled(*answers: Trial) -> Record:
    facts = (Fact("host", "Tên máy", "Host name", "<b>quầy & co"),)
    return Record("2026-03-02T08:05:00+07:00", ("kiosk",), facts, (), answers)


@pytest.mark.parametrize(
    ("outcome", "verdict"),
    [("well", "ĐẠT"), ("untested", "CHƯA ĐỦ"), ("look", "CHƯA ĐỦ"), ("failed", "CHƯA ĐẠT")],
)
def test_the_verdict_is_never_better_than_what_was_tried(outcome: str, verdict: str) -> None:
    record = untroubled(Trial("x", "y", "well"), Trial("x", "y", outcome))  # type: ignore[arg-type]
    assert f"<b>{verdict}</b>" in page(record)


def test_the_page_stands_alone() -> None:
    text = page(untroubled(Trial("Nghe <rõ>", "", "look", seen="a<script>")))
    assert "08:05 · 02/03/2026" in text
    assert escape("<b>quầy & co") in text
    assert not re.search(r"<script|<link|<img|url\(|https?:|@import|<b>quầy", text)


def test_without_an_installation_it_says_so() -> None:
    # -I -S: the standard library alone, as on a fresh Debian.
    start = "import sys; sys.path.insert(0, '.'); from firmware_config.acceptance.cli import main;"
    words = [sys.executable, "-I", "-S", "-c", f"{start} sys.exit(main(['--no-questions']))"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=CHECKOUT)
    assert done.returncode == 1
    assert "is not installed here" in done.stderr


def test_a_place_that_cannot_be_written_is_named(
    box: Box, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--out", "/proc/no/record.html", "--role", "server", "--no-questions"]
    assert main(words, box) == 2
    assert "--out" in capsys.readouterr().err


def test_the_server_has_no_devices_to_try(box: Box) -> None:
    assert make(box, ["server"], None).trials == ()
