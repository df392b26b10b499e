"""The peer: bare Flask-SocketIO on gevent that broadcasts what it is posted.

Run as a process: `python -m bench.bare_sockets PORT`.
"""

from gevent import monkey

monkey.patch_all()

import json
import socket
import sys

from flask import Flask, Response, request
from flask_socketio import SocketIO
from gevent import pywsgi


class NoDelay(pywsgi.WSGIHandler):
    """The stock handler with TCP_NODELAY."""

    def __init__(self, sock, address, server, rfile=None):  # type: ignore[no-untyped-def]
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().__init__(sock, address, server, rfile)


app = Flask(__name__)
sockets = SocketIO(app, async_mode="gevent", transports=["websocket"], cors_allowed_origins=[])


@app.post("/emit")
def emit() -> Response:
    """Broadcast the posted JSON, and answer."""
    sockets.emit("change", json.loads(request.get_data()))
    return Response(b"{}", mimetype="application/json")


if __name__ == "__main__":
    listener = ("127.0.0.1", int(sys.argv[1]))
    pywsgi.WSGIServer(listener, app, log=None, handler_class=NoDelay).serve_forever()
