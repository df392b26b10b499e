"""What every limiter must do: in memory, in the database, in Redis."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from server.service.limits import Limiter, MemoryLimiter, limit_key
from server.storage.limits_redis import RedisLimiter
from server.storage.limits_sql import SqlLimiter
from server.storage.migrate import migrate
from server.storage.postgres import PostgresStore
from server.storage.sqlite import SqliteStore
from tests.fakes.held_clock import HeldClock


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


def _memory(_request: pytest.FixtureRequest, clock: HeldClock) -> Iterator[Limiter]:
    yield MemoryLimiter(clock)


def _sqlite(request: pytest.FixtureRequest, clock: HeldClock) -> Iterator[Limiter]:
    path: Path = request.getfixturevalue("tmp_path") / "limits.sqlite3"
    migrate(f"sqlite:///{path}")
    store = SqliteStore(path)
    yield SqlLimiter(store, clock)
    store.close()


def _postgres(request: pytest.FixtureRequest, clock: HeldClock) -> Iterator[Limiter]:
    url = request.getfixturevalue("postgres_url")
    migrate(url)
    store = PostgresStore(url)
    yield SqlLimiter(store, clock)
    store.close()


def _redis(request: pytest.FixtureRequest, clock: HeldClock) -> Iterator[Limiter]:
    limiter = RedisLimiter(request.getfixturevalue("redis_url"), MemoryLimiter(clock))
    yield limiter
    limiter.close()


DRIVERS: list[object] = [
    pytest.param(_memory, id="memory"),
    pytest.param(_sqlite, id="sqlite"),
    pytest.param(_postgres, id="postgres", marks=pytest.mark.postgres),
    pytest.param(_redis, id="redis", marks=pytest.mark.redis),
]

Make = Callable[[pytest.FixtureRequest, HeldClock], Iterator[Limiter]]


@pytest.fixture(params=DRIVERS)
def limiter(request: pytest.FixtureRequest, clock: HeldClock) -> Iterator[Limiter]:
    make: Make = request.param
    yield from make(request, clock)


def test_hits_up_to_the_limit_pass_and_the_next_waits(limiter: Limiter) -> None:
    assert [limiter.hit("a", 3, 60) for _ in range(3)] == [0, 0, 0]
    assert 1 <= limiter.hit("a", 3, 60) <= 60
    assert limiter.hit("b", 3, 60) == 0


def test_a_hit_given_back_does_not_count(limiter: Limiter) -> None:
    for _ in range(5):
        assert limiter.hit("a", 2, 60) == 0
        limiter.give_back("a")
    limiter.give_back("never-hit")
    assert [limiter.hit("a", 2, 60) == 0 for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize("driver", DRIVERS[:3])
def test_a_window_opens_at_the_first_hit_and_ends(
    driver: Make, request: pytest.FixtureRequest, clock: HeldClock
) -> None:
    for limiter in driver(request, clock):
        clock.forward(seconds=42)
        assert limiter.hit("a", 1, 60) == 0
        clock.forward(seconds=59)
        assert limiter.hit("a", 1, 60) == 1
        clock.forward(seconds=1)
        assert limiter.hit("a", 1, 60) == 0


@pytest.mark.redis
def test_a_window_in_redis_ends(redis_url: str, clock: HeldClock) -> None:
    limiter = RedisLimiter(redis_url, MemoryLimiter(clock))
    assert limiter.hit("a", 1, 1) == 0
    assert limiter.hit("a", 1, 1) == 1
    import time

    time.sleep(1.1)
    assert limiter.hit("a", 1, 1) == 0
    limiter.close()


def test_a_lost_redis_loosens_the_limit_but_does_not_lift_it(
    clock: HeldClock, free_port: Callable[[], int]
) -> None:
    limiter = RedisLimiter(f"redis://127.0.0.1:{free_port()}/0", MemoryLimiter(clock))
    assert [limiter.hit("a", 2, 60) for _ in range(2)] == [0, 0]
    assert limiter.hit("a", 2, 60) == 60
    limiter.close()


def test_keys_name_nobody() -> None:
    key = limit_key("account", "lan anh")
    assert key.startswith("account:")
    assert "lan" not in key
    assert key != limit_key("account", "lan an")


_IN_REDIS = """
import sys
from server.storage.limits_redis import RedisLimiter
limiter = RedisLimiter(sys.argv[1], None)
print(sum(limiter.hit("shared", 50, 60) == 0 for _ in range(40)))
"""
_IN_POSTGRES = """
import sys
from datetime import UTC, datetime
from server.storage.limits_sql import SqlLimiter
from server.storage.postgres import PostgresStore

class Clock:
    def now(self):
        return datetime.now(UTC)

store = PostgresStore(sys.argv[1])
limiter = SqlLimiter(store, Clock())
print(sum(limiter.hit("shared", 50, 60) == 0 for _ in range(40)))
store.close()
"""


def _passed_in_two_processes(script: str, url: str, root: Path) -> int:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", script, url], cwd=root, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    return sum(int(process.communicate(timeout=60)[0]) for process in started)


@pytest.mark.redis
def test_two_processes_share_a_limit_in_redis(redis_url: str, root: Path) -> None:
    assert _passed_in_two_processes(_IN_REDIS, redis_url, root) == 50


@pytest.mark.postgres
def test_two_processes_share_a_limit_in_the_database(postgres_url: str, root: Path) -> None:
    migrate(postgres_url)
    assert _passed_in_two_processes(_IN_POSTGRES, postgres_url, root) == 50
