"""Notices: written by a manager, told to the hall and the staff, over when they say so.

They are no part of a centre's log and have no seq; who wrote and who ended one is kept with it.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final
from unicodedata import normalize

from server.domain.ticket import instant, milliseconds
from server.service.book import unknown_centre
from server.service.device_ports import NoticeRow
from server.service.once import run_once
from server.service.ports import Caller, Clock, Operation, Reply, Store, Tx
from wire.errors import FieldFault, Refusal
from wire.notices import NOTICES_MOST, Notice, NoticeRequest, Notices
from wire.words import Name, Role

STAFF: Final[frozenset[Role]] = frozenset({"greeter", "clerk", "manager", "admin"})
"""Who is told what is for the staff; everybody else is the public."""


LATEST_MS: Final = milliseconds(datetime(9999, 12, 31, tzinfo=UTC))
"""A moment after it, which the wire may name, is no date any more in another zone."""


class NoticeBoard:
    """Everything about notices. Safe from any thread or greenlet.

    Args:
        store: Where the rows are.
        clock: Read once for each question.
        random: Gives that many random bytes.
    """

    def __init__(self, store: Store, clock: Clock, random: Callable[[int], bytes]) -> None:
        self._store = store
        self._clock = clock
        self._random = random
        self.on_change: list[Callable[[str], None]] = []

    def post(
        self, caller: Caller, centre: str, body: NoticeRequest, operation: Operation | None
    ) -> Reply:
        """Tell everybody in the audience, from now on.

        Raises:
            Refusal: `unknown_centre`; `already_past` by its `until`; `notices_full`.
        """
        now = self._clock.now()
        now_ms = milliseconds(now)
        fresh = self._random(8).hex()
        _check(body, now)

        def decide(tx: Tx) -> Notice:
            _known(tx, centre)
            if len(tx.notices(centre, now_ms)) >= NOTICES_MOST:
                detail = f"{NOTICES_MOST} notices hold already: end one of them first."
                raise Refusal("notices_full", detail)
            row = NoticeRow(
                fresh, centre, *_texts(body), body.audience, int(body.urgent), now_ms,
                _until_ms(body), caller.id, None, None,
            )  # fmt: skip
            tx.save_notice(row)
            return _answer(row)

        return self._run(centre, operation, now_ms, decide)

    def end(self, caller: Caller, centre: str, notice: str, operation: Operation | None) -> Reply:
        """Take a notice down; one that is over already stays so.

        Raises:
            Refusal: `unknown_centre`, `unknown_notice`.
        """
        now_ms = milliseconds(self._clock.now())

        def decide(tx: Tx) -> Notice:
            _known(tx, centre)
            row = tx.notice(notice)
            if row is None or row.centre != centre:
                raise Refusal("unknown_notice", "There is no such notice.")
            if row.ended_ms is None:
                tx.save_notice(row._replace(ended_ms=now_ms, ended_by=caller.id))
            return _answer(row)

        return self._run(centre, operation, now_ms, decide)

    def holding(self, centre: str, *, staff: bool) -> Notices:
        """What holds now, the newest first; without `staff`, what the public is told.

        Raises:
            Refusal: `unknown_centre`.
        """
        now_ms = milliseconds(self._clock.now())

        def ask(tx: Tx) -> Notices:
            _known(tx, centre)
            rows = tx.notices(centre, now_ms)
            told = [_answer(row) for row in rows if staff or row.audience != "staff"]
            return Notices(centre, told)

        return self._store.read(ask)

    def _run(
        self,
        centre: str,
        operation: Operation | None,
        now_ms: int,
        decide: Callable[[Tx], Notice],
    ) -> Reply:
        reply = run_once(self._store, centre, centre, operation, now_ms, decide)
        for tell in self.on_change:
            tell(centre)
        return reply


def _known(tx: Tx, centre: str) -> None:
    if tx.ledger(centre) is None:
        raise unknown_centre(centre)


def _check(body: NoticeRequest, now: datetime) -> None:
    if body.until is not None and body.until <= now:
        fault = FieldFault("until", "is past; leave it out for a notice without an end")
        raise Refusal("already_past", "The notice would be over before anybody saw it.",
                      errors=(fault,))  # fmt: skip


def _until_ms(body: NoticeRequest) -> int | None:
    return None if body.until is None else min(milliseconds(body.until), LATEST_MS)


def _texts(body: NoticeRequest) -> tuple[str, str]:
    vi = normalize("NFC", body.text.vi.strip())
    return vi, normalize("NFC", (body.text.en or vi).strip())


def _answer(row: NoticeRow) -> Notice:
    return Notice(
        id=row.id,
        text=Name(row.text_vi, row.text_en),
        audience=row.audience,
        urgent=bool(row.urgent),
        until=instant(row.until_ms) if row.until_ms is not None else None,
    )
