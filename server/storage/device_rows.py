"""The rows of `service.device_ports`: heartbeats by token, calls for help by caller, notices."""

from typing import Final

from server.service.device_ports import DeviceRow, HelpRow, NoticeRow
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
NOTICE: Final = select("notice", NoticeRow._fields, "id = ?")
NOTICES: Final = select(
    "notice",
    NoticeRow._fields,
    "centre = ? AND ended_ms IS NULL AND (until_ms IS NULL OR until_ms > ?) "
    "ORDER BY posted_ms DESC, id",
)
SAVE_NOTICE: Final = upsert("notice", NoticeRow._fields, ("id",))


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

    def notices(self, centre: str, now_ms: int) -> list[NoticeRow]:
        return [NoticeRow._make(row) for row in self.all(NOTICES, (centre, now_ms))]

    def notice(self, notice: str) -> NoticeRow | None:
        row = self.one(NOTICE, (notice,))
        return NoticeRow._make(row) if row is not None else None

    def save_notice(self, row: NoticeRow) -> None:
        self.execute(SAVE_NOTICE, row)
