"""Keep what staff ask kiosks to print, and find the newest tickets of a day without a scan."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def words(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def whole(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "print_order",
        sa.Column("id", sa.Text(), nullable=False, primary_key=True),
        words("centre"),
        words("device"),
        words("ticket"),
        whole("papers"),
        whole("asked_ms"),
        words("asked_by"),
        whole("fetched_ms", nullable=True),
        whole("ended_ms", nullable=True),
        words("outcome", nullable=True),
        words("reason"),
        sqlite_with_rowid=False,
    )
    op.create_index("print_order_newest", "print_order", ["centre", "asked_ms"])
    op.create_index("print_order_ticket", "print_order", ["ticket"])
    op.create_index("ticket_newest", "ticket", ["centre", "day", "issued_ms", "number"])


def downgrade() -> None:
    op.drop_index("ticket_newest", "ticket")
    op.drop_table("print_order")
