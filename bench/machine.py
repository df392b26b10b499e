"""What a result must say of where it was measured."""

import os
import platform
import subprocess
import time
from pathlib import Path
from statistics import median
from typing import Any


def describe(folder: Path) -> dict[str, Any]:
    """The machine, the commit and the disk's fdatasync, in plain data."""
    return {
        "commit": _commit(),
        "python": platform.python_version(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "load_before": round(os.getloadavg()[0], 2),
        "fdatasync_ms": round(fdatasync_ms(folder), 3),
    }


def _commit() -> str:
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "unknown"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith(("model name", "Model")):
            return line.partition(":")[2].strip()
    return platform.machine()


def fdatasync_ms(folder: Path, count: int = 200) -> float:
    """The median time of a 4 kB write and fdatasync in this folder, in milliseconds."""
    file = folder / "fdatasync.probe"
    times = []
    handle = os.open(file, os.O_CREAT | os.O_WRONLY)
    try:
        for _ in range(count):
            begun = time.perf_counter()
            os.pwrite(handle, b"\0" * 4096, 0)
            os.fdatasync(handle)
            times.append((time.perf_counter() - begun) * 1000)
    finally:
        os.close(handle)
        file.unlink()
    return median(times)


def rss_mb(pid: int) -> float:
    """A process's resident memory in megabytes (10**6 bytes)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise RuntimeError(f"process {pid} is gone")
