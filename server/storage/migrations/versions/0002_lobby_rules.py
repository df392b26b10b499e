"""The rules of the lobby: returns that let calls pass, tickets on their way, limits of a day."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SET_BACK = sa.text("state = 'waiting' AND behind > 0")
ON_THE_WAY = sa.text("state = 'waiting' AND ready_ms > 0")

# Tickets that were cancelled as replaced or undone were never numbers in somebody's hand.
COUNT_ISSUED = """
INSERT INTO issued_count (centre, day, service, issued)
SELECT centre, day, service, COUNT(*) FROM ticket
WHERE cause IS NULL OR cause NOT IN ('replaced', 'undone') GROUP BY centre, day, service
"""


def key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, primary_key=True)


def counted(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False, server_default="0")


def whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def optional_whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger())


def upgrade() -> None:
    op.add_column("ticket", counted("behind"))
    op.add_column("ticket", counted("ready_ms"))
    op.add_column("ticket", optional_whole("expected_s"))
    op.add_column("ticket", optional_whole("likely_s"))
    op.add_column("ticket", optional_whole("high_s"))
    op.create_index(
        "ticket_set_back",
        "ticket",
        ["centre"],
        sqlite_where=SET_BACK,
        postgresql_where=SET_BACK,
    )
    op.create_index(
        "ticket_on_the_way",
        "ticket",
        ["ready_ms"],
        sqlite_where=ON_THE_WAY,
        postgresql_where=ON_THE_WAY,
    )
    op.add_column("counter_state", counted("idle_ms"))
    op.create_table(
        "called_count", key("centre"), key("service"), whole("calls"), sqlite_with_rowid=False
    )
    op.create_table(
        "issued_count",
        key("centre"),
        key("day"),
        key("service"),
        whole("issued"),
        optional_whole("most"),
        sqlite_with_rowid=False,
    )
    op.execute(COUNT_ISSUED)
    # What undo keeps are whole rows of the old shape, good for ten seconds.
    op.execute("DELETE FROM undo")


def downgrade() -> None:
    op.execute("DELETE FROM undo")
    op.drop_table("issued_count")
    op.drop_table("called_count")
    op.drop_column("counter_state", "idle_ms")
    op.drop_index("ticket_on_the_way", "ticket")
    op.drop_index("ticket_set_back", "ticket")
    for name in ("high_s", "likely_s", "expected_s", "ready_ms", "behind"):
        op.drop_column("ticket", name)
