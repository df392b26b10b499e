"""Find the tickets of a service that were finished last."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

FINISHED = sa.text("state = 'served' AND cause IS NULL")


def upgrade() -> None:
    op.create_index(
        "ticket_finished",
        "ticket",
        ["centre", "service", "ended_ms"],
        sqlite_where=FINISHED,
        postgresql_where=FINISHED,
    )


def downgrade() -> None:
    op.drop_index("ticket_finished", "ticket")
