"""Every table, the same on SQLite and PostgreSQL. Migrations are tested against them."""

from server.storage import access_tables, lobby_tables, queue_tables, visit_tables
from server.storage.columns import metadata

__all__ = ["access_tables", "lobby_tables", "metadata", "queue_tables", "visit_tables"]
