"""Boot files of a Raspberry Pi: what ours add to `config.txt` and `cmdline.txt`, and a lint.

Ours stand in one marked block, so that they can be replaced and taken away; every other line
stays as it was.
"""
