"""The rows of `service.device_ports`: a heartbeat for each token, a record for each caller."""

from typing import Final

from server.service.device_ports import DeviceRow, HelpRow
from server.storage.sql import select, upsert
from server.storage.statements import Statements

_DEVICES: Final = (
    "SELECT t.id, t.centre, t.role, t.name, t.kiosk, t.counter, h.seen_ms, h.report "
    "FROM token t LEFT JOIN heartbeat h ON h.token = t.id WHERE t.revoked_ms IS NULL "
    "AND t.role IN ('kiosk', 'display', 'hall', 'pad') {} ORDER BY t.created_ms, t.id"
)
DEVICES: Final = _DEVICES.format("")
DEVICES_OF: Final = _DEVICES.format("AND t.centre = ?")
SAVE_HEARTBEAT: Final = upsert("heartbeat", ("token", "seen_ms", "report"), ("token",))
HELP_ROWS: Final = select("help_call", HelpRow._fields, "centre = ? ORDER BY called_ms, id")
SAVE_HELP: Final = upsert("help_call", HelpRow._fields, ("centre", "caller"))


class DeviceRows(Statements):
    """The methods of `service.device_ports.LobbyDevices`."""

    def devices(self, centre: str | None) -> list[DeviceRow]:
        rows = self.all(DEVICES) if centre is None else self.all(DEVICES_OF, (centre,))
        return [DeviceRow._make(row) for row in rows]

    def save_heartbeat(self, token: str, seen_ms: int, report: str) -> None:
        self.execute(SAVE_HEARTBEAT, (token, seen_ms, report))

    def help_rows(self, centre: str) -> list[HelpRow]:
        return [HelpRow._make(row) for row in self.all(HELP_ROWS, (centre,))]

    def save_help(self, row: HelpRow) -> None:
        self.execute(SAVE_HELP, row)
