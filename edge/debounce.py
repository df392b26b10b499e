"""Which edges of a key are a press. Pure: edges and their moments come in.

A contact bounces when it closes and again when it opens. The first closing edge acts, at once;
after any edge the key must stay open for a while before it can act again. So a held key acts
once, chatter never acts, and a contact that is worn out and chatters without end falls silent
instead of draining the paper.
"""


class Debounce:
    """One key's contact.

    Args:
        settle_s: How long it must have been open, without an edge, to act again; seconds, > 0.
    """

    def __init__(self, settle_s: float) -> None:
        self._settle_s = settle_s
        self._down = False
        self._edge_s = float("-inf")

    def edge(self, down: bool, at_s: float) -> bool:
        """Take an edge; True where it is a press.

        Args:
            down: Whether the contact closed. A repeat of the same level is no edge.
            at_s: Monotonic seconds; never earlier than the edge before.
        """
        if down == self._down:
            return False
        settled = at_s - self._edge_s >= self._settle_s
        self._down, self._edge_s = down, at_s
        return down and settled
