"""Putting a centre's changes in order and noticing what is missing. Pure: no clock, no socket."""

from typing import Any

Change = dict[str, Any]


class Sequence:
    """What has been taken in of one centre, over one connection after another.

    `seq` is the last change that was handed on; None before the first board.
    """

    def __init__(self) -> None:
        self.seq: int | None = None
        self._early: dict[int, Change] = {}
        self._latest = 0
        self._settled = False

    def restart(self) -> None:
        """A new connection begins: only a board counts now, and no earlier promise does."""
        self._early.clear()
        self._latest = 0
        self._settled = False

    @property
    def incomplete(self) -> bool:
        """Whether a change is known to exist that has not been handed on."""
        return self._settled and self._latest > (self.seq or 0)

    def take_board(self, seq: int) -> bool:
        """Whether a board as of `seq` counts: not one that a change has overtaken meanwhile."""
        if self._settled and self.seq is not None and seq < self.seq:
            return False
        self.seq = seq
        self._settled = True
        self._early = {n: change for n, change in self._early.items() if n > seq}
        return True

    def take_change(self, change: Change) -> None:
        """Keep a change until its turn; one that was handed on already is dropped."""
        seq = change.get("seq")
        if not isinstance(seq, int) or (self._settled and seq <= (self.seq or 0)):
            return
        self._early[seq] = change
        self._latest = max(self._latest, seq)

    def take_pulse(self, seq: int) -> None:
        """The server has written this many changes."""
        self._latest = max(self._latest, seq)

    def next_change(self) -> Change | None:
        """The change whose turn it is, or None."""
        if not self._settled or self.seq is None or self.seq + 1 not in self._early:
            return None
        self.seq += 1
        return self._early.pop(self.seq)
