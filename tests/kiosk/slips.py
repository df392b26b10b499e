"""Slips to lay out in tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from kiosk.app import typeface, wording
from kiosk.elsewhere import Elsewhere
from kiosk.slip import TicketFacts, compose
from kiosk.ticket_layout import SlipContent, lay_out, picture_of
from tests.fakes.queue_server import CENTRE, ELSEWHERE
from wire.answers import CentreInfo, Wait
from wire.words import Name

FACE = typeface()
WORDS = wording()
INFO = msgspec.convert(CENTRE, CentreInfo)
AT = datetime(2026, 11, 23, 2, 42, tzinfo=UTC)
LINK = "https://layso.binhduong.gov.vn/t/AbCdEfGhIjKlMnOpQrStUg"


THERE = Elsewhere(
    "branch-thuan-an",
    Name(**ELSEWHERE),
    "Trụ sở UBND thành phố Thuận An, phường Lái Thiêu",
    AT + timedelta(minutes=9),
    AT + timedelta(minutes=39),
)

BIRTH = Name("Thủ tục đăng ký khai sinh", "Birth registration")
BIRTH_PAPERS = (
    "Tờ khai đăng ký khai sinh",
    "Giấy chứng sinh",
    "Giấy tờ tùy thân (căn cước/hộ chiếu)",
    "Giấy chứng nhận kết hôn của cha mẹ (nếu có)",
)


def content(centre: CentreInfo = INFO, **changes: Any) -> SlipContent:
    facts: dict[str, Any] = {
        "number": "H047", "service": "ho-tich", "issued_at": AT, "track_url": LINK,
        "ahead": 4, "wait": Wait(600, 900),
    }  # fmt: skip
    ticket = TicketFacts(**{**facts, **changes})
    return compose(ticket, centre, WORDS.vi, WORDS.en, now=AT)


__all__ = [
    "AT", "BIRTH", "BIRTH_PAPERS", "FACE", "INFO", "LINK", "THERE", "WORDS",
    "content", "lay_out", "picture_of",
]  # fmt: skip
