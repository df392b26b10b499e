"""What survives a power cut: a root that is never written to, data on a partition of its own, and
a clock that is right without anybody's help.
"""
