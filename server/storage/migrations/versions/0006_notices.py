"""Keep what managers tell the hall and the staff."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Text(), nullable=False, primary_key=True),
        words("centre"),
        words("text_vi"),
        words("text_en"),
        words("audience"),
        whole("urgent"),
        whole("posted_ms"),
        sa.Column("until_ms", sa.BigInteger()),
        words("posted_by"),
        sa.Column("ended_ms", sa.BigInteger()),
        sa.Column("ended_by", sa.Text()),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "notice_holding",
        "notice",
        ["centre", "posted_ms"],
        sqlite_where=sa.text("ended_ms IS NULL"),
        postgresql_where=sa.text("ended_ms IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("notice")
