"""Devices: codes that no row holds, names, revocation, and who may. On both databases."""

import os
import shutil
from pathlib import Path

import msgspec
import pytest

from server.service.access import Access
from server.service.audit import AuditLog
from server.service.centres import Centres
from server.service.fleet import DEVICE_ROLES
from server.service.lobby import Lobby
from server.service.ports import Caller, Operation, Reply, Store
from server.storage import access_rows, open_store
from server.storage.audit_rows import AUDIT_WITH_PROVINCE
from tests.fakes.held_clock import HeldClock
from tests.web.conftest import CENTRE_FILE
from wire.audit import AUDIT_PAGE, KEPT_DAYS
from wire.errors import Refusal
from wire.tokens import EnrolCode, EnrolCodeRequest, RenameRequest

MANAGER = Caller(id="t:1", role="manager", centre="mot")
ADMIN = Caller(id="t:2", role="admin", centre=None)
OPERATION = Operation("t:1 POST /enrol-codes", "key-00000001", "digest")


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def access(store: Store, clock: HeldClock) -> Access:
    """With the centres `mot` and `hai`."""
    lobby = Lobby(store, clock, os.urandom, "http://localhost")
    for centre in ("mot", "hai"):
        Centres(store, clock, lobby.begin).import_file(CENTRE_FILE.format(id=centre))
    store.run("", lambda tx: tx.execute("DELETE FROM audit"))  # That the centres were made.
    return Access(store, access_rows, clock, os.urandom, secret_key=b"k" * 32)


def made(reply: Reply) -> EnrolCode:
    return msgspec.json.decode(reply.body, type=EnrolCode)


def everything(store: Store) -> str:
    tables = ("enrol_code", "operation", "audit", "token")
    return str([store.read(lambda tx, t=t: tx.all(f"SELECT * FROM {t}")) for t in tables])  # type: ignore[misc]


def test_a_repeated_code_is_the_same_and_lies_in_no_row(
    access: Access, store: Store, clock: HeldClock
) -> None:
    body = EnrolCodeRequest("pad", "q1", " Quầy 1 ")
    first = made(access.make_enrol_code(MANAGER, "mot", body, OPERATION))
    clock.forward(minutes=2)
    again = access.make_enrol_code(MANAGER, "mot", body, OPERATION)
    assert (again.repeated, made(again)) == (True, first)
    other = made(access.make_enrol_code(MANAGER, "mot", body, None))
    assert other.code != first.code
    rows = everything(store)
    for code in (first.code, other.code):
        assert code not in rows
        assert code.replace("-", "") not in rows

    enrolled, _ = access.enrol(first.code)
    caller = access.device(enrolled.token)
    assert caller is not None
    assert (caller.role, caller.counter, caller.name) == ("pad", "q1", "Quầy 1")
    with pytest.raises(Refusal, match="bad_credentials"):
        access.enrol(first.code)


def test_a_code_on_a_screen_lives_a_quarter_of_an_hour(access: Access, clock: HeldClock) -> None:
    reply = access.make_enrol_code(MANAGER, "mot", EnrolCodeRequest("hall"), None)
    clock.forward(minutes=15)
    with pytest.raises(Refusal, match="bad_credentials"):
        access.enrol(made(reply).code)


def test_managers_give_and_take_devices_only(access: Access, store: Store) -> None:
    with pytest.raises(Refusal, match="forbidden"):
        access.make_enrol_code(MANAGER, "mot", EnrolCodeRequest("integration"), None)
    access.make_enrol_code(ADMIN, "mot", EnrolCodeRequest("integration"), None)
    with pytest.raises(Refusal, match="counter: is missing"):
        access.make_enrol_code(MANAGER, "mot", EnrolCodeRequest("pad"), None)
    with pytest.raises(Refusal, match="unknown_counter"):
        access.make_enrol_code(MANAGER, "mot", EnrolCodeRequest("pad", "q9"), None)
    for role in ("integration", "manager", "admin", "clerk"):
        token = access.create_token(role, "mot")  # type: ignore[arg-type]
        id_ = access.device(token).id.removeprefix("t:")  # type: ignore[union-attr]
        for do in (
            lambda id_=id_: access.revoke_device(MANAGER, "mot", id_, None),
            lambda id_=id_: access.rename_device(MANAGER, "mot", id_, RenameRequest("x"), None),
        ):
            with pytest.raises(Refusal, match="forbidden"):
                do()
        assert access.device(token) is not None
        access.revoke_device(ADMIN, "mot", id_, None)
        assert access.device(token) is None
    shown = access.tokens(MANAGER, "mot", [])
    assert all(one.changeable == (one.role in DEVICE_ROLES) for one in shown)


def test_a_device_is_renamed_and_revoked_once(access: Access, store: Store) -> None:
    told: list[str] = []
    access.on_devices_changed.append(told.append)
    token = access.create_token("kiosk", "mot")
    caller = access.device(token)
    assert caller is not None
    id_ = caller.id.removeprefix("t:")
    access.rename_device(MANAGER, "mot", id_, RenameRequest(" Cửa chính "), None)
    [shown] = access.tokens(MANAGER, "mot", [])
    assert (shown.name, shown.kiosk, shown.band and shown.band.first) == ("Cửa chính", 1, 700)
    first, again = (access.revoke_device(MANAGER, "mot", id_, None) for _ in range(2))
    assert first.body == again.body
    assert access.alive([caller.id]) == set()
    assert access.tokens(MANAGER, "mot", []) == []
    for centre, device in (("hai", id_), ("mot", "0" * 16)):
        with pytest.raises(Refusal, match="unknown_device"):
            access.revoke_device(ADMIN, centre, device, None)
    with pytest.raises(Refusal, match="unknown_device"):
        access.rename_device(MANAGER, "mot", id_, RenameRequest("x"), None)
    assert told == ["mot"] * 3
    rows = store.read(lambda tx: tx.all("SELECT action, subject, actor FROM audit ORDER BY id"))
    assert rows == [
        ("token_made", "kiosk", "cli"),
        ("device_renamed", "Cửa chính", "t:1"),
        ("device_revoked", "Cửa chính", "t:1"),
    ]


def test_the_log_is_read_in_pages_by_centre_and_pruned(
    access: Access, store: Store, clock: HeldClock
) -> None:
    log = AuditLog(store, clock)
    for number in range(AUDIT_PAGE + 2):
        access.create_token("hall", "mot", name=f"Màn hình {number}")
        clock.forward(seconds=1)
    access.create_token("hall", "hai", name="nơi khác")
    access.create_token("admin", None, name="của tỉnh")
    page = log.page(MANAGER, "mot", None)
    assert (len(page.entries), page.more) == (AUDIT_PAGE, True)
    assert page.entries[0].subject == f"Màn hình {AUDIT_PAGE + 1}"
    assert (page.entries[0].by, page.entries[0].action) == ("command", "token_made")
    rest = log.page(MANAGER, "mot", page.entries[-1].id)
    assert ([one.subject for one in rest.entries], rest.more) == (
        ["Màn hình 1", "Màn hình 0"],
        False,
    )
    assert log.page(ADMIN, "mot", None).entries[0].subject == "của tỉnh"
    everything = [*log.page(ADMIN, "mot", None).entries]
    everything += log.page(ADMIN, "mot", everything[-1].id).entries
    noted = [one.subject for one in everything if one.action == "token_made"]
    numbers = reversed(range(AUDIT_PAGE + 2))
    assert noted == ["của tỉnh", *(f"Màn hình {number}" for number in numbers)]
    with pytest.raises(Refusal, match="unknown_centre"):
        log.page(ADMIN, "nowhere", None)

    clock.forward(days=KEPT_DAYS)
    access.create_token("hall", "mot", name="mới")
    assert log.prune() == AUDIT_PAGE + 2
    assert [one.subject for one in log.page(MANAGER, "mot", None).entries] == ["mới"]
    assert [one.subject for one in log.page(ADMIN, "hai", None).entries] == ["của tỉnh", "nơi khác"]


def test_a_page_of_the_log_is_found_by_its_index(tmp_path: Path, sqlite_template: Path) -> None:
    shutil.copy(sqlite_template, tmp_path / "log.db")
    store = open_store(f"sqlite:///{tmp_path / 'log.db'}")
    params = ("mot", "g", 51, "g", 51, 51)
    plan = str(store.read(lambda tx: tx.all(f"EXPLAIN QUERY PLAN {AUDIT_WITH_PROVINCE}", params)))
    store.close()
    assert plan.count("audit_newest (centre=? AND id<?)") == 2
    assert "MULTI-INDEX OR" not in plan
