"""The log shows tampering, and replays to the stored rows whatever was done in what order."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from server.domain.ticket import milliseconds
from server.service.verify import verify
from server.storage.backup import backup, restore
from server.storage.migrate import migrate
from server.storage.sqlite import SqliteStore
from tests.fakes.small_centre import CENTRE, KIOSK, MANAGER, SmallCentre
from tests.service.test_redirect import HOME_FILE, redirect
from wire.errors import Refusal
from wire.requests import (
    AdviceRequest,
    CallRequest,
    LimitRequest,
    PauseRequest,
    PriorityRequest,
    ReceiveRequest,
    TransferRequest,
)


@pytest.fixture
def store(tmp_path: Path, sqlite_template: Path) -> Iterator[SqliteStore]:
    shutil.copy(sqlite_template, tmp_path / "test.db")
    made = SqliteStore(tmp_path / "test.db")
    yield made
    made.close()


@pytest.fixture
def centre(store: SqliteStore) -> SmallCentre:
    made = SmallCentre(store)
    made.open("q1")
    for _ in range(3):
        made.issue()
    made.next("q1")
    return made


@pytest.mark.parametrize(
    ("tampering", "said"),
    [
        ("UPDATE event SET data = '{}' WHERE seq = 3", "event 3 does not fit the chain"),
        ("UPDATE event SET at_ms = at_ms + 1 WHERE seq = 4", "event 4 does not fit"),
        ("DELETE FROM event WHERE seq = 4", "event 4 is missing"),
        ("DELETE FROM event WHERE seq = 6", "the log ends at 5"),
        ("UPDATE ticket SET priority = 'merit' WHERE number = 'H002'", "the log says 'none'"),
        ("DELETE FROM ticket WHERE number = 'H003'", "is in the log only"),
        ("UPDATE counter_state SET state = 'closed'", "counter q1 is closed"),
        ("UPDATE queue SET waiting = 7", "counts 7, but 2 wait"),
    ],
)
def test_tampering_is_named(
    store: SqliteStore, centre: SmallCentre, tampering: str, said: str
) -> None:
    assert verify(store) == []
    store.run(CENTRE, lambda tx: tx.execute(tampering))
    assert any(said in fault for fault in verify(store))


def test_a_backup_is_whole_and_restores(
    store: SqliteStore, centre: SmallCentre, tmp_path: Path
) -> None:
    file = tmp_path / "backup.db"
    backup(f"sqlite:///{store.path}", file)
    assert file.stat().st_mode & 0o777 == 0o600
    restore(f"sqlite:///{tmp_path / 'new.db'}", file)
    again = SqliteStore(tmp_path / "new.db")
    assert verify(again) == []
    assert again.read(lambda tx: tx.ledger(CENTRE)) == store.read(lambda tx: tx.ledger(CENTRE))
    again.close()
    with pytest.raises(Exception, match="is there already"):
        backup(f"sqlite:///{store.path}", file)
    with pytest.raises(Exception, match="is not empty"):
        restore(f"sqlite:///{tmp_path / 'new.db'}", file)


@pytest.mark.postgres
def test_a_backup_moves_from_sqlite_to_postgres_and_back(
    store: SqliteStore, centre: SmallCentre, tmp_path: Path, postgres_url: str
) -> None:
    from server.storage.postgres import PostgresStore

    backup(f"sqlite:///{store.path}", tmp_path / "one.db")
    restore(postgres_url, tmp_path / "one.db")
    moved = PostgresStore(postgres_url)
    assert verify(moved) == []
    moved.close()
    backup(postgres_url, tmp_path / "two.db")
    again = SqliteStore(tmp_path / "two.db")
    assert verify(again) == []
    assert again.read(lambda tx: tx.ledger(CENTRE)) == store.read(lambda tx: tx.ledger(CENTRE))
    again.close()


COUNTERS = st.sampled_from(["q1", "q2"])
ACTIONS = st.sampled_from(
    ["recall", "start", "finish", "no_show", "hold", "resume", "return_", "cancel", "check_in"]
)


class Lobby(RuleBasedStateMachine):
    """Everybody presses anything at any time; the promises hold after every step."""

    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.file = self.folder / f"{id(self)}.db"
        self.file.unlink(missing_ok=True)
        self.file.write_bytes((self.folder / "empty.db").read_bytes())
        self.store = SqliteStore(self.file)
        self.centre = SmallCentre(self.store)
        self.centre.centres.import_file(HOME_FILE)
        self.tickets: list[dict[str, object]] = []
        self.paper = 700

    def attempt(self, step: object) -> None:
        try:
            step()  # type: ignore[operator]
        except Refusal as refused:
            assert refused.status in (404, 409, 422)  # noqa: PT017  # a refusal is an answer here

    @rule(service=st.sampled_from(["ho-tich", "dat-dai"]), group=st.sampled_from(["none", "merit"]))
    def issue(self, service: str, group: str) -> None:
        self.tickets.append(self.centre.issue(service, priority=group))

    @rule()
    def redirect(self) -> None:
        self.attempt(lambda: self.tickets.append(redirect(self.centre)))

    @rule(most=st.sampled_from([None, 3]))
    def limit(self, most: int | None) -> None:
        body = LimitRequest(limit=most)
        self.attempt(
            lambda: self.centre.lobby.limit_service(MANAGER, CENTRE, "dat-dai", body, None)
        )

    @rule()
    def hand_in(self) -> None:
        self.paper += 1
        if self.paper < 750:
            moment = self.centre.clock.now()
            number = f"H{self.paper}"
            self.tickets.append(self.centre.issue(caller=KIOSK, number=number, issued_at=moment))

    @rule(counter=COUNTERS)
    def open(self, counter: str) -> None:
        self.centre.open(counter)

    @rule(counter=COUNTERS)
    def pause(self, counter: str) -> None:
        body = PauseRequest(code="nghi")
        self.attempt(lambda: self.centre.lobby.pause_counter(MANAGER, CENTRE, counter, body, None))

    @rule(counter=COUNTERS, current=st.sampled_from(["served", "no_show", "on_hold"]))
    def next(self, counter: str, current: str) -> None:
        def step() -> None:
            answer = self.centre.next(counter, current)
            now_ms = milliseconds(self.centre.clock.now())
            left = [
                ticket
                for ticket in self.store.read(lambda tx: tx.open_tickets(CENTRE))
                if ticket.state == "waiting" and ticket.ready_ms <= now_ms
            ]
            if answer["ticket"] is None and counter == "q2":
                assert not [ticket for ticket in left if ticket.pinned_to in ("", "q2")]

        self.attempt(step)

    @rule(
        counter=COUNTERS,
        kind=st.sampled_from(["open", "lend", "take_back"]),
        service=st.sampled_from([None, "ho-tich", "dat-dai"]),
    )
    def advise(self, counter: str, kind: str, service: str | None) -> None:
        body = AdviceRequest(kind=kind, counter=counter, service=service)  # type: ignore[arg-type]
        self.attempt(lambda: self.centre.lobby.take_advice(MANAGER, CENTRE, body, None))

    @rule(counter=COUNTERS)
    def undo(self, counter: str) -> None:
        self.attempt(lambda: self.centre.undo(counter))

    @rule(counter=COUNTERS)
    def receive(self, counter: str) -> None:
        body = ReceiveRequest(service="dat-dai", why="người già")
        self.attempt(lambda: self.centre.lobby.receive(MANAGER, CENTRE, counter, body, None))

    @rule(pick=st.integers(0, 30), action=ACTIONS)
    def act(self, pick: int, action: str) -> None:
        if self.tickets:
            ticket = self.tickets[pick % len(self.tickets)]
            self.attempt(lambda: self.centre.act(action, ticket))

    @rule(pick=st.integers(0, 30), to=st.sampled_from(["ho-tich", "dat-dai", "q1", "q2"]))
    def transfer(self, pick: int, to: str) -> None:
        body = TransferRequest(counter=to) if to[0] == "q" else TransferRequest(service=to)
        if self.tickets:
            ticket = self.tickets[pick % len(self.tickets)]
            self.attempt(lambda: self.centre.act("transfer", ticket, body))

    @rule(pick=st.integers(0, 30), group=st.sampled_from(["none", "elderly"]))
    def prioritise(self, pick: int, group: str) -> None:
        if self.tickets:
            ticket = self.tickets[pick % len(self.tickets)]
            body = PriorityRequest(priority=group, why="x")  # type: ignore[arg-type]
            self.attempt(lambda: self.centre.act("set_priority", ticket, body))

    @rule(pick=st.integers(0, 30), counter=COUNTERS)
    def call(self, pick: int, counter: str) -> None:
        if self.tickets:
            ticket = self.tickets[pick % len(self.tickets)]
            body = CallRequest(counter=counter, why="lệnh")
            self.attempt(lambda: self.centre.act("call", ticket, body))

    @rule(seconds=st.sampled_from([1, 5, 70, 3600, 86400]))
    def wait(self, seconds: int) -> None:
        self.centre.clock.forward(seconds=seconds)
        self.centre.lobby.end_days()
        self.centre.lobby.void_overdue()

    @invariant()
    def the_log_replays_to_the_rows(self) -> None:
        assert verify(self.store) == []

    def teardown(self) -> None:
        self.store.close()
        self.file.unlink()


def test_any_history_replays(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path / 'empty.db'}")
    Lobby.folder = tmp_path
    run_state_machine_as_test(
        Lobby,
        settings=settings(
            max_examples=25,
            stateful_step_count=40,
            suppress_health_check=list(HealthCheck),
        ),
    )
