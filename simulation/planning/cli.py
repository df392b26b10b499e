"""layso-simulate: a centre's day through the server's own rule, as it is and as it might be.

Exit status: 0 done; 1 the thing asked for failed, one line a fault on stderr; 2 wrong usage.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from simulation.planning.figures import Figures
from simulation.planning.options import Asked, make_parser, read
from simulation.planning.scenarios import DoesNotFit, plan, run
from simulation.planning.table import table
from simulation.planning.wording import Wording
from wire.checks import Fault, FaultyFile, refuse_if_faulty
from wire.errors import LaySoError

__all__ = ["main", "make_parser"]


def main(words: Sequence[str] | None = None) -> int:
    """Run one study and return the exit status."""
    try:
        asked = read(words)
    except FaultyFile as error:
        return _failed([str(fault) for fault in error.faults], 2)
    try:
        return _study(asked)
    except DoesNotFit as error:
        return _failed(error.lines, 2)
    except FaultyFile as error:
        return _failed([str(fault) for fault in error.faults], 1)
    except LaySoError as error:
        return _failed([str(error)], 1)
    except OSError as error:
        return _failed([f"{error.filename or 'output'}: {error.strerror or error}"], 1)
    except KeyboardInterrupt:
        return _failed(["stopped before it was done; nothing was written"], 1)


def _study(asked: Asked) -> int:
    planned = plan(asked)
    refuse_if_faulty(_unwritable(asked))
    with _progress(planned.steps, shown=not asked.quiet) as progress:
        figures = run(planned, progress)
    if asked.html is not None:
        from simulation.planning.report import report  # late: most runs need no page

        _write(asked.html, report(figures, Wording(asked.language)))
    if asked.json is not None:
        _write_json(asked.json, figures)
    if not asked.quiet and asked.json != "-":
        sys.stdout.write(table(figures, Wording(asked.language)))
    return 0


def _unwritable(asked: Asked) -> list[Fault]:
    """What could not be written in the end, known before the long run."""
    json = Path(asked.json) if asked.json and asked.json != "-" else None
    found = []
    for option, path in (("--html", asked.html), ("--json", json)):
        if path is None:
            continue
        if path.is_dir():
            found.append(Fault(option, f"{path} is a folder; name a file in it"))
        elif not os.access(path if path.exists() else path.parent, os.W_OK):
            found.append(Fault(option, f"{path} cannot be written; choose another place"))
    return found


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _write_json(target: str, figures: Figures) -> None:
    text = msgspec.json.format(msgspec.json.encode(figures), indent=1).decode() + "\n"
    if target == "-":
        sys.stdout.write(text)
    else:
        _write(Path(target), text)


@contextmanager
def _progress(steps: int, *, shown: bool) -> Iterator[Callable[[int], None]]:
    """A bar on stderr while somebody looks at it."""
    if not shown or not sys.stderr.isatty():
        yield lambda done: None
        return
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # No thread beside the workers that are about to be forked.
    with tqdm(total=steps, unit="", leave=False, file=sys.stderr) as bar:

        def move(done: int) -> None:
            bar.update(done)

        yield move


def _failed(lines: Sequence[str], status: int) -> int:
    for line in lines:
        sys.stderr.write(f"layso-simulate: {line}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
