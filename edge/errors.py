"""What goes wrong between an agent and the rest of the world, in words an operator can act on."""

from wire.errors import LaySoError, Problem


class EdgeError(LaySoError):
    """The root of every error of the unattended agents' shared base."""


class ServerUnreachable(EdgeError):
    """The server gave no usable answer in time: no network, a time-out, or its own fault (5xx).

    `maybe_received` is True when the request may have arrived and taken effect, so that
    the caller must not take it for undone; False when it certainly did not.
    """

    def __init__(self, message: str, *, maybe_received: bool) -> None:
        super().__init__(message)
        self.maybe_received = maybe_received


class ServerRefused(EdgeError):
    """The server answered 4xx: nothing changed there. `problem` says why."""

    def __init__(self, problem: Problem, *, retry_after_s: float | None = None) -> None:
        super().__init__(f"{problem.code}: {problem.detail or problem.title}")
        self.problem = problem
        self.retry_after_s = retry_after_s


class PortTaken(EdgeError):
    """Another program already listens on the address."""


class EnrolmentFailed(EdgeError):
    """The one-time code did not become a token; nothing was written."""


class PinUnavailable(EdgeError):
    """A pin cannot be used: the library is not there, or the pin is taken; says what to do."""


class SpeechUnavailable(EdgeError):
    """Nothing can be spoken on this machine; the message says what to install."""
