"""The command that shows one program full size, with its output turned as the screen hangs."""

import subprocess
from collections.abc import Sequence
from typing import Final

COMPOSITOR: Final = ("cage", "-d", "--")
TURNS: Final = (0, 90, 180, 270)
TURNER: Final = "wlr-randr"

_TURN_ALL: Final = (
    f"for output in $({TURNER} | sed -n 's/^\\([^ ][^ ]*\\) .*/\\1/p'); do "
    f'{TURNER} --output "$output" --transform "$0"; done; exec "$@"'
)


def turned(degrees: int) -> tuple[str, ...]:
    """The words before those of the browser.

    Up to 0.1.4 (Debian bookworm) cage turns the output itself; a later one is told by `wlr-randr`,
    from inside, before the browser comes.

    Args:
        degrees: One of `TURNS`, clockwise.

    Raises:
        OSError: cage is not there.
    """
    if degrees == 0:
        return COMPOSITOR
    if turns_by_itself():
        *words, end = COMPOSITOR
        return (*words, *["-r"] * (degrees // 90), end)
    return (*COMPOSITOR, "sh", "-c", _TURN_ALL, str(degrees))


def turns_by_itself(asked: Sequence[str] = ("cage", "-h")) -> bool:
    """Whether this cage has an option for it. Raises OSError where there is none."""
    said = subprocess.run(  # noqa: S603  (our own words)
        list(asked), capture_output=True, text=True, check=False
    )
    return any(line.split()[:1] == ["-r"] for line in (said.stdout + said.stderr).splitlines())
