"""The command line. Only the standard library is imported before gevent has been let in.

Exit status: 0 done; 1 the thing asked for failed, one line a fault on stderr; 2 wrong usage.
"""

import argparse
import os
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status."""
    os.umask(0o077)  # What the server keeps is its own account's alone.
    words = list(sys.argv[1:] if argv is None else argv)
    if "run" in words[:1]:
        # Before anything else is imported, so that every lock and socket is gevent's.
        from gevent import monkey

        monkey.patch_all()
    asked = parser().parse_args(words)
    from server.cli_commands import COMMANDS
    from server.orders import OrderFailed
    from wire.checks import FaultyFile
    from wire.errors import LaySoError

    try:
        return COMMANDS[asked.command](asked)
    except FaultyFile as error:
        return _failed([str(fault) for fault in error.faults])
    except OrderFailed as error:
        return _failed(error.lines)
    except LaySoError as error:
        return _failed([str(error)])
    except KeyboardInterrupt:
        return 1


def parser() -> argparse.ArgumentParser:
    """Every command with its options."""
    from server.cli_words import whole_parser

    return whole_parser()


def _failed(lines: Sequence[str]) -> int:
    for line in lines:
        sys.stderr.write(f"layso-server: {line}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
