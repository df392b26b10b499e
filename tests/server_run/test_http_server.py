"""The HTTP server by itself: bounded, strict, and small answers in one piece."""

import socket
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = """
from gevent import monkey
monkey.patch_all()
from server.http_server import HttpServer, listen

def app(environ, start_response):
    try:
        left = "HTTP_X_LEAVE" in environ
        body = b"left " + environ["PATH_INFO"].encode() if left else environ["wsgi.input"].read()
    except OSError:
        body = b"cut"
    seen = environ.get("HTTP_X_FORWARDED_FOR", "-") + " " + environ["PATH_INFO"]
    answer = seen.encode("latin-1") + b" " + body
    start_response("200 OK", [("Content-Length", str(len(answer)))])
    return [answer]

listener = listen("127.0.0.1", 0)
print(listener.getsockname()[1], flush=True)
HttpServer(listener, app, shared=False).serve_forever()
"""


HASTY = PROGRAM.replace(
    "from server.http_server import",
    "from server import http_server\nhttp_server.IDLE_S = http_server.BODY_S = 1.0\n"
    "from server.http_server import",
)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server that says back what it was sent."""
    yield from serve(PROGRAM)


@pytest.fixture(scope="module")
def hasty() -> Iterator[int]:
    """The same with a second's patience."""
    yield from serve(HASTY)


def serve(program: str) -> Generator[int, None, None]:
    """Run a program that prints its port."""
    process = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def ask(port: int, request: bytes) -> bytes:
    """Send a request and read until the server hangs up."""
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as raw:
        raw.sendall(request)
        while part := raw.recv(65536):
            answer += part
    return answer


def post(*headers: str, body: bytes = b"") -> bytes:
    """A request that ends the connection."""
    lines = ["POST /p HTTP/1.1", "Host: x", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def test_a_body_is_read_by_its_length_or_in_chunks(port: int) -> None:
    assert ask(port, post("Content-Length: 3", body=b"abc")).endswith(b"\r\n\r\n- /p abc")
    chunked = post("Transfer-Encoding: chunked", body=b"2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")
    assert ask(port, chunked).endswith(b"- /p abc")


@pytest.mark.parametrize(
    "request_",
    [
        post("Content-Length: 3", "Transfer-Encoding: chunked", body=b"0\r\n\r\n"),
        post("Content-Length: 3", "Content-Length: 4", body=b"abcd"),
        post("Content-Length: +3", body=b"abc"),
        post("Content-Length: -1"),
        post("Transfer-Encoding: gzip, chunked", body=b"0\r\n\r\n"),
        post("Content-Length : 3", body=b"abc"),
        post("Transfer-Encoding: chunked", "Transfer-Encoding: identity", body=b"0\r\n\r\n"),
        post("Transfer-Encoding: \x0bchunked", body=b"0\r\n\r\n"),
        post("Transfer-Encoding: chunked", body=b"0\r\n\r\n").replace(b"/1.1", b"/1.0"),
        post("Host: y"),
        b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
        b"GET /a\tb HTTP/1.1\r\nHost: x\r\n\r\n",
        post("X-A: a\rb"),
        post("X-A: a\0b"),
        post("X-Folded: a\r\n b"),
        post("no colon"),
        post(*(f"X-{number}: y" for number in range(101))),
        post("X-Long: " + "y" * 9000),
        b"GET /\r\n\r\n",
        b"GET / HTTP/2.0\r\n\r\n",
        b"GET  / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    ],
)
def test_what_two_readers_could_take_differently_is_refused(port: int, request_: bytes) -> None:
    assert ask(port, request_).startswith(b"HTTP/1.1 400 ")


def test_a_request_line_without_end_is_refused(port: int) -> None:
    assert ask(port, b"GET /" + b"a" * 9000).startswith(b"HTTP/1.1 414 ")


def test_a_client_of_ipv4_is_known_by_its_own_address_on_ipv6_as_well() -> None:
    program = PROGRAM.replace('listen("127.0.0.1", 0)', 'listen("::", 0)').replace(
        'environ.get("HTTP_X_FORWARDED_FOR", "-")', 'environ["REMOTE_ADDR"]'
    )
    served = serve(program)
    assert ask(next(served), post()).endswith(b"\r\n\r\n127.0.0.1 /p ")
    served.close()


def test_underscores_do_not_pass_for_dashes(port: int) -> None:
    assert ask(port, post("X_Forwarded_For: 1.2.3.4")).endswith(b"- /p ")
    assert ask(port, post("X-Forwarded-For: 1.2.3.4")).endswith(b"1.2.3.4 /p ")


def test_a_small_answer_comes_in_one_piece_and_the_connection_stays(port: int) -> None:
    request = b"POST /a%20b HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi"
    with socket.create_connection(("127.0.0.1", port), timeout=10) as raw:
        for _ in range(20):
            raw.sendall(request)
            answer = raw.recv(65536)
            assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
            assert answer.endswith(b"\r\n\r\n- /a b hi")


def test_requests_that_come_together_are_answered_in_turn(port: int) -> None:
    first = b"POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na"
    answer = ask(port, first + post("Content-Length: 1", body=b"b"))
    assert answer.index(b"- /1 a") < answer.index(b"- /p b")


def test_head_has_no_body(port: int) -> None:
    answer = ask(port, b"HEAD /h HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert answer.endswith(b"\r\n\r\n")
    assert b"Content-Length: 5" in answer


def ask_twice(port: int, first: bytes) -> bytes:
    """Send a request whose connection may stay, and another right behind it."""
    second = b"GET /second HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    return ask(port, b"POST /first HTTP/1.1\r\nHost: x\r\n" + first + second)


def sent_until_cut(port: int, head: bytes, part: bytes, *, most: int, pause_s: float = 0) -> int:
    """Send a part again and again until the server hangs up; how many bytes went."""
    sent = 0
    with socket.create_connection(("127.0.0.1", port), timeout=10) as raw:
        raw.sendall(head)
        while sent < most:
            try:
                sent += raw.send(part)
            except OSError:
                break
            time.sleep(pause_s)
    return sent


@pytest.mark.parametrize(
    "body",
    [
        b"Transfer-Encoding: chunked\r\n\r\nZ",
        b"Transfer-Encoding: chunked\r\n\r\n2\r\nabX\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n;x\r\n",
        b"Content-Length: 5\r\nExpect: 100-continue\r\nX-Leave: it\r\n\r\n",
    ],
)
def test_what_follows_a_body_without_known_end_is_no_request(port: int, body: bytes) -> None:
    assert b"/second" not in ask_twice(port, body)


def test_a_body_that_nobody_read_does_not_end_the_connection(port: int) -> None:
    answer = ask_twice(port, b"X-Leave: it\r\nContent-Length: 70000\r\n\r\n" + b"x" * 70000)
    assert b"left /first" in answer
    assert b"/second" in answer


def test_an_endless_body_that_nobody_reads_is_hung_up_on(port: int) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nX-Leave: it\r\nContent-Length: 99999999999\r\n\r\n"
    assert sent_until_cut(port, head, b"x" * 65536, most=200_000_000) < 100_000_000


@pytest.mark.parametrize(
    "begun",
    [
        b"GET / HTTP/1.1\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 999999\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nX-Leave: it\r\nContent-Length: 999999\r\n\r\n",
    ],
)
def test_who_drips_is_not_waited_for_without_end(hasty: int, begun: bytes) -> None:
    assert sent_until_cut(hasty, begun, b"X", most=100, pause_s=0.1) < 100
