"""Accounts: who may change whom, what ends at once, what is written down."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from server.service.access import Access
from server.service.content_ports import DefinitionRow
from server.service.desk_ports import SeatRow
from server.service.ports import Caller, Operation, Store
from server.storage import access_rows, open_store
from tests.fakes.accounts import PASSWORD, add_account
from tests.fakes.held_clock import HeldClock
from wire.errors import Refusal
from wire.people import AdminRequest, NewPassword, OwnPassword, UserChange, UserRequest

HERE, THERE = "mot", "hai"
NEW = "một mật khẩu khác"
PEOPLE = (
    ("clerk", "clerk", HERE),
    ("greeter", "greeter", HERE),
    ("manager", "manager", HERE),
    ("manager2", "manager", HERE),
    ("local", "admin", HERE),
    ("far", "clerk", THERE),
    ("root", "admin", None),
)


class Office:
    """Two centres with their people; `ids` by name, `who` signs somebody in."""

    def __init__(self, store: Store) -> None:
        self.store, self.clock = store, HeldClock()
        for centre in (HERE, THERE):
            row = DefinitionRow(centre, 1, f'[centre]\nid = "{centre}"\n', "{}")
            store.run(centre, lambda tx, row=row: tx.save_definition(row))  # type: ignore[misc]
        self.ids = {name: add_account(store, name, role, at) for name, role, at in PEOPLE}  # type: ignore[arg-type]
        self.access = Access(store, access_rows, self.clock, os.urandom, secret_key=b"k" * 32)

    def who(self, name: str, password: str = PASSWORD) -> Caller:
        """Sign somebody in."""
        session = self.access.sign_in(name, password)
        assert session is not None, name
        return session.caller

    def audit(self) -> list[tuple[str, str, str]]:
        """What was written down: action, subject, actor's id."""
        sql = "SELECT action, subject, actor FROM audit WHERE action <> 'signed_in' ORDER BY id"
        return [(row[0], row[1], row[2]) for row in self.store.read(lambda tx: tx.all(sql))]

    def people(self) -> list[tuple[object, ...]]:
        """Every account as it is stored."""
        return self.store.read(lambda tx: tx.all("SELECT * FROM person ORDER BY name"))


@pytest.fixture
def office(tmp_path: Path, sqlite_template: Path) -> Iterator[Office]:
    """On SQLite: the rules are the same on both databases."""
    shutil.copy(sqlite_template, tmp_path / "office.db")
    store = open_store(f"sqlite:///{tmp_path / 'office.db'}")
    yield Office(store)
    store.close()


@pytest.fixture
def both(store: Store) -> Office:
    """On each database."""
    return Office(store)


ACTIONS: dict[str, Callable[[Access, Caller, str], object]] = {
    "disable": lambda access, caller, user: access.disable_user(caller, user, None),
    "enable": lambda access, caller, user: access.enable_user(caller, user, None),
    "sign-out": lambda access, caller, user: access.sign_out_user(caller, user, None),
    "change": lambda access, caller, user: access.change_user(
        caller, user, UserChange("greeter", HERE), None
    ),
}


@pytest.mark.parametrize("action", ACTIONS)
def test_everybody_reaches_only_whom_they_may(office: Office, action: str) -> None:
    refused = {
        ("manager", "manager2"): "forbidden",
        ("manager", "local"): "forbidden",
        ("manager", "root"): "unknown_user",
        ("manager", "far"): "unknown_user",
        ("manager", "manager"): "own_account",
        ("local", "root"): "unknown_user",
        ("local", "far"): "unknown_user",
        ("root", "root"): "own_account",
    }
    before = office.people()
    for (by, whom), code in refused.items():
        with pytest.raises(Refusal) as refusal:
            ACTIONS[action](office.access, office.who(by), office.ids[whom])
        assert refusal.value.code == code, (by, whom)
    assert office.people() == before
    assert office.audit() == []
    for by, whom in (("manager", "clerk"), ("local", "manager"), ("root", "local")):
        ACTIONS[action](office.access, office.who(by), office.ids[whom])


def test_a_manager_makes_and_gives_no_more_than_clerks_and_greeters(office: Office) -> None:
    manager, before = office.who("manager"), office.people()
    for role in ("manager", "admin"):
        with pytest.raises(Refusal, match="forbidden"):
            office.access.add_user(manager, HERE, UserRequest("x", role, PASSWORD), None)  # type: ignore[arg-type]
        change = UserChange(role, HERE)  # type: ignore[arg-type]
        with pytest.raises(Refusal, match="forbidden"):
            office.access.change_user(manager, office.ids["clerk"], change, None)
    for place in (THERE, None):
        change = UserChange("clerk", place)
        with pytest.raises(Refusal, match="forbidden"):
            office.access.change_user(manager, office.ids["clerk"], change, None)
    with pytest.raises(Refusal, match="forbidden"):
        office.access.add_admin(manager, AdminRequest("x", PASSWORD), None)
    with pytest.raises(Refusal, match="forbidden"):
        office.access.add_admin(office.who("local"), AdminRequest("x", PASSWORD), None)
    assert office.people() == before


def test_a_role_belongs_to_a_centre_that_exists(office: Office) -> None:
    root, user = office.who("root"), office.ids["clerk"]
    with pytest.raises(Refusal, match="centre_needed"):
        office.access.change_user(root, user, UserChange("clerk", None), None)
    with pytest.raises(Refusal, match="unknown_centre"):
        office.access.change_user(root, user, UserChange("clerk", "nowhere"), None)
    office.access.change_user(root, user, UserChange("admin", None), None)
    assert office.who("clerk").centre is None


@pytest.mark.parametrize("action", ["disable", "sign-out", "change"])
def test_what_takes_rights_away_ends_every_sign_in_at_once(both: Office, action: str) -> None:
    session = both.access.sign_in("clerk", PASSWORD)
    assert session is not None
    watcher = both.access.authenticate(both.access.socket_token(session.caller))
    assert watcher is not None
    seat = SeatRow(HERE, "q1", "2026-11-23", session.caller.id, "clerk", 0)
    both.store.run(HERE, lambda tx: tx.save_seat(seat))
    ACTIONS[action](both.access, both.who("manager"), both.ids["clerk"])
    assert both.access.session(session.cookie) is None
    assert both.access.alive([watcher.id]) == set()
    assert (both.access.sign_in("clerk", PASSWORD) is None) == (action == "disable")
    seats = both.store.read(lambda tx: tx.seats(HERE, "2026-11-23"))
    assert bool(seats) == (action == "sign-out")
    # Somebody who signs in again at once does not bring the old sockets back.
    assert both.access.alive([watcher.id]) == set()
    [(noted, subject, actor)] = [row for row in both.audit() if row[1] == "clerk"][:1]
    assert (noted.startswith("user_"), subject) == (True, "clerk")
    assert actor == both.who("manager").id


def test_signing_out_here_leaves_the_other_browser_alone(office: Office) -> None:
    first, second = (office.access.sign_in("clerk", PASSWORD) for _ in range(2))
    assert first is not None
    assert second is not None
    watchers = [
        office.access.authenticate(office.access.socket_token(one.caller))
        for one in (first, second)
    ]
    assert watchers[0] is not None
    assert watchers[1] is not None
    office.access.sign_out(first.cookie)
    assert office.access.alive([one.id for one in watchers if one]) == {watchers[1].id}


def test_a_disabled_account_comes_back_and_a_repeat_says_nothing_new(office: Office) -> None:
    manager, user = office.who("manager"), office.ids["greeter"]
    for _ in range(2):
        office.access.disable_user(manager, user, None)
    shown = {one.id: one for one in office.access.users(manager, HERE)}
    assert (shown[user].disabled_at is not None, shown[user].signed_in) == (True, False)
    for _ in range(2):
        office.access.enable_user(manager, user, None)
    assert office.who("greeter").role == "greeter"
    assert [row[0] for row in office.audit()] == ["user_disabled", "user_enabled"]


def test_there_is_always_an_admin_left(office: Office) -> None:
    """Two admins who demote each other at the same moment: the second finds it refused."""
    other = add_account(office.store, "root2", "admin", None)
    first, second = office.who("root"), office.who("root2")
    office.access.change_user(first, other, UserChange("clerk", HERE), None)
    with pytest.raises(Refusal, match="unauthenticated"):
        office.access.disable_user(second, office.ids["root"], None)
    stale = Office.who(office, "local")
    office.access.disable_user(first, office.ids["local"], None)
    with pytest.raises(Refusal, match="unauthenticated"):
        office.access.disable_user(stale, office.ids["clerk"], None)


def test_the_last_admin_of_the_province_stays(office: Office) -> None:
    office.store.run(
        "", lambda tx: tx.execute("UPDATE person SET centre = NULL WHERE name = ?", ("local",))
    )
    office.access.disable_user(office.who("local"), office.ids["root"], None)
    before = office.people()
    ghost = add_account(office.store, "ghost", "admin", None)
    office.store.run(
        "", lambda tx: tx.execute("UPDATE person SET disabled_ms = 1 WHERE id = ?", (ghost,))
    )
    office.access._still = lambda tx, caller: None  # type: ignore[method-assign,assignment,return-value]
    acting = Caller(id=f"u:{ghost}", role="admin", centre=None)
    for change in (
        lambda: office.access.disable_user(acting, office.ids["local"], None),
        lambda: office.access.change_user(
            acting, office.ids["local"], UserChange("clerk", HERE), None
        ),
        lambda: office.access.change_user(
            acting, office.ids["local"], UserChange("admin", HERE), None
        ),
    ):
        with pytest.raises(Refusal, match="last_admin"):
            change()
    assert [row for row in office.people() if row[0] != ghost] == before


def test_a_new_password_ends_the_old_one_and_is_nowhere_in_clear(both: Office) -> None:
    session = both.access.sign_in("clerk", PASSWORD)
    assert session is not None
    operation = Operation("u:x POST /password", "key-00000001", "digest")
    reply = both.access.reset_password(
        both.who("manager"), both.ids["clerk"], NewPassword(NEW), operation
    )
    assert both.access.session(session.cookie) is None
    assert both.access.sign_in("clerk", PASSWORD) is None
    both.who("clerk", NEW)
    assert NEW.encode() not in reply.body
    tables = ("person", "operation", "audit", "session")
    kept = [both.store.read(lambda tx, t=name: tx.all(f"SELECT * FROM {t}")) for name in tables]  # type: ignore[misc]
    assert NEW not in str(kept)


def test_ones_own_password_keeps_this_browser_and_ends_the_others(office: Office) -> None:
    here, elsewhere = (office.access.sign_in("clerk", PASSWORD) for _ in range(2))
    assert here is not None
    assert elsewhere is not None
    with pytest.raises(Refusal, match="password_wrong"):
        office.access.own_password(here.caller, OwnPassword("sai mật khẩu", NEW), None)
    assert office.access.session(elsewhere.cookie) is not None
    again = Operation("u:clerk", "key-0001", "sealed")
    done = office.access.own_password(here.caller, OwnPassword(PASSWORD, NEW), again)
    # The answer was lost: the same press once more is no wrong password.
    repeat = office.access.own_password(here.caller, OwnPassword(PASSWORD, NEW), again)
    assert (repeat.body, repeat.repeated) == (done.body, True)
    assert office.access.session(here.cookie) is not None
    assert office.access.session(elsewhere.cookie) is None
    assert office.access.sign_in("clerk", PASSWORD) is None
    assert ("password_changed", "clerk", here.caller.id) in office.audit()


def test_who_was_shut_out_while_signing_in_is_not_let_in(office: Office) -> None:
    """The password was looked at while it still held; the session would outlive it."""
    person = office.store.read(lambda tx: access_rows.person_by_name(tx, "clerk"))
    assert person is not None
    office.access.reset_password(office.who("manager"), office.ids["clerk"], NewPassword(NEW), None)
    assert office.access._open_session(person) is None
    sql = "SELECT 1 FROM session WHERE person = ?"
    assert office.store.read(lambda tx: tx.one(sql, (person.id,))) is None


def test_sign_ins_are_written_down_without_what_was_typed(office: Office) -> None:
    assert office.access.sign_in("CLERK", "sai") is None
    assert office.access.sign_in("mat-khau-go-nham-o", "x") is None
    assert office.audit() == [("sign_in_failed", "clerk", ""), ("sign_in_failed", "", "")]
    assert office.who("clerk")
    rows = office.store.read(lambda tx: tx.all("SELECT * FROM audit"))
    assert "mat-khau-go-nham-o" not in str(rows)


def test_a_centre_is_shown_its_own_and_the_province_everybody(both: Office) -> None:
    manager, root = both.who("manager"), both.who("root")
    seen = {one.name: one.changeable for one in both.access.users(manager, HERE)}
    assert seen == {
        "clerk": True, "greeter": True, "local": False, "manager": False, "manager2": False,
    }  # fmt: skip
    everybody = both.access.users(root, None)
    assert {one.name for one in everybody} == {name for name, _, _ in PEOPLE}
    assert [one.name for one in everybody if one.yours] == ["root"]
    assert {one.name for one in both.access.users(both.who("local"), None)} == set(seen)
    with pytest.raises(Refusal, match="unknown_centre"):
        both.access.users(root, "nowhere")
