"""Keep who changed a centre's configuration and when, and procedures that are not taken in now."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, name, kind, usual in (
        ("centre", "edition", sa.BigInteger(), "1"),
        ("centre", "changed_ms", sa.BigInteger(), "0"),
        ("centre", "changed_by", sa.Text(), "''"),
        ("procedure", "accepting", sa.Text(), "'true'"),
    ):
        column = sa.Column(name, kind, nullable=False, server_default=sa.text(usual))
        op.add_column(table, column)


def downgrade() -> None:
    op.drop_column("procedure", "accepting")
    for name in ("changed_by", "changed_ms", "edition"):
        op.drop_column("centre", name)
