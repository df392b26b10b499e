"""Keep how devices are, and who calls for help."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, primary_key=True)


def words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "heartbeat", key("token"), whole("seen_ms"), words("report"), sqlite_with_rowid=False
    )
    op.create_table(
        "help_call",
        key("centre"),
        key("caller"),
        words("id"),
        words("state"),
        words("day"),
        whole("called_ms"),
        sa.Column("coming_ms", sa.BigInteger()),
        words("name"),
        sa.Column("kiosk", sa.BigInteger()),
        sa.Column("counter", sa.Text()),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("help_call")
    op.drop_table("heartbeat")
