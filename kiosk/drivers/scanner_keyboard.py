"""A scanner that types like a keyboard (a wedge): the touch page reads it, the agent does not."""

from wire.checks import Table


def open_scanner(options: Table) -> None:
    """Read the options, of which there are none."""
    options.finish()
