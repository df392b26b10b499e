"""Why this one: the winner of a call and its runners-up, in data and in plain words.

The words are for the person at the counter, the citizen who asks and the director who reads the
day's report, in Vietnamese and English. They say what was compared and what decided.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

Words = dict[str, str]


class Candidate(NamedTuple):
    """One head that was compared. Times in minutes."""

    ticket: str
    service: str
    priority: str
    score: float
    wait_min: float
    drain_min: float
    mean_min: float


GROUPS: Final[Mapping[str, tuple[str, str]]] = {
    "none": ("thường", "regular"),
    "elderly": ("người cao tuổi", "elderly"),
    "disabled": ("người khuyết tật", "disabled"),
    "pregnant": ("phụ nữ mang thai", "pregnant"),
    "infant": ("có con nhỏ", "with an infant"),
    "merit": ("người có công", "person of merit"),
    "appointment": ("có hẹn", "appointment"),
}

BECAUSE: Final[Mapping[str, tuple[str, str]]] = {
    "alone": (
        "là hàng duy nhất quầy này phục vụ được lúc này",
        "it is the only queue this counter can serve now",
    ),
    "wait": ("đã chờ lâu hơn", "it has waited longer"),
    "priority": ("thuộc nhóm ưu tiên hơn", "its group has priority"),
    "drain": (
        "hàng này còn nhiều việc hơn so với số quầy đang mở",
        "more work is left in its queue for the counters that are open",
    ),
    "short": ("mỗi lượt của hàng này ngắn hơn", "its service takes less time"),
    "order": ("lấy số trước", "it was issued earlier"),
    "pinned": ("đã được chuyển đến đúng quầy này", "it was sent to this very counter"),
}


def reason_of(counter: str, candidates: Sequence[Candidate], because: str) -> dict[str, Any]:
    """The reason of a call: what was compared, and what decided.

    Args:
        counter: Id of the asking counter.
        candidates: The winner first, then the runners-up.
        because: A key of `BECAUSE`, what decided between the first two.

    Returns:
        Plain data: `rule`, `counter`, `because`, `candidates`, `words` with `vi` and `en`.
    """
    rows = [one._asdict() for one in candidates]
    return {
        "rule": "score",
        "counter": counter,
        "because": because,
        "candidates": rows,
        "words": _words(rows, because, {}),
    }


def named(
    reason: Mapping[str, Any],
    services: Mapping[str, tuple[str, str]],
    numbers: Mapping[str, str],
) -> dict[str, Any]:
    """The same reason with what people call things.

    Args:
        reason: As `reason_of` made it.
        services: Names in Vietnamese and English by service id.
        numbers: Numbers on paper by ticket id.
    """
    rows = [{**row, "number": numbers.get(row["ticket"], "")} for row in reason["candidates"]]
    words = _words(rows, reason["because"], services)
    return {**reason, "candidates": rows, "words": words}


def _words(
    rows: Sequence[Mapping[str, Any]],
    because: str,
    services: Mapping[str, tuple[str, str]],
) -> Words:
    first, *others = (
        (_described(row, services, 0), _described(row, services, 1)) for row in rows[:2]
    )
    vi = f"Mời {first[0]}: {BECAUSE[because][0]}."
    en = f"Called {first[1]}: {BECAUSE[because][1]}."
    if others:
        vi += f" Kế tiếp là {others[0][0]}."
        en += f" Next would be {others[0][1]}."
    return {"vi": vi, "en": en}


_DESCRIBED: Final = (
    "{number}{service} (nhóm {group}, {wait}, hàng còn khoảng {drain} phút việc)",
    "{number}{service} ({group}, {wait}, about {drain} min of work in its queue)",
)


def _described(
    row: Mapping[str, Any], services: Mapping[str, tuple[str, str]], language: int
) -> str:
    service = services.get(row["service"], (row["service"], row["service"]))[language]
    group = GROUPS.get(row["priority"], (row["priority"], row["priority"]))[language]
    number = f"{row['number']} " if row.get("number") else ""
    return _DESCRIBED[language].format(
        number=number,
        service=service,
        group=group,
        wait=_waited(row["wait_min"])[language],
        drain=round(row["drain_min"]),
    )


def _waited(wait_min: float) -> tuple[str, str]:
    minutes = round(abs(wait_min))
    if wait_min < 0:
        return f"còn {minutes} phút mới đến giờ hẹn", f"{minutes} min before its slot"
    return f"chờ {minutes} phút", f"waited {minutes} min"
