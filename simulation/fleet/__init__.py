"""Virtual visitors and clerks who use the real kiosks, sockets and HTTP of a running system."""
