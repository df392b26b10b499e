"""The audit log: who changed what, for managers and admins. Entries are added, never changed."""

from typing import Final, Literal

from wire.answers import Answer, Moment

KEPT_DAYS: Final = 731
"""24 months; older entries are dropped."""

AUDIT_PAGE: Final = 50

ActorKind = Literal["person", "device", "command", "nobody"]
"""`command` is the command line; `nobody` somebody who could not sign in."""


class AuditEntry(Answer, frozen=True):
    """One thing that was done.

    `actor` is the name of the account or device, `subject` what was acted upon as it was called
    then, `detail` says more by names that belong to the action. No secret is in any of them.
    """

    id: str
    at: Moment
    by: ActorKind
    actor: str
    action: str
    subject: str
    detail: dict[str, str]


class AuditPage(Answer, frozen=True):
    """Some entries, the newest first; with `more`, ask again with `before` the last one's id."""

    entries: list[AuditEntry]
    more: bool
