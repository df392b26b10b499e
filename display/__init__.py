"""The display agent and the hall page."""
