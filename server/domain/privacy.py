"""What a clerk types must name no citizen: numbers that identify people are told apart here.

A telephone number in Vietnam has 10 digits, an identity number 9 or 12; the number of a ticket,
a counter or a room has fewer.
"""

import re
from typing import Final

IDENTIFYING_DIGITS: Final = 9
_DIGITS: Final = re.compile(rf"\d(?:[\s.,()+/\-\u2013]{{0,4}}\d){{{IDENTIFYING_DIGITS - 1},}}")
_ADDRESS: Final = re.compile(r"\S@\S+\.\S")


def looks_personal(text: str) -> bool:
    """Whether a text has what identifies a person: a long number, or an e-mail address.

    Names are not told apart: no rule knows a citizen's name from a leader's.
    """
    return bool(_DIGITS.search(text) or _ADDRESS.search(text))
