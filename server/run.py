"""`layso-server run`: from a listening socket to a clean end. gevent is patched in already."""

import errno
import logging
import os
import signal
import socket
import sys
from contextlib import suppress

import gevent
from gevent.event import Event

from server.app import create_app
from server.config import ServerConfig, default_public_url
from server.control import ControlServer
from server.heart import SIGN, SIGN_EVERY_S, Heart
from server.http_server import listen
from server.lock import FolderLock
from server.logs import start_logging
from server.parts import Parts, make_data_dir, make_secret_key, prepare_database
from wire.checks import Fault, FaultyFile
from wire.notify import Notifier

log = logging.getLogger(__name__)

STOP_S = 4.5


def open_listener(config: ServerConfig) -> socket.socket:
    """Listen where the settings say; raises FaultyFile with what to do where that fails."""
    try:
        return listen(config.host, config.port)
    except OSError as error:
        where = f"{config.host}:{config.port}"
        setting = "LAYSO_HOST"
        if error.errno == errno.EADDRINUSE:
            setting = "LAYSO_PORT"
            message = f"{where} is taken; stop the program that uses it or choose another port"
        else:
            message = f"cannot listen on {where}: {error.strerror or error}"
        raise FaultyFile([Fault(setting, message)]) from error


def address_of(listener: socket.socket, config: ServerConfig) -> str:
    """Where the server can be reached from this machine."""
    return default_public_url(config.host, listener.getsockname()[1])


def run(config: ServerConfig) -> None:
    """Serve until SIGTERM or SIGINT.

    Raises:
        FaultyFile, StoreError, FolderTaken: one line each that says what to do.
    """
    start_logging(config.log_level)
    make_data_dir(config)
    lock = FolderLock(config.lock_file) if config.on_sqlite else None
    try:
        listener = open_listener(config)
        config = _with_real_port(config, listener)
        make_secret_key(config)
        prepare_database(config)
        serve(config, listener, lock, shared=False)
    finally:
        if lock is not None:
            lock.release()


def _with_real_port(config: ServerConfig, listener: socket.socket) -> ServerConfig:
    """Port 0 took a free one: links must name that."""
    if config.port or config.public_url != default_public_url(config.host, 0):
        return config
    return config.on_port(listener.getsockname()[1])


def serve(
    config: ServerConfig, listener: socket.socket, lock: FolderLock | None, *, shared: bool
) -> None:
    """Serve on `listener` until told to stop; a `shared` one is a worker and tells its parent."""
    notifier = Notifier("", None) if shared else Notifier.from_environment()
    gevent.get_hub().print_exception = _log_greenlet  # type: ignore[method-assign,assignment]
    app = create_app(config, shared=shared)
    control = None
    if lock is not None:
        control = ControlServer(app.parts, config.data_dir)
        control.start()
        lock.announce(control.address)
    asked = Event()
    signals = [gevent.signal_handler(number, asked.set) for number in _ENDING]
    if shared:
        heart = Heart(SIGN_EVERY_S, app.missing, lambda: say(SIGN))
    else:
        heart = Heart(notifier.every_s, app.missing, notifier.alive)
    app.start(listener)
    say(f"ready on {address_of(listener, config)}")
    notifier.ready()
    heart.start()
    if not shared:
        _tell_first_run(app.parts, config)
    asked.wait()
    notifier.stopping()
    for watcher in signals:
        watcher.cancel()
    heart.stop()
    with gevent.Timeout(STOP_S, False):  # type: ignore[arg-type]
        if control is not None:
            control.stop()
        app.stop()


def _tell_first_run(parts: Parts, config: ServerConfig) -> None:
    """Hand the operator the code of the first run: who reads this output runs the server."""
    if parts.access.first_run():
        code = parts.access.setup_code()
        with suppress(OSError):  # Whoever started this may read no further than "ready on".
            say(f"nobody has an account yet: open {config.public_url}/setup with the code {code}")


_ENDING = (signal.SIGTERM, signal.SIGINT)


def _log_greenlet(context: object, kind: object, value: BaseException, trace: object) -> None:
    log.error("a greenlet failed", exc_info=value)


def worker_main(config: ServerConfig, listener_fd: int) -> None:
    """Serve as one of several processes, on a socket that the parent opened."""
    start_logging(config.log_level)
    listener = socket.socket(fileno=listener_fd)
    listener.setblocking(False)
    parent = os.getppid()
    gevent.spawn(_follow, parent)
    serve(config, listener, None, shared=True)


def _follow(parent: int) -> None:
    """End when the parent is gone, however it went."""
    while os.getppid() == parent:
        gevent.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)


def say(line: str) -> None:
    """Print one line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
