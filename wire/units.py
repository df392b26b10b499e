"""Units by name, so that a number says what it measures."""

from datetime import datetime
from typing import NewType

Seconds = NewType("Seconds", float)
Minutes = NewType("Minutes", float)
Dots = NewType("Dots", int)

Instant = datetime
"""An aware `datetime`, UTC inside the programs and with an offset on the wire."""
