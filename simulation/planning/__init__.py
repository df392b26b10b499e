"""What-if planning: a centre's day through the very rules that the server runs."""
