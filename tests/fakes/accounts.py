"""Accounts for tests: their passwords are hashed cheaply, as nobody has to guess at them."""

import hashlib

from argon2 import PasswordHasher

from server.service.access_ports import PersonRow
from server.service.ports import Store
from server.storage import access_rows
from wire.words import Role

PASSWORD = "một mật khẩu dài"
_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def add_account(store: Store, name: str, role: Role, centre: str | None) -> str:
    """Put an account there that signs in with `PASSWORD`; its id."""
    id_ = hashlib.sha256(name.encode()).hexdigest()[:16]
    row = PersonRow(id_, name, role, centre, _CHEAP, 1, None)
    store.run("", lambda tx: access_rows.add_person(tx, row))
    return id_
