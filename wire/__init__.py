"""What travels between machines: ids, units, messages, checks and errors.

Imports nothing of the project and only msgspec from outside.
"""
