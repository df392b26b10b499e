"""Tables, unit of work, outbox and migrations, on SQLite and PostgreSQL."""
