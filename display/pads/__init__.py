"""Call keys at the counters: read, judged, turned into commands, and answered by lamps."""
