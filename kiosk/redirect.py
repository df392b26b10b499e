"""Another centre instead of this one: what the server offers, and a number taken for it here.

Nothing of this works with the server away, and nothing of it is needed: whoever gets no answer
or a refusal takes a number here as ever.
"""

import logging
import time
import urllib.parse
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from edge.client import ServerClient
from edge.clock import TrustedClock
from edge.errors import ServerRefused, ServerUnreachable
from kiosk.answers import OfferRequest, PressAnswer, PressRefused, RedirectPress
from kiosk.contact import Contact
from kiosk.elsewhere import elsewhere_of
from kiosk.journal import Attempt, Entry, Journal, with_paper
from kiosk.press import PRESS_S, Press, named_procedure, online_entry
from wire.answers import Offers, Redirected

log = logging.getLogger(__name__)

OFFER_S: Final = 0.4
"""The server's share of a touch before the citizen is answered as if it offered nothing.

With a press of 0.7 s after it, a server that has just gone silent still costs less than 1.5 s.
"""

REDIRECT_S: Final = 1.2
"""The server's share of a redirect: the kiosk has no number of its own to fall back on."""

ANSWER_S: Final = 5.0

ASKED_FOR: Final = timedelta(minutes=5)
"""Who asked longer ago than this has gone: a try that a crash cut off is not made again."""

NOTHING: Final[dict[str, Any]] = {"wait": None, "fits": True, "offers": []}

_ELSEWHERE: Final = "press.elsewhere"
_AWAY: Final = "press.elsewhere_away"
_NOT_FINAL: Final = frozenset({401, 403, 408, 425, 429})


class Redirects:
    """Asks for offers and takes what is offered. Safe to use from several threads.

    Args:
        centre: The kiosk's own.
        press: Whose turns, identities and printing are shared.
    """

    def __init__(
        self,
        *,
        centre: str,
        client: ServerClient,
        contact: Contact,
        clock: TrustedClock,
        journal: Journal,
        press: Press,
    ) -> None:
        self._path = f"/api/v1/centres/{centre}"
        self._client = client
        self._contact = contact
        self._clock = clock
        self._journal = journal
        self._press = press

    def offer(self, request: OfferRequest) -> Offers | dict[str, Any]:
        """What to tell before a number is taken; nothing where the server does not say in time."""
        if not self._contact.reachable:
            return NOTHING
        asked = urllib.parse.urlencode(msgspec.to_builtins(request))
        try:
            reply = self._client.get(f"{self._path}/offers?{asked}", timeout_s=OFFER_S)
            return msgspec.convert(reply.body, Offers)
        except ServerUnreachable as error:
            log.warning("an offer went unanswered: %s", error)
            if not error.maybe_received:
                self._contact.lost()
        except ServerRefused as error:
            log.info("no offer: %s", error)
        except msgspec.ValidationError as error:
            log.error("the server's offer is not understood: %s", error)
        return NOTHING

    def redirect(self, request: RedirectPress) -> PressAnswer:
        """Take a number of another centre and print it.

        Raises:
            PressRefused: no number was given, and why; one may still be taken here.
        """
        deadline_s = time.monotonic() + PRESS_S
        with self._press.counted():
            self._press.take_turn(request.by)
            entry = self._issue(request)
        return self._press.hand_over(entry, deadline_s)

    def _issue(self, request: RedirectPress) -> Entry:
        if not self._contact.reachable:
            raise PressRefused("unavailable", 503, said=_AWAY)
        attempt = self._press.new_attempt(
            "redirect", request.service, "none", request.language,
            going_to=request.to, procedure=request.procedure,
        )  # fmt: skip
        self._journal.begin(attempt)
        try:
            entry = self._asked(attempt, REDIRECT_S)
        except ServerUnreachable as error:
            # If a number was made after all, nobody comes for it, and the server voids it.
            log.warning("a redirect went unanswered: %s", error)
            self._contact.lost()
            raise self._given_up(attempt, 503, "unavailable", _AWAY) from error
        except ServerRefused as error:
            raise self._refused(attempt, error) from error
        except msgspec.ValidationError as error:
            log.error("the server's redirect is not understood: %s", error)
            raise self._given_up(attempt, 503, "unavailable", _AWAY) from error
        self._keep(attempt, entry)
        return entry

    def _keep(self, attempt: Attempt, entry: Entry) -> None:
        with self._journal.database.transaction():
            self._journal.end(attempt.key)
            self._journal.add(entry)

    def _asked(self, attempt: Attempt, timeout_s: float) -> Entry:
        body = {
            "service": attempt.service,
            "to": attempt.going_to,
            "language": attempt.language,
            **named_procedure(attempt.procedure),
        }
        path = f"{self._path}/redirects"
        reply = self._client.post(path, body, key=attempt.key, timeout_s=timeout_s)
        ticket = msgspec.convert(reply.body, Redirected)
        link = ticket.track_url if isinstance(ticket.track_url, str) else ""
        return online_entry(attempt, ticket, link, self._clock, elsewhere_of(ticket))

    def _given_up(self, attempt: Attempt, status: int, code: str, said: str) -> PressRefused:
        self._journal.end(attempt.key)
        return PressRefused(code, status, said=said)

    def _refused(self, attempt: Attempt, error: ServerRefused) -> PressRefused:
        code, status = error.problem.code, error.problem.status
        if status == 429:
            self._journal.end(attempt.key)
            return PressRefused("too_many_requests", 429, retry_after_s=error.retry_after_s or 1)
        log.warning("the server refuses a redirect: %s", error)
        if status in _NOT_FINAL:
            return self._given_up(attempt, 503, "unavailable", _AWAY)
        return self._given_up(attempt, 409, code, _ELSEWHERE)

    def look_into(self, attempt: Attempt) -> bool:
        """Make a try again that a crash cut off, under its own key; False: not answered yet.

        The same key gives the same number once. Its paper is for whoever still stands there, as
        a copy; nothing is printed by itself.
        """
        if not self._clock.trusted:
            return False
        if self._clock.now() - _born(attempt.id) > ASKED_FOR:
            self._journal.end(attempt.key)
            return True
        try:
            entry = self._asked(attempt, ANSWER_S)
        except ServerUnreachable:
            return False
        except (ServerRefused, msgspec.ValidationError) as error:
            if isinstance(error, ServerRefused) and error.problem.status in _NOT_FINAL:
                return False
            self._journal.end(attempt.key)
            return True
        self._keep(attempt, with_paper(entry, "failed", "interrupted"))
        log.warning("%s was taken for %s just before a crash", entry.number, attempt.going_to)
        return True


def _born(uuid7: str) -> datetime:
    """The moment that a version 7 UUID carries."""
    return datetime.fromtimestamp(int(uuid7.replace("-", "")[:12], 16) / 1000, UTC)
