"""Real server processes to measure: the product, and what it is compared with."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CENTRE = "binh-duong"
CENTRE_FILE = ROOT / "simulation" / "data" / "centres" / f"{CENTRE}.toml"


def free_port() -> int:
    """A TCP port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_listening(
    port: int, process: subprocess.Popen[bytes], timeout_s: float = 20
) -> None:
    """Return once the process listens, or raise."""
    until = time.monotonic() + timeout_s
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.005)
    raise RuntimeError(f"nobody listens on {port}")


@contextmanager
def running(
    command: list[str], port: int, env: dict[str, str], *, quiet: bool = False
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a process, wait until it listens, and end it by its id; `quiet` drops its log."""
    log = subprocess.DEVNULL if quiet else None
    process = subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=log)
    try:
        wait_until_listening(port, process)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def bare(module: str) -> Iterator[int]:
    """A process of `bench.MODULE PORT`; gives its port."""
    port = free_port()
    command = [sys.executable, "-m", f"bench.{module}", str(port)]
    with running(command, port, dict(os.environ)):
        yield port


class Product:
    """A data folder with one always-open centre, and commands on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("LAYSO_")}
        self.env |= {"LAYSO_DATA_DIR": str(folder), "LAYSO_PORT": str(self.port)}
        self.program = str(Path(sys.executable).with_name("layso-server"))
        centre = folder / "centre.toml"
        lines = CENTRE_FILE.read_text(encoding="utf-8").splitlines()
        kept = (line for line in lines if not line.startswith("hours"))
        centre.write_text("\n".join(kept), encoding="utf-8")
        self.cli("init")
        self.cli("centre", "import", str(centre))

    def cli(self, *arguments: str) -> str:
        """Run a command of the server's, and return what it printed."""
        done = subprocess.run(
            [self.program, *arguments], env=self.env, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise RuntimeError(f"layso-server {' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout.strip()

    def token(self, role: str) -> str:
        """A token of this role for the centre."""
        return self.cli("token", "create", "--role", role, "--centre", CENTRE)

    @contextmanager
    def serving(self) -> Iterator[subprocess.Popen[bytes]]:
        """The server, listening on `port`."""
        with running([self.program, "run"], self.port, self.env) as process:
            yield process
