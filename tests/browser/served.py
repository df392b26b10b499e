"""A Flask app on a port of loopback, for as long as a test needs it."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, Response, send_from_directory
from werkzeug.serving import make_server

from look import STATIC_DIR

CSP = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'"


def app_with_look(name: str) -> Flask:
    """Make an app that serves the shared look under the pages' strict policy."""
    app = Flask(name)

    @app.get("/look/<path:name>")
    def look(name: str) -> Response:
        return send_from_directory(STATIC_DIR, name)

    @app.after_request
    def harden(answer: Response) -> Response:
        answer.headers["Content-Security-Policy"] = CSP
        return answer

    return app


def whole(app: Any) -> Callable[..., Iterable[bytes]]:
    """Wrap `app` so that an answer is read to its end, and closed, before it is sent.

    werkzeug forgets to close the answer's file where a browser leaves in the middle.
    """

    def answer(environ: Any, start_response: Any) -> Iterable[bytes]:
        parts = app(environ, start_response)
        try:
            return list(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()

    return answer


@contextmanager
def served(app: Any) -> Iterator[str]:
    """Serve `app` in threads; yields its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, whole(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(timeout=5)
        server.server_close()
