"""The real `layso-simulate`: what it prints, writes and refuses."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from look.catalogue import words
from simulation.planning.study import POLICIES
from tests.fakes.planning_log import SMALL, LogWriter

PROGRAM = Path(sys.executable).parent / "layso-simulate"


def simulate(*options: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(PROGRAM), *map(str, options)], capture_output=True, text=True, timeout=110, check=False
    )


def figures(*options: str | Path) -> dict[str, Any]:
    done = simulate(*options, "--json", "-")
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Two mornings on which q2, the only counter for land, comes late."""
    made = LogWriter(SMALL)
    for made.day in ("2026-11-23", "2026-11-24"):
        made.tell("07:30", "counter_opened", None, "q1")
        for number in range(20):
            come, ticket = 450 + 3 * number, f"{made.day}-{number}"
            made.issue(come, ticket, "dat-dai" if number % 4 else "ho-tich")
        made.tell("08:30", "counter_opened", None, "q2")
        for number in range(20):
            counter = "q2" if number % 4 else "q1"
            start = 512 + 9 * number if number % 4 else 450 + 3 * number
            about = (f"{made.day}-{number}", counter)
            made.tell(start, "called", *about, called_ms=start)
            made.tell(start + 8, "served", *about, ended_ms=start + 8)
        made.tell("17:00", "counter_closed", None, "q1")
        made.tell("17:00", "counter_closed", None, "q2")
    return made.write(tmp_path / "log.jsonl")


def test_the_table_says_what_a_reader_asks_for() -> None:
    done = simulate("hall-10", "--days", "4", "--lend", "q1:dat-dai", "--language", "en")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("Study hall of 10 counters · ")
    assert lines[2].split("  ")[0] == "Scenario"
    as_is, what_if = lines[4], lines[5]
    assert as_is.startswith("As is ")
    assert what_if.startswith("What if ")
    assert re.search(r"\d+\.\d \(\d+\.\d–\d+\.\d\)", as_is)
    assert re.search(r"\d+\.\d min: \d\d:\d0, [A-Z]", as_is)
    assert re.search(r"\d\.\d\d \(\d\.\d\d–\d\.\d\d\)$", what_if)
    assert len({line.find("%") for line in lines[4:6]}) == 1
    assert "Changed: --lend q1:dat-dai" in lines


def test_vietnamese_comes_first_with_its_own_decimals() -> None:
    done = simulate("ward-di-an", "--days", "2", "--policy", "longest-wait")
    assert "Phương án" in done.stdout
    assert "Chờ lâu nhất trước" in done.stdout
    assert re.search(r"\d,\d \(", done.stdout)


def test_every_policy_has_a_name_in_both_languages() -> None:
    for language in ("vi", "en"):
        known = words(language, "simulate")
        assert [name for name in POLICIES if f"simulate.policy.{name}" not in known] == []


def test_the_figures_do_not_depend_on_the_processes() -> None:
    asked = ("hall-10", "--days", "4", "--replications", "2", "--estimates", "--policy",
             "shortest-queue", "--lend", "q1:dat-dai@9:00-10:30")  # fmt: skip
    one, two = (figures(*asked, "--processes", count) for count in ("1", "3"))
    assert one == two
    assert one["format"] == "layso-study"
    assert one["version"] == 1
    assert [found["id"] for found in one["scenarios"]] == [
        "as-is", "what-if", "what-if/shortest-queue",
    ]  # fmt: skip
    assert len({found["people"] for found in one["scenarios"]}) == 1
    assert one["scenarios"][0]["told"]["covered"] > 0.8
    assert one["scenarios"][2]["told"] is None


def test_a_profile_says_when_people_come_and_for_what(tmp_path: Path) -> None:
    profile = tmp_path / "profile.json"
    profile.write_text(
        json.dumps(
            {
                "slot_minutes": 60,
                "arrivals": [{"start": "09:00", "share": 1}, {"start": "14:00", "share": 3}],
                "people": 200,
                "shares": {"ho-tich": 1, "dat-dai": 1},
            }
        ),
        encoding="utf-8",
    )
    found = figures("hall-10", "--profile", profile, "--days", "5")["scenarios"][0]
    assert {half["at"] for half in found["by_half_hour"]} == {"09:00", "09:30", "14:00", "14:30"}
    assert {one["service"] for one in found["by_service"]} == {"ho-tich", "dat-dai"}
    assert 170 < found["people_per_day"] < 230


def test_surge_and_absence_are_every_scenarios(tmp_path: Path) -> None:
    usual = figures("hall-10", "--days", "5")["scenarios"][0]
    found = figures("hall-10", "--days", "5", "--surge", "1.5", "--absent", "0.4",
                    "--policy", "longest-wait")["scenarios"]  # fmt: skip
    assert len({one["people"] for one in found}) == 1
    assert found[0]["people"] > 1.35 * usual["people"]
    assert found[0]["utilisation"] < usual["utilisation"]


def test_a_log_is_compared_with_what_really_happened(log: Path) -> None:
    found = figures("--log", log, "--open", "q2@7:30-8:30")
    assert found["source"] == "log"
    assert found["log_days"] == ["2026-11-23", "2026-11-24"]
    real, as_is, what_if = found["scenarios"]
    assert [real["id"], as_is["id"], what_if["id"]] == ["recorded", "as-is", "what-if"]
    assert real["people"] == as_is["people"] == 40
    assert as_is["wait_min"]["mean"]["value"] <= real["wait_min"]["mean"]["value"]
    assert what_if["against_as_is"]["value"] < 0.8


def test_who_can_no_longer_be_served_is_told(log: Path) -> None:
    done = simulate("--log", log, "--closed", "q2", "--open", "q2@7:30-8:00", "--language", "en")
    assert done.returncode == 0
    assert re.search(r"What if: \d+ people were never called", done.stdout)


def test_the_report_is_one_file_that_fetches_nothing(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    done = simulate("hall-10", "--days", "3", "--compare", "--html", page, "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    text = page.read_text(encoding="utf-8")
    assert '<html lang="vi"' in text
    assert "<script" not in text
    assert re.findall(r"""(?:src|href|url\()=?["'(]?(?!data:)(?:https?:|/|\.\.)""", text) == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), ["CENTRE: is missing"]),
        (("hall-10", "--day", "3"), ["unrecognized arguments: --day 3"]),
        (("hall-10", "--surge", "much", "--days", "0"), ["--surge: must be", "--days: must be"]),
        (("hall-10", "--open", "q7@8-10"), ["--open: 'q7@8-10' has no time after @"]),
        (("hall-10", "--open", "q7@10:00-8:00"), ["ends before it begins"]),
        (("hall-10", "--lend", "q7"), ["--lend: 'q7' names no counter and service"]),
        (("hall-10", "--policy", "longest"), ["there is no policy 'longest'"]),
        (("hall-10", "--open", "q1@8:00-9:00"), ["--open q1@08:00-09:00: q1 is open then already"]),
        (("hall-10", "--closed", "q77", "--lend", "q1:dat-da"), ["--closed q77", "--lend q1"]),
        (("--log", "x", "--days", "3", "--people", "4"), ["--people: does not", "--days: does"]),
    ],
)
def test_wrong_usage_is_status_2_and_a_line_a_fault(
    options: tuple[str, ...], said: list[str]
) -> None:
    done = simulate(*options)
    lines = done.stderr.splitlines()
    assert (done.returncode, done.stdout, len(lines)) == (2, "", len(said))
    assert all(part in line for part, line in zip(said, lines, strict=True)), lines
    assert all(line.startswith("layso-simulate: ") for line in lines)


def test_what_cannot_be_read_is_status_1_and_a_line_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "centre.toml"
    file.write_text('[centre]\nid = "A"\nnam = 1\n', encoding="utf-8")
    faulty = simulate(file)
    assert faulty.returncode == 1
    assert "did you mean 'name'?" in faulty.stderr
    assert all(str(file) in line for line in faulty.stderr.splitlines())
    profile = tmp_path / "profile.json"
    profile.write_text('{"slot_minutes": 0, "arivals": []}', encoding="utf-8")
    faulty = simulate("hall-10", "--profile", profile)
    assert faulty.returncode == 1
    assert "slot_minutes: must be whole minutes from 1 to 240" in faulty.stderr
    assert "did you mean 'arrivals'?" in faulty.stderr
    for options, said in (
        (("hall-100",), "did you mean 'hall-10'?"),
        (("hall-10", "--days", "1", "--html", str(tmp_path)), "is a folder; name a file in it"),
        (("hall-10", "--json", str(tmp_path / "no" / "x.json")), "cannot be written"),
        (("--log", str(tmp_path / "none")), "cannot be read"),
    ):
        done = simulate(*options)
        assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
        assert said in done.stderr
