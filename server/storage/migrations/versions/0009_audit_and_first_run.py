"""Keep who changed what, the code of the first run, and what an enrolled device is called."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Text(), nullable=False, primary_key=True),
        whole("at_ms"),
        words("actor"),
        sa.Column("centre", sa.Text()),
        words("action"),
        words("subject"),
        words("detail"),
        sqlite_with_rowid=False,
    )
    op.create_index("audit_newest", "audit", ["centre", "id"])
    op.create_index("audit_age", "audit", ["at_ms"])
    op.create_table(
        "setup_code",
        sa.Column("hash", sa.Text(), nullable=False, primary_key=True),
        whole("expires_ms"),
        whole("tries"),
        sqlite_with_rowid=False,
    )
    op.add_column(
        "enrol_code", sa.Column("name", sa.Text(), nullable=False, server_default=sa.text("''"))
    )


def downgrade() -> None:
    op.drop_column("enrol_code", "name")
    op.drop_table("setup_code")
    op.drop_table("audit")
