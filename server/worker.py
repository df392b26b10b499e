"""One of several serving processes: `python -m server.worker HOST PORT HANDLE`.

Started by `server.workers`, which opened the listening socket that HANDLE names.
"""

import sys


def main() -> int:
    """Serve until the parent says otherwise or is gone."""
    from gevent import monkey

    monkey.patch_all()
    from server.config import read_config
    from server.run import worker_main
    from wire.errors import LaySoError

    host, port, handle = sys.argv[1:]
    try:
        worker_main(read_config(host=host, port=int(port)), int(handle))
    except LaySoError as error:
        sys.stderr.write(f"layso-server: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
