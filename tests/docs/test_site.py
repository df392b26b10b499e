"""The site: no warning, no dead link, every page reached, found in Vietnamese too."""

import re
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.docs.conftest import Build
from tests.docs.pages import page_paths, targets

FAULTY = {
    "index.md": "# Start\n\n## Part\n\n- [one](one.md)\n- [none](none.md)\n",
    "one.md": "# One\n\n[no such place](#nowhere) and [no such page](two.md)\n\n![x](none.svg)\n",
    "lost.md": "# Lost\n\nNo index leads here.\n",
}


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """Not into the tests' output."""


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Where the site is served: a search shows lines of the pages, which it fetches."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_every_page_is_built_and_in_the_navigation(root: Path, site: Path) -> None:
    sources = {
        str(path.relative_to(root / "docs").with_suffix(""))
        for path in (root / "docs").rglob("*.md")
    }
    assert {name for name in sources if not (site / f"{name}.html").exists()} == set()
    start = (site / "index.html").read_text(encoding="utf-8")
    assert start.count('class="caption"') == 5


def test_what_is_wrong_fails_the_build_and_is_named(
    root: Path, build: Build, tmp_path: Path
) -> None:
    docs = tmp_path / "docs"
    for folder in ("docs/extensions", "docs/static", "look/static/css", "look/static/img"):
        shutil.copytree(root / folder, tmp_path / folder)
    (tmp_path / "look/static/fonts").mkdir()
    shutil.copy2(root / "docs/conf.py", docs)
    for name, text in FAULTY.items():
        (docs / name).write_text(text, encoding="utf-8")
    done = build(docs, tmp_path / "out")
    assert done.returncode != 0
    for fault in ("nowhere", "two.md", "none.svg", "'none'", "lost.md"):
        assert re.search(rf"WARNING.*{fault}|{fault}.*WARNING", done.stderr), (fault, done.stderr)


def test_no_link_of_the_built_site_is_dead(site: Path) -> None:
    pages = {path: path.read_text(encoding="utf-8") for path in site.rglob("*.html")}
    names = {path: set(re.findall(r'\bid="([^"]+)"', text)) for path, text in pages.items()}
    dead = []
    for path, text in pages.items():
        for target in re.findall(r'(?:href|src)="([^"]+)"', text):
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                continue
            place = (path.parent / parts.path).resolve() if parts.path else path
            lost = parts.fragment and place in names and parts.fragment not in names[place]
            if not place.exists() or lost:
                dead.append(f"{path.relative_to(site)}: {target}")
    assert dead == []


def test_addresses_elsewhere_are_well_formed() -> None:
    wrong = []
    for path in page_paths():
        for target in targets(path):
            parts = urlsplit(target)
            if not parts.scheme:
                continue
            whole = parts.scheme == "https" and re.fullmatch(r"[\w-]+(\.[\w-]+)+", parts.netloc)
            if not whole or re.search(r"\s", target):
                wrong.append(f"{path.name}: {target}")
    assert wrong == []


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    fetched = re.compile(
        r'<(?:script|img|iframe)[^>]*src="https?:|<link[^>]*stylesheet[^>]*"https?:'
    )
    assert [path.name for path in site.rglob("*.html") if fetched.search(path.read_text())] == []


@pytest.mark.browser
@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("nghiệm thu", "Cài đặt Lấy Số"),
        ("nghiem thu", "Cài đặt Lấy Số"),
        ("tiep dat", "Cài đặt Lấy Số"),
        ("panel", "LED panels"),
    ],
)
def test_pages_are_found_by_vietnamese_and_english_words(
    address: str, page: Page, typed: str, title: str
) -> None:
    page.goto(f"{address}/index.html")
    page.get_by_role("textbox", name="Search").fill(typed)
    page.keyboard.press("Enter")
    found = page.locator("#search-results li > a")
    expect(found.filter(has_text=title).first).to_be_visible()


def test_vietnamese_pages_say_so(site: Path) -> None:
    assert '<html class="no-js" lang="vi"' in (site / "install.vi.html").read_text()
    assert '<html class="no-js" lang="en"' in (site / "install.en.html").read_text()
