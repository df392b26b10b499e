"""What every page must pass, whatever it shows: axe's rules, its width, its words, its headings."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = (
    "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"
)
RAW_KEY = (
    r"/\b(web|desk|greet|manage|admin|content|track|signin|page|hall|kiosk|simulate)"
    r"\.(?!toml)[a-z_]+/"
)


def check(page: Page, language: str) -> None:
    """Fail with what is wrong when the page as it is now is not fit for everybody."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    found: dict[str, Any] = page.evaluate(RUN, TAGS)
    faults = [
        f"{fault['id']}: {node['target']} {node.get('failureSummary', '')}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]
    assert faults == [], "\n".join(faults)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than screen"
    assert page.evaluate("document.documentElement.lang") == language
    assert page.locator("h1:visible").count() == 1
    assert page.evaluate(f"(document.body.innerText.match({RAW_KEY}) ?? [])[0]") is None
    assert page.evaluate("document.title") != ""


def targets(page: Page, least_px: int) -> list[str]:
    """The controls that are too small to be hit: lower or narrower than this many CSS px.

    A control inside its label is as large as that.
    """
    small: list[str] = page.evaluate(
        """least => [...document.querySelectorAll("button, a[href], input, summary")]
          .filter(one => one.checkVisibility())
          .filter(one => {
            const box = (one.closest("label") ?? one).getBoundingClientRect();
            return box.height < least || box.width < least;
          }).map(one => one.outerHTML.slice(0, 80))""",
        least_px,
    )
    return small


def fails(page: Page) -> list[str]:
    """Collect, from now on, what the page's console and scripts complain about."""
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda line: (
            faults.append(line.text)
            if line.type in {"error", "warning"} and "Failed to load resource" not in line.text
            else None
        ),
    )
    return faults
