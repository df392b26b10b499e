"""What the use cases need of the rows of devices: last heartbeats, and calls for help."""

from typing import NamedTuple, Protocol

from wire.help import HelpState
from wire.notices import Audience
from wire.words import Role


class DeviceRow(NamedTuple):
    """A live device's token, and the last heartbeat that was written for it, as JSON."""

    id: str
    centre: str
    role: Role
    name: str
    kiosk: int | None
    counter: str | None
    seen_ms: int | None
    report: str | None


class HelpRow(NamedTuple):
    """One caller's record; `caller` is `kiosk` and a token's id, or `counter` and a counter's."""

    centre: str
    caller: str
    id: str
    state: HelpState
    day: str
    called_ms: int
    coming_ms: int | None
    name: str
    kiosk: int | None
    counter: str | None


class NoticeRow(NamedTuple):
    """A notice with who wrote it and, once it was taken down, who did that and when."""

    id: str
    centre: str
    text_vi: str
    text_en: str
    audience: Audience
    urgent: int
    posted_ms: int
    until_ms: int | None
    posted_by: str
    ended_ms: int | None
    ended_by: str | None


class LobbyDevices(Protocol):
    """The heartbeats, calls for help and notices of one transaction."""

    def devices(self, centre: str | None) -> list[DeviceRow]:
        """The devices of a centre, or of all, whose token is live, oldest first."""
        ...

    def save_heartbeat(self, token: str, seen_ms: int, report: str) -> None:
        """Store a device's newest heartbeat over the one before it."""
        ...

    def help_rows(self, centre: str) -> list[HelpRow]:
        """The record of everybody who ever called in a centre, who called first before others."""
        ...

    def save_help(self, row: HelpRow) -> None:
        """Store a caller's record over the one before it."""
        ...

    def notices(self, centre: str, now_ms: int) -> list[NoticeRow]:
        """A centre's notices that hold at that moment, the newest first."""
        ...

    def notice(self, notice: str) -> NoticeRow | None:
        """The notice of this id, of whatever centre."""
        ...

    def save_notice(self, row: NoticeRow) -> None:
        """Store a notice over what was known of it."""
        ...
