"""Turning a one-time code into this device's token, kept in a file only its user may read."""

import os
import secrets
import time
from pathlib import Path
from typing import Final

import msgspec

from edge.client import Reply, ServerClient
from edge.config import is_server_address, read_file
from edge.durable import write_durably
from edge.errors import EnrolmentFailed, ServerRefused, ServerUnreachable
from wire.answers import Enrolled
from wire.checks import FaultyFile

ANSWER_S: Final = 10.0
PAUSES_S: Final = (0.5, 2.0, 5.0)
"""Between the tries of an enrolment whose answer was lost; the server knows it for 10 minutes."""

FIRST_COUNTER: Final = "q1"
"""What a first config calls its counter, where the code was for none."""


def enrol(server: str, code: str, config_path: Path, *, role: str, skeleton: str) -> Enrolled:
    """Fetch the token for `code` and write it, with a first config if there is none.

    Args:
        server: The server's address.
        code: The one-time code the manager gave; it is used up.
        config_path: The agent's config. Where it exists its `token_file` is (re)written
            and the config itself left alone.
        role: What the token must be for (`kiosk`, `display`).
        skeleton: The first config, with `{server}`, `{token_file}`, `{centre}` and `{counter}`
            where these go.

    Raises:
        EnrolmentFailed: with one line that says what to do; the code may be used up.
    """
    if not is_server_address(server):
        raise EnrolmentFailed(f"'{server}' is not an address such as http://10.0.0.5:8000")
    token_path = _token_path(config_path, role)
    _refuse_unwritable(token_path)
    enrolled = _ask(server, code)
    if enrolled.role != role:
        raise EnrolmentFailed(
            f"the code is for a {enrolled.role}, this is a {role}; ask for a new code"
        )
    write_secret(token_path, enrolled.token + "\n")
    if not config_path.exists():
        text = skeleton.format(
            server=server,
            token_file=token_path.name,
            centre=enrolled.centre,
            counter=enrolled.counter or FIRST_COUNTER,
        )
        config_path.write_text(text, encoding="utf-8")
    return enrolled


def write_secret(path: Path, text: str) -> None:
    """Write `text` to `path` so that only this user may read it; whole or not at all."""
    write_durably(path, text, mode=0o600)


def _token_path(config_path: Path, role: str) -> Path:
    name = f"{role}.token"
    if config_path.exists():
        try:
            named = read_file(config_path).get("token_file")
        except FaultyFile as error:
            raise EnrolmentFailed(str(error)) from error
        if isinstance(named, str) and named:
            name = named
    return config_path.parent / name


def _refuse_unwritable(token_path: Path) -> None:
    """Before the code is used up: there must be a folder that takes the token."""
    try:
        token_path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnrolmentFailed(f"cannot make '{token_path.parent}': {error.strerror}") from error
    if not os.access(token_path.parent, os.W_OK):
        raise EnrolmentFailed(f"cannot write to '{token_path.parent}'")


def _ask(server: str, code: str) -> Enrolled:
    client = ServerClient(server, "")
    try:
        return msgspec.convert(_answered(client, code.strip()).body, Enrolled)
    except ServerRefused as error:
        raise EnrolmentFailed(f"the server refused the code: {error.problem.detail}") from error
    except ServerUnreachable as error:
        raise EnrolmentFailed(f"'{server}' cannot be reached: {error}") from error
    except msgspec.ValidationError as error:
        raise EnrolmentFailed(f"'{server}' did not answer as a Lấy Số server: {error}") from error
    finally:
        client.close()


def _answered(client: ServerClient, code: str) -> Reply:
    """The server's answer, asked for again under the same key where one was lost on the way.

    The key is drawn anew for each enrolment and kept nowhere: two machines that made the same
    one, from a copied card for instance, would become one kiosk with one band of numbers.
    """
    key = f"enrol-{secrets.token_hex(16)}"
    maybe_spent = False
    for pause_s in (*PAUSES_S, None):
        try:
            return client.post("/api/v1/enrol", {"code": code}, key=key, timeout_s=ANSWER_S)
        except ServerUnreachable as error:
            maybe_spent = maybe_spent or error.maybe_received
            if pause_s is None or not maybe_spent:
                raise
            time.sleep(pause_s)
    raise AssertionError("the last try returns or raises")
