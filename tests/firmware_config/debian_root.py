"""A throw-away Debian: a copy-on-write tree over the cached root, in a mount namespace of its own.

Nothing written there reaches the cached root or this machine, except over the network, which is
this machine's own. No systemd runs in it: `systemctl` enables and disables, and can start nothing.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]
INSIDE = "/srv/layso"
"""Where the checkout is seen from inside, read-only."""

ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C.UTF-8"}

# Ends with its standard input, so that it never outlives the tests; the mounts go with it.
HOLDER = """
set -eu
umask 022
lower=$1 over=$2 checkout=$3
mount -t tmpfs layso "$over"
mkdir "$over/upper" "$over/work" "$over/tree"
mount -t overlay layso -o "lowerdir=$lower,upperdir=$over/upper,workdir=$over/work" "$over/tree"
cd "$over/tree"
mount --rbind /dev dev
mount --rbind /sys sys
mount -t proc proc proc
mount -t tmpfs layso run
mount -t tmpfs layso tmp
mkdir -p .INSIDE
mount --bind "$checkout" .INSIDE
mount -o remount,bind,ro .INSIDE
cp -L /etc/resolv.conf etc/resolv.conf
echo ready
exec cat
""".replace("INSIDE", INSIDE)


class DebianRoot:
    """One such tree, from `start` to `stop`. Runs commands in it as root."""

    def __init__(self, over: Path) -> None:
        self._over = over

    def start(self) -> None:
        """Make the tree; `over` is an empty folder."""
        where = [sys.executable, str(CHECKOUT / "script/debian_root.py")]
        lower = subprocess.run(where, check=True, capture_output=True, text=True).stdout.strip()
        words = ["unshare", "--mount", "--propagation", "private", "sh", "-c", HOLDER, "holder"]
        self._holder = subprocess.Popen(
            [*words, lower, str(self._over), str(CHECKOUT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._holder.stdout is not None
        if self._holder.stdout.readline() != "ready\n":
            self.stop()
            raise RuntimeError("the throw-away Debian could not be mounted")

    def stop(self) -> None:
        """Throw the tree away. Whatever still runs in it keeps its own view, and ends by itself."""
        self._holder.communicate()

    @property
    def path(self) -> Path:
        """The tree as the test process sees it; absolute links in it lead astray."""
        return Path(f"/proc/{self._holder.pid}/root{self._over}/tree")

    def popen(self, *words: str, env: dict[str, str] | None = None, **how: Any) -> Any:
        """Start a command inside, in text mode."""
        enter = ["nsenter", f"--target={self._holder.pid}", "--mount"]
        return subprocess.Popen(
            [*enter, "chroot", f"{self._over}/tree", *words],
            env=ENVIRONMENT | (env or {}),
            text=True,
            **{"umask": 0o022} | how,
        )

    def run(
        self,
        *words: str,
        check: bool = True,
        timeout: float = 60,
        env: dict[str, str] | None = None,
        text: str | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command inside to its end; `text` is its standard input.

        Raises AssertionError with what it said, where it fails and `check` is set.
        """
        feed = subprocess.DEVNULL if text is None else subprocess.PIPE
        pipe = subprocess.PIPE
        process = self.popen(*words, env=env, stdin=feed, stdout=pipe, stderr=pipe)
        try:
            out, err = process.communicate(text, timeout)
        except BaseException:
            process.kill()
            process.communicate()
            raise
        done = subprocess.CompletedProcess(words, process.returncode, out, err)
        assert not check or done.returncode == 0, f"{' '.join(words)}\n{out}\n{err}"
        return done

    def write(self, inside: str, text: str, mode: int = 0o644) -> None:
        """Write a file at this absolute path inside, with its folders."""
        path = self.path / inside.lstrip("/")
        for folder in reversed(path.parents):
            if not folder.exists():
                folder.mkdir()
                folder.chmod(0o755)
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)

    def read(self, inside: str) -> str:
        """The text of a file at this absolute path inside."""
        return (self.path / inside.lstrip("/")).read_text(encoding="utf-8")
