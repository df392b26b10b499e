"""What each command does."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep, time
from typing import Any, Final

from look.voice import read_voice
from server.config import ServerConfig, read_config
from server.control import send
from server.lock import FolderLock, FolderTaken
from server.orders import OrderFailed
from server.parts import check_database, make_data_dir, make_secret_key, open_parts
from server.storage import open_store
from server.verified import Verified, note_verified
from wire.checks import Fault, FaultyFile
from wire.errors import Refusal

MAX_FILE_BYTES: Final = 5_000_000
STARTING_S: Final = 15.0


def _say(lines: list[str]) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


# ---- serving


def _init(asked: argparse.Namespace) -> int:
    config = read_config()
    make_data_dir(config)
    make_secret_key(config)
    return _migrate(asked)


def _migrate(asked: argparse.Namespace) -> int:
    from server.storage.migrate import migrate

    config = read_config()
    make_data_dir(config)
    with _folder(config):
        migrate(config.database_url)
    return 0


def _run(asked: argparse.Namespace) -> int:
    config = read_config(host=asked.host, port=asked.port)
    if asked.workers > 1:
        if config.on_sqlite:
            sys.stderr.write(
                "layso-server: --workers above 1 needs PostgreSQL (LAYSO_DATABASE_URL); "
                "SQLite has one writer\n"
            )
            return 2
        from server.workers import run_workers

        run_workers(config, asked.workers)
    else:
        from server.run import run

        run(config)
    return 0


def _check_config(asked: argparse.Namespace) -> int:
    config = read_config()
    _say([f"{name}={value}" for name, value in config.shown()])
    voice = read_voice(config.voice_dir)
    _say(voice.told())
    for file, fault in voice.faults:
        sys.stderr.write(f"LAYSO_VOICE_DIR: {file}: {fault}\n")
    return 1 if voice.faults else 0


# ---- orders: carried out here, or by the server that holds the database


def _order(name: str, given: Mapping[str, Any]) -> int:
    config = read_config()
    make_data_dir(config)
    end = monotonic() + STARTING_S
    while True:
        try:
            with _folder(config):
                _say(_here(config, name, given))
                return 0
        except FolderTaken as taken:
            if taken.address:
                _say(send(taken.address, name, dict(given)))
                return 0
            if monotonic() > end:
                raise
        sleep(0.1)  # The other process is starting, or is a command like this one.


def _here(config: ServerConfig, name: str, given: Mapping[str, Any]) -> list[str]:
    from server.orders import execute

    check_database(config)
    parts = open_parts(config)
    try:
        return execute(parts, name, given)
    finally:
        parts.close()


@contextmanager
def _folder(config: ServerConfig) -> Any:
    """Hold the folder's lock while this process is the one writer of its SQLite file."""
    lock = FolderLock(config.lock_file) if config.on_sqlite else None
    try:
        yield
    finally:
        if lock is not None:
            lock.release()


def _text_of(file: Path) -> str:
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            raise FaultyFile([Fault(str(file), "is larger than 5 MB")])
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise FaultyFile([Fault(str(file), f"cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        raise FaultyFile([Fault(str(file), "is not UTF-8 text")]) from error


def _centre_import(asked: argparse.Namespace) -> int:
    return _order("centre import", {"text": _text_of(asked.file)})


def _centre_export(asked: argparse.Namespace) -> int:
    return _order("centre export", {"centre": asked.centre})


def _procedures_import(asked: argparse.Namespace) -> int:
    given = {"text": _text_of(asked.file), "centre": asked.centre}
    return _order("procedures import", given)


def _token_create(asked: argparse.Namespace) -> int:
    names = ("role", "centre", "counter", "band", "name")
    return _order("token create", {name: getattr(asked, name) for name in names})


def _token_revoke(asked: argparse.Namespace) -> int:
    token = sys.stdin.readline().strip() if asked.token == "-" else asked.token  # noqa: S105
    return _order("token revoke", {"token": token})


def _user_create(asked: argparse.Namespace) -> int:
    password = sys.stdin.readline().rstrip("\r\n")
    given = {"name": asked.name, "role": asked.role, "centre": asked.centre}
    return _order("user create", {**given, "password": password})


def _setup_code(_asked: argparse.Namespace) -> int:
    return _order("setup-code", {})


def _enrol_code_create(asked: argparse.Namespace) -> int:
    names = ("role", "centre", "counter")
    return _order("enrol-code create", {name: getattr(asked, name) for name in names})


# ---- keeping


def _backup(asked: argparse.Namespace) -> int:
    from server.storage.backup import backup

    # A reading connection of its own: it neither writes nor checkpoints, so the server
    # may go on.
    url = read_config().database_url
    if asked.into is None:
        backup(url, asked.file)
        return 0
    from server.backups import copy_into

    copy = copy_into(asked.into, lambda file: backup(url, file), datetime.now(UTC))
    sys.stdout.write(f"{copy}\n")
    return 0


def _restore(asked: argparse.Namespace) -> int:
    from server.storage.backup import restore

    config = read_config()
    make_data_dir(config)
    make_secret_key(config)
    with _folder(config):
        restore(config.database_url, asked.file)
    return 0


def _verify(asked: argparse.Namespace) -> int:
    config = read_config()
    make_data_dir(config)
    try:
        with _folder(config):
            faults = _faults(config)
    except FolderTaken:
        faults = _faults(config)  # It only reads: the running server goes on writing.
    try:
        note_verified(config.data_dir, Verified(time(), len(faults)))
    except OSError as error:  # Its outcome is said all the same.
        sys.stderr.write(f"layso-server: the outcome was not kept: {error.strerror}\n")
    if faults:
        raise OrderFailed(faults)
    _say(["the log is whole and fits the tables"])
    return 0


def _faults(config: ServerConfig) -> list[str]:
    from server.service.verify import verify

    check_database(config)
    store = open_store(config.database_url)
    try:
        return verify(store)
    finally:
        store.close()


def _log_export(asked: argparse.Namespace) -> int:
    from server.service.log_export import export

    if asked.first_day > asked.last_day:
        sys.stderr.write("layso-server: --from must not be later than --to\n")
        return 2
    config = read_config()
    make_data_dir(config)
    check_database(config)
    store = open_store(config.database_url)
    try:  # It only reads, without the folder's lock: a running server goes on, one may start.
        _stream(export(store, asked.centre, asked.first_day, asked.last_day))
    except Refusal as refusal:
        raise OrderFailed([refusal.detail]) from refusal
    finally:
        store.close()
    return 0


def _stream(lines: Iterator[bytes]) -> None:
    out = sys.stdout.buffer
    try:
        for line in lines:
            out.write(line)
        out.flush()
    except OSError as error:  # A full disk, or a reader that has seen enough, such as `head`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise OrderFailed([f"the log was not written whole: {error.strerror}"]) from error


def _anonymise(asked: argparse.Namespace) -> int:
    return _order("anonymise", {"days": asked.days})


COMMANDS: Final[dict[str, Callable[[argparse.Namespace], int]]] = {
    "init": _init,
    "migrate": _migrate,
    "run": _run,
    "check-config": _check_config,
    "centre import": _centre_import,
    "centre export": _centre_export,
    "procedures import": _procedures_import,
    "token create": _token_create,
    "token revoke": _token_revoke,
    "user create": _user_create,
    "setup-code": _setup_code,
    "enrol-code create": _enrol_code_create,
    "backup": _backup,
    "restore": _restore,
    "verify": _verify,
    "anonymise": _anonymise,
    "log export": _log_export,
}
