"""Who may ask: device tokens, people's sessions, socket tokens and one-time codes."""

import threading
from collections.abc import Callable, Iterable

from server.service.access_base import AccessBase, Memory
from server.service.access_ports import AccessRows
from server.service.first_run import FirstRun
from server.service.fleet import Fleet
from server.service.people import SOCKET_PREFIX
from server.service.ports import Caller, Clock, Store


class Access(Fleet, FirstRun):
    """Everything about tokens, people and sessions in one place.

    Args: those of `AccessBase`. Safe to call from every thread or greenlet.
    """

    def __init__(
        self,
        store: Store,
        rows: AccessRows,
        clock: Clock,
        random_bytes: Callable[[int], bytes],
        *,
        secret_key: bytes,
        off_hub: Callable[[Callable[[], object]], object] = lambda work: work(),
    ) -> None:
        AccessBase.__init__(
            self, store, rows, clock, random_bytes, secret_key=secret_key, off_hub=off_hub
        )
        self._devices = Memory()
        self._sessions = Memory()
        self._persons = Memory()
        self._begun = False
        self.on_devices_changed = []
        # Each hashing takes 64 MiB: two at a time, however many sign in at once.
        self._hashing = threading.Semaphore(2)

    def authenticate(self, token: str) -> Caller | None:
        """Say whose token this is, a device's or a person's socket token; None if nobody's.

        For sockets. Commands over HTTP take `device` and `session` only.
        """
        if token.startswith(SOCKET_PREFIX):
            return self._socket_caller(token)
        return self.device(token)

    def alive(self, ids: Iterable[str]) -> set[str]:
        """Of these caller ids, those whose token or sign-in is still good.

        For cutting the sockets of the others; asks storage each time for tokens.
        """
        wanted = set(ids)
        tokens = {id_ for id_ in wanted if id_.startswith("t:")}
        return self._live_tokens(tokens) | self._live_people(wanted - tokens)
