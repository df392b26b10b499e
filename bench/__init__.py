"""Benchmarks: ratios to a limit or a peer in the same run, as JSON with machine and commit."""
