"""Keep what citizens say of their own visit: steps back, on the way to the counter, ratings."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "visit",
        sa.Column("ticket", sa.Text(), nullable=False, primary_key=True),
        words("centre"),
        sa.Column("steps_back", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("coming_call", sa.Text()),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rating",
        sa.Column("ticket", sa.Text(), nullable=False, primary_key=True),
        words("centre"),
        words("day"),
        words("service"),
        sa.Column("counter", sa.Text()),
        whole("score"),
        words("reasons"),
        sa.Column("comment", sa.Text()),
        words("place"),
        whole("at_ms"),
    )
    op.create_index("rating_day", "rating", ["centre", "day"])


def downgrade() -> None:
    op.drop_table("rating")
    op.drop_table("visit")
