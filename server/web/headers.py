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
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
]


def secure(response: Response) -> Response:
    """Add the headers that the answer does not have yet."""
    headers = response.headers
    if "Content-Security-Policy" not in headers:
        for name, value in _PAGE_HEADERS:
            headers.setdefault(name, value)
    return response
