"""Calling a member of staff to this kiosk: asked of the server, which answers to everybody.

The record is the server's. The live link brings each change of it, so that the page knows when
somebody is coming, and when it is over.
"""

import logging
import secrets
import threading
from collections.abc import Callable
from typing import Any, Final

import msgspec

from edge.client import ServerClient
from edge.errors import EdgeError
from kiosk.answers import PressRefused
from wire.help import HelpCall, HelpCalls, HelpState, KioskCaller

log = logging.getLogger(__name__)

ANSWER_S: Final = 1.5
AWAY: Final = "press.help_unavailable"


class HelpButton:
    """This kiosk's own call for help. Safe to use from several threads.

    Args:
        client: The kiosk's way to the server.
        centre: The configured centre.
        kiosk: This kiosk's number, as far as it is known.
    """

    def __init__(self, client: ServerClient, centre: str, kiosk: Callable[[], int | None]) -> None:
        self._client = client
        self._path = f"/api/v1/centres/{centre}/help"
        self._kiosk = kiosk
        self._lock = threading.Lock()
        self._call: HelpCall | None = None

    @property
    def state(self) -> HelpState:
        """What the server last said of this kiosk's call."""
        call = self._call
        return call.state if call is not None else "clear"

    def call(self) -> HelpState:
        """Call for help; who calls already keeps the call there is.

        Raises:
            PressRefused: `unavailable`; the server is away, and nobody may have heard.
        """
        return self._ask(self._path)

    def clear(self) -> HelpState:
        """Take the call back; nothing happens where there is none.

        Raises:
            PressRefused: `unavailable`; the call stands.
        """
        call = self._call
        return "clear" if call is None else self._ask(f"{self._path}/{call.id}/clear")

    def on_help(self, told: Any) -> None:
        """Learn from the live link who calls; called in the link's thread."""
        try:
            calls = msgspec.convert(told, HelpCalls).calls
        except msgspec.ValidationError as error:
            log.warning("the server's calls for help are not understood: %s", error)
            return
        with self._lock:
            self._call = next((call for call in calls if self._is_own(call)), None)

    def _is_own(self, call: HelpCall) -> bool:
        return isinstance(call.caller, KioskCaller) and call.caller.kiosk == self._kiosk()

    def _ask(self, path: str) -> HelpState:
        key = f"help-{secrets.token_hex(12)}"
        try:
            reply = self._client.post(path, {}, key=key, timeout_s=ANSWER_S)
            call = msgspec.convert(reply.body, HelpCall)
        except (EdgeError, msgspec.ValidationError) as error:
            log.warning("help was not called from here: %s", error)
            raise PressRefused("unavailable", 503, detail=str(error), said=AWAY) from error
        with self._lock:
            self._call = call
        return call.state
