"""Tokens, bands, enrolment, people and sessions, on both databases."""

import os
import threading
import time

import pytest

from server.service import people
from server.service.access import Access
from server.service.content_ports import DefinitionRow
from server.service.ports import Store
from server.storage import access_rows
from tests.fakes.held_clock import HeldClock
from wire.errors import Refusal

CENTRE_FILE = """
[centre]
id = "thu-nghiem"
[[counter]]
id = "q1"
"""


@pytest.fixture
def province(store: Store) -> Store:
    """A store with the one centre these tests speak of."""
    row = DefinitionRow("thu-nghiem", 1, CENTRE_FILE, "{}")
    store.run("thu-nghiem", lambda tx: tx.save_definition(row))
    return store


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def access(province: Store, clock: HeldClock) -> Access:
    return Access(province, access_rows, clock, os.urandom, secret_key=b"k" * 32)


def test_a_token_is_known_until_it_is_revoked(access: Access) -> None:
    token = access.create_token("pad", "thu-nghiem", "q1", name="Bàn phím 1")

    caller = access.authenticate(token)
    assert caller is not None
    assert (caller.role, caller.centre, caller.counter) == ("pad", "thu-nghiem", "q1")
    assert access.alive([caller.id, "t:none"]) == {caller.id}

    assert access.revoke_token(token) == caller.id.removeprefix("t:")
    assert access.authenticate(token) is None
    assert access.alive([caller.id]) == set()
    with pytest.raises(Refusal, match="not_found"):
        access.revoke_token(token)


def test_a_revocation_elsewhere_is_known_within_two_seconds(
    access: Access, store: Store, clock: HeldClock
) -> None:
    token = access.create_token("hall", "thu-nghiem")
    other = Access(store, access_rows, clock, os.urandom, secret_key=b"k" * 32)
    caller = other.device(token)
    assert caller is not None

    access.revoke_token(caller.id.removeprefix("t:"))
    clock.forward(seconds=2)

    assert other.device(token) is None


def test_the_database_holds_no_token(access: Access, store: Store) -> None:
    token = access.create_token("hall", "thu-nghiem")
    rows = store.read(lambda tx: tx.all("SELECT * FROM token"))
    assert len(rows) == 1
    assert token.removeprefix("ls_") not in str(rows)


@pytest.mark.parametrize(
    "token", ["", "ls_", "ls_" + "x" * 43, "x" * 5000, "ls_ơ", "lw_", "lw_a.b.c"]
)
def test_what_is_no_token_is_nobody(access: Access, token: str) -> None:
    assert access.authenticate(token) is None


def test_kiosks_get_bands_and_numbers_that_never_overlap(access: Access) -> None:
    kiosks = [access.device(access.create_token("kiosk", "thu-nghiem")) for _ in range(6)]

    assert [kiosk.band for kiosk in kiosks if kiosk] == [
        (700, 749), (750, 799), (800, 849), (850, 899), (900, 949), (950, 999),
    ]  # fmt: skip
    assert [kiosk.kiosk for kiosk in kiosks if kiosk] == [1, 2, 3, 4, 5, 6]
    with pytest.raises(Refusal, match="No band of 50"):
        access.create_token("kiosk", "thu-nghiem")


def test_a_revoked_kiosks_band_is_given_out_last(access: Access) -> None:
    first = access.create_token("kiosk", "thu-nghiem")
    access.revoke_token(first)

    second = access.device(access.create_token("kiosk", "thu-nghiem"))

    assert second is not None
    assert (second.band, second.kiosk) == ((750, 799), 2)


@pytest.mark.parametrize(
    ("band", "fault"),
    [((720, 760), "overlaps 700-749"), ((600, 650), "700-999"), ((760, 750), "700-999")],
)
def test_a_band_by_name_must_be_free(access: Access, band: tuple[int, int], fault: str) -> None:
    access.create_token("kiosk", "thu-nghiem")
    with pytest.raises(Refusal, match=fault):
        access.create_token("kiosk", "thu-nghiem", band=band)
    assert len(access.list_tokens("thu-nghiem")) == 1


def test_every_fault_of_a_token_is_named_at_once(access: Access) -> None:
    with pytest.raises(Refusal) as refused:
        access.create_token("kisok", None, band=(700, 749), name="a\nb")  # type: ignore[arg-type]
    faults = {fault.field: fault.message for fault in refused.value.errors}
    assert set(faults) == {"role", "centre", "band", "name"}
    assert "did you mean 'kiosk'?" in faults["role"]


def test_tokens_belong_to_places_that_exist(access: Access) -> None:
    with pytest.raises(Refusal, match="unknown_centre"):
        access.create_token("hall", "nowhere")
    with pytest.raises(Refusal, match="unknown_counter"):
        access.create_token("pad", "thu-nghiem", "q9")
    with pytest.raises(Refusal, match="pad belongs to a counter"):
        access.create_token("pad", "thu-nghiem")


def test_a_code_becomes_a_token_once_within_an_hour(access: Access, clock: HeldClock) -> None:
    code = access.create_enrol_code("kiosk", "thu-nghiem")

    enrolled, repeated = access.enrol(code.lower())
    assert not repeated

    caller = access.device(enrolled.token)
    assert caller is not None
    assert (caller.role, caller.band) == ("kiosk", (700, 749))
    with pytest.raises(Refusal, match="bad_credentials"):
        access.enrol(code)

    late = access.create_enrol_code("display", "thu-nghiem")
    clock.forward(minutes=61)
    with pytest.raises(Refusal, match="bad_credentials"):
        access.enrol(late)
    assert len(access.list_tokens()) == 1


def test_a_lost_answer_of_an_enrolment_is_asked_for_again_under_its_key(
    access: Access, province: Store, clock: HeldClock
) -> None:
    code = access.create_enrol_code("kiosk", "thu-nghiem")
    first, _ = access.enrol(code, "enrol-0123456789")
    other = Access(province, access_rows, clock, os.urandom, secret_key=b"k" * 32)

    assert other.enrol(code.lower(), "enrol-0123456789") == (first, True)
    assert other.device(first.token) is not None
    assert len(access.list_tokens()) == 1
    for key in (None, "enrol-9876543210"):
        with pytest.raises(Refusal, match="bad_credentials"):
            access.enrol(code, key)
    assert first.token.removeprefix("ls_") not in str(
        province.read(
            lambda tx: [*tx.all("SELECT * FROM token"), *tx.all("SELECT * FROM operation")]
        )
    )

    second = access.create_enrol_code("kiosk", "thu-nghiem")
    assert access.enrol(second, "enrol-0123456789")[0].token != first.token
    clock.forward(minutes=10)
    with pytest.raises(Refusal, match="bad_credentials"):
        access.enrol(code, "enrol-0123456789")


def test_a_revoked_token_does_not_come_back_by_its_code(access: Access) -> None:
    code = access.create_enrol_code("display", "thu-nghiem")
    enrolled, _ = access.enrol(code, "enrol-0123456789")
    access.revoke_token(enrolled.token)
    with pytest.raises(Refusal, match="bad_credentials"):
        access.enrol(code, "enrol-0123456789")


def test_a_code_tried_twice_at_once_makes_one_token(access: Access) -> None:
    code = access.create_enrol_code("display", "thu-nghiem")
    refused: list[Refusal] = []

    def enrol() -> None:
        try:
            access.enrol(code)
        except Refusal as refusal:
            refused.append(refusal)

    threads = [threading.Thread(target=enrol) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 3
    assert len(access.list_tokens("thu-nghiem")) == 1


def test_a_person_signs_in_and_out(access: Access) -> None:
    access.create_user("Lan Anh", "clerk", "thu-nghiem", "mật khẩu dài")

    assert access.sign_in("lan anh", "sai rồi") is None
    session = access.sign_in(" lan ANH ", "mật khẩu dài")
    assert session is not None
    caller = access.session(session.cookie)
    assert caller is not None
    assert (caller.role, caller.name, bool(caller.csrf)) == ("clerk", "lan anh", True)
    assert access.alive([caller.id]) == {caller.id}

    access.sign_out(session.cookie)
    assert access.session(session.cookie) is None
    assert access.alive([caller.id]) == set()


def test_a_session_ends_idle_and_in_all(access: Access, clock: HeldClock) -> None:
    access.create_user("an", "clerk", "thu-nghiem", "mật khẩu dài")
    idle = access.sign_in("an", "mật khẩu dài")
    assert idle is not None
    clock.forward(hours=4)
    assert access.session(idle.cookie) is None

    busy = access.sign_in("an", "mật khẩu dài")
    assert busy is not None
    for _ in range(13):
        clock.forward(hours=1)
        assert access.session(busy.cookie) is not None
    clock.forward(hours=1)
    assert access.session(busy.cookie) is None


def test_a_socket_token_opens_sockets_for_ten_minutes_only(
    access: Access, clock: HeldClock
) -> None:
    access.create_user("an", "manager", "thu-nghiem", "mật khẩu dài")
    session = access.sign_in("an", "mật khẩu dài")
    assert session is not None
    token = access.socket_token(session.caller)

    caller = access.authenticate(token)
    assert caller is not None
    assert caller.id.startswith(session.caller.id + ".")
    assert (caller.role, caller.csrf) == ("manager", None)
    assert access.device(token) is None
    assert access.authenticate(token[:-1] + ("0" if token[-1] != "0" else "1")) is None

    clock.forward(minutes=10)
    assert access.authenticate(token) is None


def test_signing_out_ends_socket_tokens_too(access: Access) -> None:
    access.create_user("an", "manager", "thu-nghiem", "mật khẩu dài")
    session = access.sign_in("an", "mật khẩu dài")
    assert session is not None
    token = access.socket_token(session.caller)
    access.sign_out(session.cookie)
    assert access.authenticate(token) is None


@pytest.mark.parametrize("name", ["a\x00b", "", "x" * 1000, "đặng\n"])
def test_an_impossible_name_is_nobody(access: Access, name: str) -> None:
    assert access.sign_in(name, "mật khẩu\x00") is None


def test_faults_of_a_person_are_named_at_once(access: Access) -> None:
    with pytest.raises(Refusal) as refused:
        access.create_user(" ", "clark", None, "short")  # type: ignore[arg-type]
    assert {fault.field for fault in refused.value.errors} == {"name", "role", "centre", "password"}
    with pytest.raises(Refusal, match="unknown_centre"):
        access.create_user("an", "clerk", "nowhere", "mật khẩu dài")
    access.create_user("an", "clerk", "thu-nghiem", "mật khẩu dài")
    with pytest.raises(Refusal, match="id_taken"):
        access.create_user("AN", "clerk", "thu-nghiem", "mật khẩu dài")


def test_an_unknown_name_costs_as_much_as_a_wrong_password(access: Access) -> None:
    access.create_user("an", "clerk", "thu-nghiem", "mật khẩu dài")

    def best_of_three(name: str) -> float:
        times = []
        for _ in range(3):
            started = time.perf_counter()
            assert access.sign_in(name, "sai mật khẩu") is None
            times.append(time.perf_counter() - started)
        return min(times)

    known, unknown = best_of_three("an"), best_of_three("nobody")
    assert 0.2 < known / unknown < 5


def test_no_more_than_two_passwords_are_hashed_at_once(province: Store, clock: HeldClock) -> None:
    running, most = 0, 0
    lock = threading.Lock()

    def off_hub(work):  # type: ignore[no-untyped-def]
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        try:
            return work()
        finally:
            with lock:
                running -= 1

    access = Access(province, access_rows, clock, os.urandom, secret_key=b"k" * 32, off_hub=off_hub)
    threads = [threading.Thread(target=access.sign_in, args=("x", "y")) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2


def test_the_hash_of_nobody_costs_what_every_hash_costs() -> None:
    assert people._HASHER.check_needs_rehash(people._NOBODY) is False
