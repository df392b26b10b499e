"""The faults that cross the wire: `application/problem+json` with a stable code.

Source: RFC 9457; the codes are the project's own and never change their meaning.
"""

from typing import Final

import msgspec

STATUS_OF: Final[dict[str, int]] = {
    "bad_request": 400,
    "idempotency_key_missing": 400,
    "idempotency_key_malformed": 400,
    "unauthenticated": 401,
    "bad_credentials": 401,
    "forbidden": 403,
    "csrf": 403,
    "not_found": 404,
    "unknown_centre": 404,
    "unknown_counter": 404,
    "unknown_device": 404,
    "unknown_help": 404,
    "unknown_notice": 404,
    "unknown_print": 404,
    "unknown_ticket": 404,
    "unknown_procedure": 404,
    "unknown_service": 404,
    "unknown_track": 404,
    "unknown_user": 404,
    "method_not_allowed": 405,
    "already_past": 409,
    "already_rated": 409,
    "centre_closed": 409,
    "centre_needed": 409,
    "configuration_refused": 409,
    "counter_busy": 409,
    "counter_moved_on": 409,
    "counter_not_open": 409,
    "day_full": 409,
    "idempotency_mismatch": 409,
    "id_taken": 409,
    "invalid_transition": 409,
    "looks_personal": 409,
    "last_admin": 409,
    "no_steps_left": 409,
    "nothing_to_undo": 409,
    "notices_full": 409,
    "number_outside_band": 409,
    "number_taken": 409,
    "reason_incomplete": 409,
    "seat_taken": 409,
    "printer_not_ready": 409,
    "own_account": 409,
    "password_wrong": 409,
    "rating_closed": 409,
    "superseded": 409,
    "too_early": 409,
    "version_conflict": 409,
    "body_too_large": 413,
    "unsupported_media_type": 415,
    "invalid_body": 422,
    "too_many_requests": 429,
    "internal": 500,
    "unavailable": 503,
}


class FieldFault(msgspec.Struct, frozen=True):
    """One fault of a body or query: which field, and what would be right."""

    field: str
    message: str


class Problem(msgspec.Struct, frozen=True, omit_defaults=True, rename={"from_": "from"}):
    """The body of every answer that is not 2xx."""

    code: str
    title: str
    status: int
    detail: str = ""
    errors: list[FieldFault] = []
    from_: str = ""
    action: str = ""
    type: str = "about:blank"


class LaySoError(Exception):
    """The root of every error this project raises on purpose."""


class Refusal(LaySoError):
    """A command that was refused; nothing changed and nothing was lost.

    `code` is a key of `STATUS_OF`; `detail` is one plain English sentence for the
    person or program that asked.
    """

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        errors: tuple[FieldFault, ...] = (),
        from_state: str = "",
        action: str = "",
        retry_after_s: int = 0,
    ) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.status = STATUS_OF[code]
        self.detail = detail
        self.errors = errors
        self.from_state = from_state
        self.action = action
        self.retry_after_s = retry_after_s

    def problem(self) -> Problem:
        """The answer body that says this refusal."""
        return Problem(
            code=self.code,
            title=self.code.replace("_", " ").capitalize(),
            status=self.status,
            detail=self.detail,
            errors=list(self.errors),
            from_=self.from_state,
            action=self.action,
        )
