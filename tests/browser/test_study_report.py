"""The report of a study: fit for everybody, on a desk and on a phone, in both languages."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from simulation.planning.cli import main
from tests.browser import accessible

CHANGES = ("--lend", "q1:dat-dai", "--open", "q11@8:00-10:00", "--lend", "q11:giao-thong")
OPTIONS = ("--days", "6", "--processes", "1", "--quiet", "--estimates", "--surge", "1.2")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("language", "width"),
    [
        ("vi", 1366),
        pytest.param("vi", 390, marks=pytest.mark.full),
        pytest.param("en", 1366, marks=pytest.mark.full),
    ],
)
def test_the_report_is_fit_for_everybody(
    page: Page, tmp_path: Path, language: str, width: int
) -> None:
    file = tmp_path / "report.html"
    words = ["hall-10", *CHANGES, *OPTIONS, "--policy", "shortest-queue", "--language", language]
    assert main([*words, "--html", str(file)]) == 0
    complaints = accessible.fails(page)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(file.as_uri())
    accessible.check(page, language)
    assert accessible.targets(page, 44) == []
    for closed in page.locator("summary").all():
        closed.click()
    accessible.check(page, language)
    assert complaints == []
    assert page.evaluate("document.fonts.check('600 16px \"Be Vietnam Pro\"')")


@pytest.mark.browser
def test_each_chart_has_its_table_and_over_target_is_said_in_words(
    page: Page, tmp_path: Path
) -> None:
    file = tmp_path / "report.html"
    assert main(["hall-10", *CHANGES, *OPTIONS, "--html", str(file)]) == 0
    page.goto(file.as_uri())
    panels = page.locator("section.panel")
    assert panels.count() == 7
    assert [panel.locator("table").count() >= 1 for panel in panels.all()] == [True] * 7
    over = page.locator("tr.is-over")
    assert over.count() >= 1
    assert all("Vượt" in row.inner_text() for row in over.all())
    assert page.locator("td.worst").count() >= 1
