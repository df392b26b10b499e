"""What only people see or hear, by role: the technician is asked, and may leave it open."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from firmware_config.acceptance.record import Outcome, Trial

QUESTIONS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "server": (("Máy của quầy mở được trang gọi số", "A counter's computer opens the desk page"),),
    "kiosk": (
        ("Phiếu in rõ, đủ dấu tiếng Việt", "The slip is clear, with every Vietnamese mark"),
        ("Phiếu được cắt gọn, không kẹt", "The slip is cut clean and does not jam"),
        ("Chạm đúng chỗ ở bốn góc màn hình", "Touch is accurate in all four corners"),
        ("Đèn của phím sáng, nhấn phím ra số", "Key lamps light, a key gives a number"),
    ),
    "hall": (
        ("Đọc được số từ hàng ghế cuối", "Numbers are read from the last row"),
        ("Nghe rõ lời gọi từ hàng ghế cuối", "Calls are heard clearly in the last row"),
    ),
    "display": (
        ("Mọi bảng hiện 888, đủ các nét", "Every panel shows 888, no segment is missing"),
        ("Bảng nào đúng quầy đó", "Each panel hangs at its own counter"),
        ("Nghe rõ lời gọi từ hàng ghế cuối", "Calls are heard clearly in the last row"),
    ),
    "pad": (
        ("Phím gọi gọi đúng quầy, đèn sáng theo", "A call key calls its counter, lamps follow"),
    ),
}
"""Role → what is asked of it, Vietnamese and English."""

POWER: Final = (
    "Rút điện rồi cắm lại: máy tự chạy lại",
    "Power pulled and given back: the box comes up by itself",
)
HOW: Final = "c = có / yes, k = không / no, Enter = chưa thử / not tried"
WORDS: Final[dict[str, Outcome]] = {
    "c": "well", "có": "well", "y": "well", "k": "failed", "không": "failed", "n": "failed",
    "": "untested",
}  # fmt: skip

Ask = Callable[[str], str]


def of_roles(roles: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The questions of these roles, none twice, the power cut last."""
    found = [one for role in roles for one in QUESTIONS.get(role, ())]
    return tuple(dict.fromkeys([*found, POWER]))


def ask_all(roles: Sequence[str], ask: Ask | None) -> Iterator[Trial]:
    """Ask each question until the answer is one of the words; without `ask` all are untested.

    Args:
        roles: What the box is.
        ask: Shows a line and returns what was typed; EOFError leaves the rest untested.
    """
    for vi, en in of_roles(roles):
        outcome: Outcome | None = None if ask else "untested"
        while ask and outcome is None:
            try:
                outcome = WORDS.get(ask(f"{vi} / {en}? [{HOW}] ").strip().lower())
            except EOFError:
                ask, outcome = None, "untested"
        yield Trial(vi, en, outcome or "untested")
