"""Count who was served on a day without reading their tickets."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SERVED = sa.text("state = 'served'")


def upgrade() -> None:
    op.create_index(
        "ticket_served",
        "ticket",
        ["centre", "day", "service"],
        sqlite_where=SERVED,
        postgresql_where=SERVED,
    )


def downgrade() -> None:
    op.drop_index("ticket_served", "ticket")
