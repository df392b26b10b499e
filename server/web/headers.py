"""The headers that keep browsers strict. Every answer has them, whoever made it."""

from typing import Final

from werkzeug.wrappers import Response

PAGE_POLICY: Final = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'"
)

API_HEADERS: Final = [
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
]

# Not `no-referrer`: under it browsers send `Origin: null` with the sign-in form.
_PAGE_HEADERS: Final = [
    ("Content-Security-Policy", PAGE_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
]
# What a page loads follows the page's own rules. Opened by itself it may do nothing.
_PART_HEADERS: Final = [
    ("Content-Security-Policy", "default-src 'none'"),
    ("X-Content-Type-Options", "nosniff"),
]
_PARTS: Final = ("text/css", "text/javascript", "font/")
# Browsers read these of a page and of nothing that it loads.
_DOCUMENT_HEADERS: Final = [
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
]


def secure(response: Response) -> Response:
    """Add the headers that the answer does not have yet."""
    kind = str(response.mimetype)
    if "Content-Security-Policy" in response.headers:
        return response
    wanted = _PART_HEADERS if kind.startswith(_PARTS) else _PAGE_HEADERS
    for name, value in wanted + (_DOCUMENT_HEADERS if kind == "text/html" else []):
        response.headers.setdefault(name, value)
    return response
