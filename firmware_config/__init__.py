"""What goes on a box: units, accounts, policies, and the installer that puts them there.

Not part of the package: it runs on a fresh Debian before anything of ours is installed, with the
standard library alone.
"""
