"""The HTTP client against real sockets that answer well, badly, slowly or not at all."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from edge.client import ServerClient, ServerRefused, ServerUnreachable

Handler = Callable[[socket.socket], None]


class Peer:
    """Listens on loopback; each connection is given to `handler` in a thread."""

    def __init__(self, handler: Handler) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.connections = 0
        self._handler = handler
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        with sock:
            try:
                self._handler(sock)
            except OSError:
                return

    def close(self) -> None:
        with contextlib.suppress(OSError):  # it is closed already
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._listener.close()


@pytest.fixture
def peer() -> Iterator[Callable[[Handler], Peer]]:
    peers: list[Peer] = []

    def listen(handler: Handler) -> Peer:
        peers.append(Peer(handler))
        return peers[-1]

    yield listen
    for one in peers:
        one.close()


def request_of(sock: socket.socket) -> tuple[str, dict[str, str], bytes]:
    """Read one request: its first line, headers and body."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = sock.recv(65536)
        if not piece:
            raise OSError("closed")
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    first, *rest = head.decode().split("\r\n")
    headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in rest)}
    while len(body) < int(headers.get("content-length", 0)):
        body += sock.recv(65536)
    return first, headers, body


def answer(sock: socket.socket, status: int, body: object, *extra: str) -> None:
    data = json.dumps(body).encode()
    head = [f"HTTP/1.1 {status} X", f"Content-Length: {len(data)}", *extra, "", ""]
    sock.sendall("\r\n".join(head).encode() + data)


def test_a_command_carries_token_key_and_body_over_one_kept_connection(
    peer: Callable[[Handler], Peer],
) -> None:
    seen: list[tuple[str, dict[str, str], bytes]] = []

    def handler(sock: socket.socket) -> None:
        while True:
            seen.append(request_of(sock))
            answer(sock, 201, {"number": "Hộ tịch"})

    server = peer(handler)
    client = ServerClient(server.url, "tok")
    for _ in range(3):
        reply = client.post("/api/v1/x", {"service": "hộ-tịch"}, key="key-12345", timeout_s=2)
        assert (reply.status, reply.body) == (201, {"number": "Hộ tịch"})
    first, headers, body = seen[0]
    assert first == "POST /api/v1/x HTTP/1.1"
    assert headers["authorization"] == "Bearer tok"
    assert headers["idempotency-key"] == "key-12345"
    assert json.loads(body) == {"service": "hộ-tịch"}
    assert server.connections == 1
    client.close()


def test_a_refusal_brings_the_problem_and_when_to_come_again(
    peer: Callable[[Handler], Peer],
) -> None:
    problem = {"code": "too_many_requests", "title": "T", "status": 429, "new_field": 1}

    def handler(sock: socket.socket) -> None:
        request_of(sock)
        answer(sock, 429, problem, "Retry-After: 7")

    client = ServerClient(peer(handler).url, "t")
    with pytest.raises(ServerRefused) as caught:
        client.get("/x", timeout_s=2)
    assert caught.value.problem.code == "too_many_requests"
    assert caught.value.retry_after_s == 7
    client.close()


@pytest.mark.parametrize(("status", "body"), [(502, "<html>"), (500, {}), (503, {"code": "x"})])
def test_a_fault_of_the_server_may_have_taken_effect(
    peer: Callable[[Handler], Peer], status: int, body: object
) -> None:
    def handler(sock: socket.socket) -> None:
        request_of(sock)
        answer(sock, status, body)

    client = ServerClient(peer(handler).url, "t")
    with pytest.raises(ServerUnreachable) as caught:
        client.post("/x", {}, key="key-12345", timeout_s=2)
    assert caught.value.maybe_received
    client.close()


def test_nobody_there_was_certainly_not_received(free_port: Callable[[], int]) -> None:
    client = ServerClient(f"http://127.0.0.1:{free_port()}", "t")
    with pytest.raises(ServerUnreachable) as caught:
        client.post("/x", {}, key="key-12345", timeout_s=1)
    assert not caught.value.maybe_received
    client.close()


def trickle_head(sock: socket.socket) -> None:
    request_of(sock)
    for letter in "HTTP/1.1 200 OK\r\nX-Slow: " + "a" * 100:
        sock.sendall(letter.encode())
        time.sleep(0.05)


def trickle_body(sock: socket.socket) -> None:
    request_of(sock)
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
    for _ in range(100):
        sock.sendall(b" ")
        time.sleep(0.05)


def say_nothing(sock: socket.socket) -> None:
    request_of(sock)
    time.sleep(5)


@pytest.mark.parametrize("handler", [trickle_head, trickle_body, say_nothing])
def test_the_deadline_is_for_the_whole_call(
    peer: Callable[[Handler], Peer], handler: Handler
) -> None:
    client = ServerClient(peer(handler).url, "t")
    began = time.monotonic()
    with pytest.raises(ServerUnreachable) as caught:
        client.post("/x", {}, key="key-12345", timeout_s=0.7)
    assert 0.6 < time.monotonic() - began < 1.7  # each of them would go on for 5 s
    assert caught.value.maybe_received
    client.close()


def test_a_host_that_swallows_connections_is_left_in_time() -> None:
    client = ServerClient("http://192.0.2.1:9", "t")  # RFC 5737: nobody's address
    began = time.monotonic()
    with pytest.raises(ServerUnreachable):
        client.get("/x", timeout_s=0.5)
    assert time.monotonic() - began < 1.5
    client.close()


def test_an_answer_cut_in_the_middle_is_no_answer(peer: Callable[[Handler], Peer]) -> None:
    def handler(sock: socket.socket) -> None:
        request_of(sock)
        sock.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"a": 1}')

    client = ServerClient(peer(handler).url, "t")
    with pytest.raises(ServerUnreachable) as caught:
        client.get("/x", timeout_s=2)
    assert caught.value.maybe_received
    client.close()


def test_a_kept_connection_that_the_server_closed_is_not_used(
    peer: Callable[[Handler], Peer],
) -> None:
    def once(sock: socket.socket) -> None:
        request_of(sock)
        answer(sock, 200, {})

    server = peer(once)
    client = ServerClient(server.url, "t")
    for _ in range(5):
        assert client.post("/x", {}, timeout_s=2).status == 200
        time.sleep(0.02)
    assert server.connections == 5
    client.close()


def test_only_a_keyed_command_is_tried_again_after_a_broken_connection(
    peer: Callable[[Handler], Peer],
) -> None:
    """The server answers once, then takes the second request and hangs up."""

    def handler(sock: socket.socket) -> None:
        request_of(sock)
        answer(sock, 200, {})
        request_of(sock)

    server = peer(handler)
    client = ServerClient(server.url, "t")
    client.get("/x", timeout_s=2)
    with pytest.raises(ServerUnreachable) as caught:
        client.post("/x", {}, timeout_s=2)
    assert caught.value.maybe_received
    client.get("/x", timeout_s=2)
    assert client.post("/x", {}, key="key-12345", timeout_s=2).status == 200
    client.close()


def test_each_thread_keeps_its_own_connection(peer: Callable[[Handler], Peer]) -> None:
    def handler(sock: socket.socket) -> None:
        while True:
            request_of(sock)
            answer(sock, 200, {})

    server = peer(handler)
    client = ServerClient(server.url, "t")
    threads = [
        threading.Thread(target=lambda: [client.get("/x", timeout_s=5) for _ in range(20)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert server.connections == 4
    client.close()


@pytest.mark.parametrize("address", ["", "ftp://x", "10.0.0.5:8000", "http://"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="not a server address"):
        ServerClient(address, "t")


def test_a_repeat_that_finds_nobody_does_not_undo_the_first_try(
    peer: Callable[[Handler], Peer],
) -> None:
    """The server takes the command on a kept connection, and is gone before it answers."""
    listening: list[Peer] = []

    def handler(sock: socket.socket) -> None:
        request_of(sock)
        answer(sock, 200, {})
        request_of(sock)
        listening[0].close()

    listening.append(peer(handler))
    client = ServerClient(listening[0].url, "t")
    client.get("/x", timeout_s=2)
    with pytest.raises(ServerUnreachable) as caught:
        client.post("/x", {}, key="key-12345", timeout_s=2)
    assert isinstance(caught.value.__cause__, ConnectionRefusedError)
    assert caught.value.maybe_received
    client.close()
