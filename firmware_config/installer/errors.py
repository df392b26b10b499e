"""Why an installation stops. Each says what to do, in Vietnamese and in English."""

from typing import Final

FAILED: Final = 1
USAGE: Final = 2
OUTBOX: Final = 3
LOSS: Final = 4


class Stopped(Exception):
    """The installer stops here; what was not said to be changed is as it was.

    Args:
        vi: One line for the technician, in Vietnamese.
        en: The same in English.
        status: The exit status.
    """

    def __init__(self, vi: str, en: str, status: int = FAILED) -> None:
        super().__init__(f"{vi}\n{en}")
        self.status = status


def wrong(option: str, given: str, example: str) -> tuple[str, str]:
    """What is said of an option that is missing or will not do: in Vietnamese, in English."""
    if not given:
        return (
            f"thiếu {option}, ví dụ {option} {example}",
            f"{option} is missing, such as {option} {example}",
        )
    return (
        f"{option} '{given}' không hợp lệ, ví dụ {option} {example}",
        f"{option} '{given}' will not do, such as {option} {example}",
    )


def refuse_if_wrong(faults: list[tuple[str, str]]) -> None:
    """Raise Stopped with all of them, where there are any."""
    if faults:
        vi, en = ("\n".join(lines) for lines in zip(*faults, strict=True))
        raise Stopped(vi, en, USAGE)
