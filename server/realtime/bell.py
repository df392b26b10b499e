"""The bell over Redis: publish after a commit, wake when another process publishes."""

import logging
from collections.abc import Callable
from typing import Any, Final

import gevent
import redis
from gevent.event import Event

log = logging.getLogger(__name__)

CHANNEL: Final = "layso:changed"
RETRY_S: Final = 1.0


class RedisBell:
    """Rings through one Redis channel, and says when it cannot.

    Args:
        url: As LAYSO_REDIS_URL.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self.connected = False
        self._greenlets: list[gevent.Greenlet[..., None]] = []
        self._client = self._open()
        self._rung: set[str] = set()
        self._wake = Event()

    def start(self, heard: Callable[[str], None]) -> None:
        """Begin to listen; losing Redis is logged once and retried every second."""
        self._greenlets = [gevent.spawn(self._listen, heard), gevent.spawn(self._tell)]

    def ring(self, centre: str) -> None:
        """Tell the others; without Redis they find out by polling."""
        self._rung.add(centre)
        self._wake.set()

    def stop(self) -> None:
        """Stop listening."""
        gevent.killall(self._greenlets)
        self._client.close()

    def _open(self) -> Any:
        return redis.Redis.from_url(self._url, socket_timeout=2.0, socket_connect_timeout=2.0)

    def _listen(self, heard: Callable[[str], None]) -> None:
        warned = False
        while True:
            try:
                with self._client.pubsub(ignore_subscribe_messages=True) as subscription:
                    subscription.subscribe(CHANNEL)
                    self.connected, warned = True, False
                    self._hear(subscription, heard)
            except redis.RedisError as error:
                self.connected = False
                if not warned:
                    log.warning("Redis is away, looking for changes by polling: %s", error)
                warned = True
            gevent.sleep(RETRY_S)

    def _tell(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            while self._rung:
                centre = self._rung.pop()
                try:
                    if self.connected:
                        self._client.publish(CHANNEL, centre)
                except redis.RedisError:
                    self.connected = False  # The listening greenlet says so and tries again.

    def _hear(self, subscription: Any, heard: Callable[[str], None]) -> None:
        while self.connected:
            message = subscription.get_message(timeout=1.0)
            if message is not None:
                heard(message["data"].decode("utf-8", "replace"))


class SilentBell:
    """No bell at all: other processes' commits are found by looking often."""

    connected = False

    def start(self, heard: Callable[[str], None]) -> None:
        """Nothing will be heard."""

    def ring(self, centre: str) -> None:
        """Nobody hears it."""

    def stop(self) -> None:
        """Nothing to let go of."""
