"""The page of the first run, in every state it can be in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Response, request
from jinja2 import FileSystemLoader
from playwright.sync_api import Page, expect

import server.web
from server.web.templates import page as render
from tests.browser.accessible import check, fails, targets
from tests.browser.served import app_with_look, served

pytestmark = pytest.mark.browser
STATES = {
    "": (),
    "bad_credentials": ("code",),
    "invalid_body": ("name", "password"),
    "too_many_requests": (),
}


@pytest.fixture
def address() -> Iterator[str]:
    app = app_with_look("setup")
    app.jinja_loader = FileSystemLoader(Path(server.web.__file__).parent / "pages" / "templates")

    def show() -> Response:
        error = request.args.get("error", "")
        typed = {"code": "ABCD-EFGH-JKMN", "name": "an"} if error else {"code": "", "name": ""}
        made: Response = render(
            "setup.html", request.args["lang"], error=error, typed=typed, wrong=STATES[error]
        )  # type: ignore[assignment]
        return made

    app.get("/setup")(show)
    with served(app) as at:
        yield at


def test_every_state_is_fit_for_everybody(address: str, page: Page) -> None:
    faults = fails(page)
    for error, wrong in STATES.items():
        for language, width in (("vi", 1366), ("en", 320)):
            page.set_viewport_size({"width": width, "height": 768})
            page.goto(f"{address}/setup?lang={language}&error={error}")
            check(page, language)
            assert targets(page, 44) == []
            expect(page.locator(f"#{(*wrong, 'code')[0]}")).to_be_focused()
            assert page.locator("[aria-invalid=true]").count() == len(wrong)
    assert faults == []
