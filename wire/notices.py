"""Notices: what a centre's manager tells the hall, or the staff, until it is over.

A notice is no change of the centre's queues and has no seq; it is kept with who wrote it.
"""

from typing import Annotated, Final, Literal

from msgspec import Meta

from wire.answers import Answer, Moment
from wire.requests import Body
from wire.requests import Moment as AskedMoment
from wire.words import Name

NOTICE_ID: Final = r"^[0-9a-f]{16}$"
NOTICES_MOST: Final = 20
"""How many of a centre may hold at once: a hall that says more says nothing."""

Audience = Literal["hall", "staff", "all"]

# At least one letter that is seen: a blank of any kind would leave the screens' band empty.
_UNSEEN: Final = r"\s\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff"

Sentence = Annotated[
    str,
    Meta(
        pattern=rf"^[^\x00-\x1f\x7f]*[^{_UNSEEN}][^\x00-\x1f\x7f]*$",
        max_length=200,
    ),
]


class NoticeText(Body, frozen=True):
    """What it says; screens in English show the Vietnamese where there is no English."""

    vi: Sentence
    en: Sentence | None = None


class NoticeRequest(Body, frozen=True):
    """Tell the hall, the staff or both. Without `until` it holds until somebody ends it.

    An urgent one stands alone on the screens.
    """

    text: NoticeText
    audience: Audience = "hall"
    urgent: bool = False
    until: AskedMoment | None = None


class Notice(Answer, frozen=True):
    """A notice as screens and desks show it."""

    id: str
    text: Name
    audience: Audience
    urgent: bool
    until: Moment | None


class Notices(Answer, frozen=True):
    """What holds now, the newest first; also the event `notices`, whenever that changes.

    The public (hall screens, kiosks) is told what is for the hall or for all.
    """

    centre: str
    notices: list[Notice]
