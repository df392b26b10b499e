"""Units by name, so that a number says what it measures."""

from datetime import datetime
from typing import NewType

Seconds = NewType("Seconds", float)
Milliseconds = NewType("Milliseconds", int)
Minutes = NewType("Minutes", float)
Dots = NewType("Dots", int)
Millimetres = NewType("Millimetres", float)

Instant = datetime
"""An aware `datetime`, UTC inside the programs and with an offset on the wire."""
