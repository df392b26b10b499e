"""The limit: bare Flask on gevent with TCP_NODELAY that parses and answers the same JSON.

Run as a process: `python -m bench.bare_http PORT`.
"""

from gevent import monkey

monkey.patch_all()

import json
import socket
import sys

from flask import Flask, Response, request
from gevent import pywsgi

ANSWER = {
    "id": "01a2098a-ee28-7fc4-92bf-20498c1054c9",
    "centre": "binh-duong",
    "day": "2026-11-24",
    "number": "A001",
    "service": "dat-dai",
    "priority": "none",
    "state": "waiting",
    "counter": None,
    "issued_at": "2026-11-23T17:53:49.608000Z",
    "called_at": None,
    "started_at": None,
    "ended_at": None,
    "ahead": 0,
    "wait": {"likely_s": 60, "high_s": 120},
    "source": "integration",
    "procedure": None,
    "language": "vi",
}


class NoDelay(pywsgi.WSGIHandler):
    """The stock handler with TCP_NODELAY."""

    def __init__(self, sock, address, server, rfile=None):  # type: ignore[no-untyped-def]
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().__init__(sock, address, server, rfile)


app = Flask(__name__)


@app.post("/issue")
def issue() -> Response:
    """Parse the request, answer a ticket."""
    wanted = json.loads(request.get_data())
    answer = json.dumps({**ANSWER, "service": wanted["service"]})
    return Response(answer, status=201, mimetype="application/json")


if __name__ == "__main__":
    listener = ("127.0.0.1", int(sys.argv[1]))
    pywsgi.WSGIServer(listener, app, log=None, handler_class=NoDelay).serve_forever()
