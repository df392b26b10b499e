"""Whose address a request comes from, and whether it comes from this very machine."""

import ipaddress
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from server.web.services import Network

WsgiApp = Callable[..., Any]


def client_address(environ: Mapping[str, Any], trusted: Sequence[Network]) -> str:
    """The address of the client: the last one in X-Forwarded-For that no trusted proxy has.

    Without trusted proxies, or from anybody else, the header is ignored.
    """
    address = str(environ.get("REMOTE_ADDR", ""))
    forwarded = environ.get("HTTP_X_FORWARDED_FOR")
    if not forwarded or not trusted or not _within(address, trusted):
        return address
    for hop in reversed(forwarded.split(",")):
        address = hop.strip()
        if not _within(address, trusted):
            break
    return address


def believe_proxies(app: WsgiApp, trusted: Sequence[Network]) -> WsgiApp:
    """Let a trusted proxy say by X-Forwarded-Proto that a request came to it by https.

    So a page that is reached by several names, such as the box's address and its name, is its
    own origin by each of them. From anybody else the header is ignored.
    """
    if not trusted:
        return app

    def with_scheme(environ: dict[str, Any], start_response: Any) -> Any:
        if environ.get("HTTP_X_FORWARDED_PROTO") == "https" and _within(
            str(environ.get("REMOTE_ADDR", "")), trusted
        ):
            environ["wsgi.url_scheme"] = "https"
        return app(environ, start_response)

    return with_scheme


def on_loopback(environ: Mapping[str, Any]) -> bool:
    """Say whether a request was made on this machine and did not come through a proxy."""
    if "HTTP_X_FORWARDED_FOR" in environ or "HTTP_FORWARDED" in environ:
        return False
    try:
        return ipaddress.ip_address(environ.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _within(address: str, networks: Sequence[Network]) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)
