"""What goes over a wire to a panel and what comes back, as pure functions of bytes."""
