"""Who may connect and watch, and who is cut."""

import base64
import contextlib
import http.client
import queue
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest
import socketio

from tests.realtime.conftest import Client, LoneServer, Refused, eventually
from tests.realtime.lone_names import TRACK

Connect = Callable[..., Client]


@pytest.mark.parametrize(
    "auth",
    [
        {"token": "wrong"},
        {"token": 7},
        {"track": "B" * 22},
        {"track": "short"},
        {"token": "hall-here", "track": TRACK},
        {"password": "hall-here"},
        "hall-here",
        ["hall-here"],
        None,
    ],
)
def test_anything_but_a_known_token_or_link_is_refused(standing: LoneServer, auth: Any) -> None:
    with pytest.raises(Refused):
        Client(standing.url, auth)


def test_a_stock_client_is_served(standing: LoneServer) -> None:
    stock = socketio.Client(reconnection=False)
    stock.connect(standing.url, auth={"token": "hall-here"}, transports=["websocket"])
    assert stock.call("watch", {"centre": "here"})["board"] == {"centre": "here", "seq": 0}
    stock.disconnect()


def test_long_polling_is_not_offered(standing: LoneServer) -> None:
    plain = http.client.HTTPConnection("127.0.0.1", standing.port, timeout=5)
    plain.request("GET", "/socket.io/?EIO=4&transport=polling")
    assert plain.getresponse().status == 400
    plain.close()


def test_a_page_of_another_origin_is_refused(connect: Connect) -> None:
    with pytest.raises(Refused):
        connect(origin="http://evil.example")
    assert connect(origin="http://queue.example").watch("here")["board"]


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"centre": "there"}, "forbidden"),
        ({"centre": "Ở đây"}, "unknown_centre"),
        ({"centre": 1}, "unknown_centre"),
        ({"centre": "here", "after": -1}, "invalid_body"),
        ({"centre": "here", "after": True}, "invalid_body"),
        ({"centre": "here", "zone": "a"}, "invalid_body"),
        ("here", "invalid_body"),
        (None, "invalid_body"),
    ],
)
def test_a_watch_that_cannot_be_is_answered_with_why(
    standing: LoneServer, wanted: Any, code: str
) -> None:
    client = Client(standing.url, {"token": "hall-here"})
    answer = client.ask("watch", wanted)
    client.close()
    assert answer["error"]["code"] == code


def test_the_province_may_watch_every_centre_that_exists(connect: Connect) -> None:
    client = connect("admin")
    assert "board" in client.watch("there")
    assert client.watch("nowhere")["error"]["code"] == "unknown_centre"


def test_a_phone_gets_its_ticket_and_may_not_watch(lone: LoneServer, connect: Connect) -> None:
    phone = connect(track=TRACK)
    eventually(lambda: len(phone.named("ticket")) == 1)
    assert phone.named("ticket")[0]["number"] == "H001"
    assert phone.watch("here")["error"]["code"] == "forbidden"
    lone.tell(ahead=3, commit=1)
    eventually(lambda: len(phone.named("ticket")) == 2, within_s=2.5)
    assert phone.named("ticket")[1]["ahead"] == 3
    eventually(lambda: {"centre": "here", "seq": 1} in phone.named("pulse"), within_s=2.5)
    assert phone.seqs() == []


def test_a_phone_is_told_at_most_once_a_second(lone: LoneServer, connect: Connect) -> None:
    phone = connect(track=TRACK)
    eventually(lambda: len(phone.named("ticket")) == 1)
    begun = time.monotonic()
    for ahead in range(40):
        lone.tell(ahead=ahead, commit=1)
        time.sleep(0.05)
    took_s = time.monotonic() - begun
    assert len(phone.named("ticket")) <= 2 + took_s


def test_revoking_a_token_cuts_its_sockets(lone: LoneServer, connect: Connect) -> None:
    cut, kept = connect(), connect("admin")
    lone.tell(revoke="hall-here")
    assert cut.gone.wait(2.0)
    assert not kept.gone.is_set()


def test_who_never_says_who_they_are_is_cut(lone: LoneServer) -> None:
    raw = _handshake(lone.port)
    begun = time.monotonic()
    while raw.recv(4096):
        assert time.monotonic() - begun < 8
    raw.close()


def test_who_stops_reading_is_cut_and_the_others_go_on(lone: LoneServer, connect: Connect) -> None:
    deaf = _handshake(lone.port, receive_buffer=4096)
    _send_text(deaf, b'40{"token":"hall-here"}')
    time.sleep(0.3)
    _send_text(deaf, b'42["watch",{"centre":"here"}]')
    client = connect()
    client.watch("here")
    eventually(lambda: lone.tell()["clients"] == 2)
    for _ in range(20):
        lone.tell(commit=100, filler="x" * 4000)
    eventually(lambda: lone.tell()["clients"] == 1, within_s=8.0)
    assert lone.tell()["cut"] == 1
    eventually(lambda: len(client.seqs()) == 2000)
    assert client.seqs() == list(range(1, 2001))
    deaf.close()


def test_a_message_beyond_bounds_ends_the_connection(connect: Connect) -> None:
    client = connect()
    with pytest.raises(queue.Empty):
        client.ask("watch", {"centre": "x" * 20000})
    assert client.gone.wait(5.0)


def test_empty_parts_without_end_end_the_connection(lone: LoneServer) -> None:
    raw = _handshake(lone.port)
    _send_text(raw, b'40{"token":"hall-here"}')
    eventually(lambda: lone.tell()["clients"] == 1)
    raw.sendall(bytes((0x01, 0x80, 0, 0, 0, 0)))
    with contextlib.suppress(OSError):
        for _ in range(10):
            raw.sendall(bytes((0x00, 0x80, 0, 0, 0, 0)) * 2000)
    eventually(lambda: lone.tell()["clients"] == 0, within_s=4.0)
    raw.close()


def _handshake(port: int, receive_buffer: int = 65536) -> socket.socket:
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    raw.connect(("127.0.0.1", port))
    key = base64.b64encode(b"0123456789abcdef").decode()
    raw.sendall(
        (
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n"
            f"Host: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
        ).encode()
    )
    raw.settimeout(10)
    assert raw.recv(12) == b"HTTP/1.1 101"
    return raw


def _send_text(raw: socket.socket, text: bytes) -> None:
    raw.sendall(bytes((0x81, 0x80 | len(text), 0, 0, 0, 0)) + text)
