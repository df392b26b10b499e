"""Why a clerk or greeter did something out of the ordinary: what is kept of it, and refused."""

from typing import Any

from server.domain.privacy import looks_personal
from wire.errors import FieldFault, Refusal
from wire.requests import (
    CallRequest,
    HoldReasonRequest,
    HoldRequest,
    PriorityRequest,
    ReceiveRequest,
)


def check_words(**texts: str | None) -> None:
    """Refuse words that hold what identifies a person; they would stay in the log for years.

    Args:
        texts: What was typed, by the field it was typed in.

    Raises:
        Refusal: `looks_personal`, with every such field.
    """
    faults = tuple(
        FieldFault(field, "holds what looks like a person's number or address; leave it out")
        for field, text in texts.items()
        if text is not None and looks_personal(text)
    )
    if faults:
        raise Refusal("looks_personal", "No personal data is kept here.", errors=faults)


def jump_reason(body: CallRequest | PriorityRequest | ReceiveRequest) -> dict[str, Any]:
    """What the log keeps of why somebody goes before others.

    Raises:
        Refusal: `looks_personal`; `reason_incomplete` for a leader's order that names no leader.
    """
    check_words(why=body.why, by=body.by)
    if body.reason == "leader_order" and not (body.by or "").strip():
        fault = FieldFault("by", "is missing; name the leader who ordered it")
        raise Refusal("reason_incomplete", "A leader's order needs the leader's name.",
                      errors=(fault,))  # fmt: skip
    kept = {"why": body.why, "reason": body.reason, "by": body.by}
    return {name: value for name, value in kept.items() if value is not None}


def hold_reason(body: HoldRequest | HoldReasonRequest) -> dict[str, Any]:
    """What the log keeps of why a number is put aside.

    Raises:
        Refusal: `looks_personal`.
    """
    check_words(why=body.why)
    return {"reason": body.reason} if body.reason is not None else {}
