"""What an agent's `self-test` says: one line a thing that was looked at."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, whether it is well, what was seen, and what to do."""

    what: str
    well: bool
    seen: str
    advice: str = ""

    def __str__(self) -> str:
        line = f"{self.what}: {'ok' if self.well else 'FAILED'}, {self.seen}"
        return f"{line}; {self.advice}" if self.advice else line


def report(findings: Iterable[Finding]) -> int:
    """Say each as it is found, what is wrong on standard error; the exit status."""
    status = 0
    for finding in findings:
        (sys.stdout if finding.well else sys.stderr).write(f"{finding}\n")
        status = status or int(not finding.well)
    return status
