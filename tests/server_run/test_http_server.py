"""The HTTP server by itself: bounded, strict, and small answers in one piece."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = """
from gevent import monkey
monkey.patch_all()
from server.http_server import HttpServer, listen

def app(environ, start_response):
    body = environ["wsgi.input"].read()
    seen = environ.get("HTTP_X_FORWARDED_FOR", "-") + " " + environ["PATH_INFO"]
    answer = seen.encode("latin-1") + b" " + body
    start_response("200 OK", [("Content-Length", str(len(answer)))])
    return [answer]

listener = listen("127.0.0.1", 0)
print(listener.getsockname()[1], flush=True)
HttpServer(listener, app, shared=False).serve_forever()
"""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server that says back what it was sent."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    yield int(process.stdout.readline())
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
