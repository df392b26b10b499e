"""Run the benchmarks: `script/bench [--only NAME…] [--quick] [--save]`."""

import sys
from pathlib import Path

from gevent import monkey

if __name__ == "__main__":
    monkey.patch_all()
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from bench.suite import main

    main()
