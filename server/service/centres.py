"""Centres and their procedures as commands import them. A faulty file changes nothing."""

from server.domain.centre_file import read_centre
from server.service.audit import COMMAND
from server.service.centre_change import Begin, CentreChange
from server.service.ports import Clock, Store
from server.service.procedure_change import ProcedureChange


class Centres:
    """Configuration of centres by file. Safe from any thread or greenlet.

    Args:
        store: Where the rows are.
        clock: The moment of a change.
        begin: Opens a command's work on a centre, on the business day of this moment.
    """

    def __init__(self, store: Store, clock: Clock, begin: Begin) -> None:
        self._store = store
        self._change = CentreChange(clock, begin)
        self._procedures = ProcedureChange(begin)

    def import_file(self, text: str) -> tuple[str, list[str]]:
        """Create or change a centre from its file; what the file omits is retired.

        A changed prefix or time zone applies from the next business day. Importing the same
        file again changes nothing.

        Returns:
            The centre's id, and warnings.

        Raises:
            FaultyFile: Every fault; the centre is as it was.
        """
        wanted, warnings = read_centre(text)
        self._store.run(wanted.id, lambda tx: self._change.save(tx, wanted, text, COMMAND))
        return wanted.id, warnings

    def export(self, centre: str) -> str | None:
        """The centre's file as it is now; None where there is no such centre."""
        row = self._store.read(lambda tx: tx.definition(centre))
        return row.text if row else None

    def list(self) -> list[str]:
        """The ids of all centres."""
        return self._store.read(lambda tx: tx.centres())

    def import_procedures(self, centre: str, text: str) -> int:
        """Replace a centre's procedures by a CSV table; how many there are now.

        Columns: code, name_vi, name_en, field_vi, level, on_the_spot, documents_vi, service, and
        perhaps accepting. A procedure whose service the centre lacks is left out. The kiosks are
        told of a table that differs from the one before; the same table again changes nothing.

        Raises:
            FaultyFile: Every fault, with its line; nothing changed.
        """
        return self._store.run(
            centre, lambda tx: self._procedures.take_file(tx, centre, text, COMMAND)
        )
