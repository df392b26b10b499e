"""The first run: a one-time code makes the first admin, once, and then never again."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.service.access import Access
from server.service.codes import CODE_LETTERS
from server.service.first_run import SETUP_TRIES
from server.service.ports import Store
from server.storage import access_rows, open_store
from tests.fakes.accounts import PASSWORD
from tests.fakes.held_clock import HeldClock
from wire.errors import Refusal


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def access(tmp_path: Path, sqlite_template: Path, clock: HeldClock) -> Iterator[Access]:
    """On SQLite: the rules are the same on both databases."""
    shutil.copy(sqlite_template, tmp_path / "first.db")
    store = open_store(f"sqlite:///{tmp_path / 'first.db'}")
    yield Access(store, access_rows, clock, os.urandom, secret_key=b"k" * 32)
    store.close()


def test_the_code_makes_one_admin_who_is_signed_in(store: Store, clock: HeldClock) -> None:
    """On each database."""
    access = Access(store, access_rows, clock, os.urandom, secret_key=b"k" * 32)
    assert access.first_run()
    code = access.setup_code()
    assert {len(code), len(set(code) - set(CODE_LETTERS) - {"-"})} == {14, 0}
    kept = store.read(lambda tx: tx.all("SELECT * FROM setup_code"))
    assert code.replace("-", "") not in str(kept)

    session = access.set_up(code.lower().replace("-", " "), "Quan.Tri", PASSWORD)
    assert session is not None
    assert (session.caller.role, session.caller.centre) == ("admin", None)
    assert access.session(session.cookie) is not None
    assert not access.first_run()

    with pytest.raises(Refusal, match="not_found"):
        access.set_up(code, "another", PASSWORD)
    with pytest.raises(Refusal, match="not_found"):
        access.setup_code()
    rows = store.read(lambda tx: tx.all("SELECT action, subject FROM audit ORDER BY id"))
    assert rows == [("set_up", "quan.tri"), ("signed_in", "quan.tri")]
    assert store.read(lambda tx: tx.all("SELECT * FROM setup_code")) == []


def test_a_code_runs_out_and_a_new_one_takes_its_place(access: Access, clock: HeldClock) -> None:
    old = access.setup_code()
    new = access.setup_code()
    assert access.set_up(old, "an", PASSWORD) is None
    clock.forward(hours=24)
    assert access.set_up(new, "an", PASSWORD) is None
    assert access.first_run()


def test_guessing_voids_the_code(access: Access) -> None:
    code = access.setup_code()
    for _ in range(SETUP_TRIES):
        assert access.set_up("AAAA-AAAA-AAAA", "an", PASSWORD) is None
    assert access.set_up(code, "an", PASSWORD) is None
    assert access.first_run()


def test_what_cannot_be_an_account_spends_no_code(access: Access) -> None:
    code = access.setup_code()
    with pytest.raises(Refusal) as refusal:
        access.set_up(code, " ", "short")
    assert {fault.field for fault in refusal.value.errors} == {"name", "password"}
    assert access.set_up(code, "an", PASSWORD) is not None


def test_without_a_code_nobody_gets_in(access: Access) -> None:
    for typed in ("", "AAAA-AAAA-AAAA", "x" * 256):
        assert access.set_up(typed, "an", PASSWORD) is None
    assert access.first_run()
