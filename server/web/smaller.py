"""Texts go over the wire compressed, to whoever says that they can read it.

Pages and their scripts are for slow links and cheap phones. Answers of the API stay as they are:
they are small, and hold what a session knows.
"""

import gzip
from typing import Final

from werkzeug.wrappers import Request, Response

LEAST_B: Final = 512
_TEXTS: Final = ("text/", "application/json", "image/svg+xml")
_kept: dict[tuple[str, str], bytes] = {}


def smaller(request: Request, answer: Response, kept_as: str = "") -> Response:
    """The answer, compressed where that is worth it.

    Args:
        request: Says what the asker can read.
        answer: A whole answer; one that is not 200, or no text, is left as it is.
        kept_as: Name of a file that is asked for often; compressed once for each of its ETags.
    """
    if answer.status_code != 200 or not str(answer.mimetype).startswith(_TEXTS):
        return answer
    answer.vary.add("Accept-Encoding")
    if not request.accept_encodings["gzip"] or (answer.content_length or LEAST_B) < LEAST_B:
        return answer
    etag = answer.get_etag()[0]
    name = (kept_as, etag or "")
    packed = _kept.get(name) if kept_as and etag else None
    if packed is None:
        answer.direct_passthrough = False
        packed = gzip.compress(answer.get_data(), 9, mtime=0)
        if kept_as and etag:
            for old in [one for one in _kept if one[0] == kept_as]:
                _kept.pop(old, None)
            _kept[name] = packed
    answer.response = [packed]
    answer.direct_passthrough = False
    answer.content_encoding = "gzip"
    answer.content_length = len(packed)
    if etag:
        # The same file in other bytes: the same entity, and not byte for byte.
        answer.set_etag(etag, weak=True)
    return answer
