"""What desks keep: dossiers, notes of a ticket, who sits where, calls by ticket."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def words(name: str, *, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, primary_key=key)


def upgrade() -> None:
    op.add_column("ticket", sa.Column("dossiers", sa.BigInteger()))
    op.create_index("call_ticket", "call", ["ticket"])
    op.create_table(
        "ticket_note",
        words("ticket", key=True),
        words("centre"),
        words("day"),
        words("text"),
        sqlite_with_rowid=False,
    )
    op.create_index("ticket_note_day", "ticket_note", ["centre", "day"])
    op.create_table(
        "seat",
        words("centre", key=True),
        words("counter", key=True),
        words("day"),
        words("person"),
        words("name"),
        sa.Column("since_ms", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    # What undo keeps are whole rows of the old shape, good for ten seconds.
    op.execute("DELETE FROM undo")


def downgrade() -> None:
    op.execute("DELETE FROM undo")
    op.drop_table("seat")
    op.drop_table("ticket_note")
    op.drop_index("call_ticket", "call")
    op.drop_column("ticket", "dossiers")
