"""Tokens and users of the demo, made through the server's own commands and kept for next time."""

import json
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from edge.client import ServerClient
from edge.errors import ServerRefused
from simulation import dataset
from simulation.demo.options import CENTRES
from simulation.demo.processes import DemoFailed

ROLES = ("kiosk", "display", "hall", "pad", "clerk", "manager", "integration")
USERS = (
    ("can-bo", "clerk"),
    ("huong-dan", "greeter"),
    ("quan-ly", "manager"),
    ("quan-tri", "admin"),
)
AT_ONCE = 2


class Command(Protocol):
    """Runs `layso-server` with these words, `given` on its standard input; its output."""

    def __call__(self, *words: str, given: str = "") -> str: ...


@dataclass(frozen=True)
class User:
    """A person who can sign in."""

    name: str
    role: str
    centre: str
    password: str


@dataclass(frozen=True)
class Keys:
    """A token for each centre and role, and the people."""

    tokens: dict[str, dict[str, str]]
    users: list[User]


def provide(file: Path, server: str, command: Command) -> Keys:
    """The keys of the last run where the server still takes them, else new ones."""
    kept = _read(file)
    if kept is not None and all(_accepted(server, token) for token in _all_tokens(kept)):
        return kept
    keys = _make(command)
    fresh = file.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(asdict(keys), indent=1), encoding="utf-8")
    fresh.replace(file)
    return keys


def _all_tokens(keys: Keys) -> list[str]:
    return [token for roles in keys.tokens.values() for token in roles.values()]


def _read(file: Path) -> Keys | None:
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        keys = Keys(data["tokens"], [User(**user) for user in data["users"]])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    complete = {centre: set(roles) for centre, roles in keys.tokens.items()} == {
        centre: set(ROLES) for centre in CENTRES
    }
    return keys if complete else None


def _accepted(server: str, token: str) -> bool:
    try:
        ServerClient(server, token).get("/api/v1/whoami")
    except ServerRefused:
        return False
    return True


def _make(command: Command) -> Keys:
    pairs = [(centre, role) for centre in CENTRES for role in ROLES]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        made = list(pool.map(lambda pair: _token(command, pair[0], pair[1]), pairs))
        users = list(pool.map(lambda user: _user(command, user[0], user[1]), USERS))
    tokens: dict[str, dict[str, str]] = {centre: {} for centre in CENTRES}
    for (centre, role), token in zip(pairs, made, strict=True):
        tokens[centre][role] = token
    return Keys(tokens, users)


def _token(command: Command, centre: str, role: str) -> str:
    who = ["--role", role, "--centre", centre, "--name", f"demo-{role}"]
    if role == "pad":
        who += ["--counter", dataset.centre(centre)["counter"][-1]["id"]]
    return command("token", "create", *who).strip()


def _user(command: Command, name: str, role: str) -> User:
    """A new account; where the name is taken and its password lost, one beside it."""
    password = secrets.token_urlsafe(9)
    try:
        return _create(command, User(name, role, CENTRES[0], password))
    except DemoFailed:
        return _create(command, User(f"{name}-{secrets.token_hex(2)}", role, CENTRES[0], password))


def _create(command: Command, user: User) -> User:
    who = ["--name", user.name, "--role", user.role, "--centre", user.centre]
    command("user", "create", *who, "--password-stdin", given=user.password + "\n")
    return user
