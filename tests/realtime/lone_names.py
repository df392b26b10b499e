"""What the lone server and its tests both know."""

TRACK = "AAAAAAAAAAAAAAAAAAAAAA"
