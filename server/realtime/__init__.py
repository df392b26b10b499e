"""Socket.IO: relays the outbox to watchers in order of seq."""
