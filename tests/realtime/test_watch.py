"""Watching a centre: a snapshot, then every change once and in order."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.realtime.conftest import Client, LoneServer, eventually

Connect = Callable[..., Client]


def test_the_first_answer_is_the_board(lone: LoneServer, connect: Connect) -> None:
    lone.tell(commit=3)
    assert connect().watch("here") == {"board": {"centre": "here", "seq": 3}}


def test_every_change_comes_once_in_order(lone: LoneServer, connect: Connect) -> None:
    client = connect()
    client.watch("here")
    lone.tell(commit=200)
    eventually(lambda: len(client.seqs()) >= 200)
    assert client.seqs() == list(range(1, 201))


def test_recent_changes_are_handed_in_instead_of_a_board(
    lone: LoneServer, connect: Connect
) -> None:
    lone.tell(commit=9)
    changes = connect().watch("here", after=6)["changes"]
    assert [change["seq"] for change in changes] == [7, 8, 9]


def test_too_old_or_from_the_future_is_answered_by_the_board(
    lone: LoneServer, connect: Connect
) -> None:
    lone.tell(commit=60)
    client = connect()
    assert client.watch("here", after=1)["board"]["seq"] == 60
    assert client.watch("here", after=61)["board"]["seq"] == 60


def test_nothing_is_lost_or_doubled_between_snapshot_and_stream(
    lone: LoneServer, connect: Connect
) -> None:
    clients = [connect() for _ in range(8)]
    with ThreadPoolExecutor(9) as pool:
        busy = pool.submit(lone.tell, commit=500, slowly=True)
        boards = list(pool.map(lambda client: client.watch("here")["board"], clients))
        busy.result()
    for client, board in zip(clients, boards, strict=True):
        expected = list(range(board["seq"] + 1, 501))
        eventually(lambda: client.seqs()[-1:] == [500])  # noqa: B023  (awaited at once)
        assert client.seqs() == expected


def test_watching_again_takes_up_where_the_new_answer_ends(
    lone: LoneServer, connect: Connect
) -> None:
    client = connect()
    client.watch("here")
    lone.tell(commit=5)
    eventually(lambda: len(client.seqs()) == 5)
    assert client.watch("here", after=5) == {"changes": []}
    lone.tell(commit=2)
    eventually(lambda: len(client.seqs()) == 7)
    assert client.seqs() == [1, 2, 3, 4, 5, 6, 7]


def test_a_commit_nobody_rang_for_is_found(lone: LoneServer, connect: Connect) -> None:
    client = connect()
    client.watch("here")
    lone.tell(lose=3)
    eventually(lambda: len(client.seqs()) == 3, within_s=3.0)
    lone.tell(lose=1)
    lone.tell(commit=1)
    eventually(lambda: len(client.seqs()) == 5, within_s=1.0)
    assert client.seqs() == [1, 2, 3, 4, 5]


def test_the_pulse_says_how_far_the_centre_is(lone: LoneServer, connect: Connect) -> None:
    client = connect()
    client.watch("here")
    lone.tell(commit=4)
    eventually(lambda: {"centre": "here", "seq": 4} in client.named("pulse"), within_s=2.0)


def test_the_other_centre_stays_out_of_it(lone: LoneServer, connect: Connect) -> None:
    client = connect("hall-there")
    client.watch("there")
    lone.tell(commit=4)
    eventually(lambda: bool(client.named("pulse")), within_s=2.5)
    assert client.named("pulse")[0] == {"centre": "there", "seq": 0}
    assert client.seqs() == []
