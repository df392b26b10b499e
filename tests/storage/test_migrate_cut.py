"""A power cut while the tables are made: the next run makes them whole."""

import subprocess
import sys
from pathlib import Path

import pytest

from server.storage.migrate import migrate, migration_state

CUT_AT = """
import os, sys
import sqlalchemy as sa
from server.storage.migrate import migrate
left = int(sys.argv[2])
def count(*_):
    global left
    left -= 1
    if left == 0:
        os._exit(9)
sa.event.listen(sa.Engine, "before_cursor_execute", count)
migrate(sys.argv[1])
"""


@pytest.mark.parametrize("statements", [5, 20, 60])
def test_the_tables_are_there_whole_or_not_at_all(tmp_path: Path, statements: int) -> None:
    url = f"sqlite:///{tmp_path / 'layso.sqlite3'}"
    cut = subprocess.run([sys.executable, "-c", CUT_AT, url, str(statements)], check=False)
    assert cut.returncode == 9
    assert migration_state(url) == "empty"
    migrate(url)
    assert migration_state(url) == "current"
