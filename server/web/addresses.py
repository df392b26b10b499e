"""Whose address a request comes from, and whether it comes from this very machine."""

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any

from server.web.services import Network


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
