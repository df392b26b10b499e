"""From when until when the certificate is valid that browsers are shown at the public address.

It is read as a browser reads it, from the proxy in front, whoever keeps it there. Nothing is
trusted by it, so it need not be verified: one that has run out must be read as well.

Source: RFC 5280, 4.1: validity follows serial number, signature and issuer in the body.
"""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final, NamedTuple
from urllib.parse import urlsplit

REACH_S: Final = 5.0

_VERSION: Final = 0xA0
"""The tag of a field that only certificates of later versions have."""

_FORMATS: Final = {0x17: "%y%m%d%H%M%SZ", 0x18: "%Y%m%d%H%M%SZ"}


class Validity(NamedTuple):
    """When a certificate begins to be valid, and when it runs out."""

    begins: datetime
    ends: datetime


def certificate_of(url: str) -> Validity:
    """How long the certificate of an https address is valid.

    Raises:
        OSError: nobody answers there, or not with TLS.
        ValueError: the certificate is not understood.
    """
    address = urlsplit(url)
    host = address.hostname or ""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with (
        socket.create_connection((host, address.port or 443), timeout=REACH_S) as plain,
        context.wrap_socket(plain, server_hostname=host) as wire,
    ):
        return validity(wire.getpeercert(binary_form=True) or b"")


def validity(certificate: bytes) -> Validity:
    """What a certificate in DER says of its validity; raises ValueError."""
    try:
        whole = next(_fields(certificate))[1]
        body = [item for item in _fields(next(_fields(whole))[1]) if item[0] != _VERSION]
        begins, ends = (_moment(kind, text) for kind, text in _fields(body[3][1]))
        return Validity(begins, ends)
    except (StopIteration, IndexError, KeyError, ValueError) as error:
        raise ValueError("this is no certificate") from error


def _moment(kind: int, text: bytes) -> datetime:
    return datetime.strptime(text.decode("ascii"), _FORMATS[kind]).replace(tzinfo=UTC)


def _fields(der: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and content of each field, one after the other."""
    at = 0
    while at < len(der):
        tag, length, at = der[at], der[at + 1], at + 2
        if length & 0x80:
            more = length & 0x7F
            length, at = int.from_bytes(der[at : at + more], "big"), at + more
        yield tag, der[at : at + length]
        at += length
