"""Advice in plain words, in Vietnamese and English, for the manager and for the day's record."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from wire.words import AdviceKind


class Said(NamedTuple):
    """One sentence in both languages."""

    vi: str
    en: str


TO_DO: Final[Mapping[AdviceKind, Said]] = {
    "open": Said("Mở quầy {number} cho {service}", "Open counter {number} for {service}"),
    "lend": Said("Quầy {number} nhận thêm {service}", "Let counter {number} also take {service}"),
    "take_back": Said(
        "Quầy {number} thôi nhận thêm {service}", "Counter {number} stops taking {service}"
    ),
}

SHORTER: Final = Said("giảm khoảng {minutes} phút chờ", "about {minutes} min less wait")
SOONER: Final = Said("hàng vơi nhanh hơn", "the queue clears sooner")
UNSERVED: Final = Said("chưa có quầy nào phục vụ", "no open counter serves it")
EASED: Final = Said("hàng đã vơi", "its queue has eased")


def sentence(
    kind: AdviceKind, number: int, service: tuple[str, str], gain_min: float, served: bool
) -> Said:
    """What to do, and why.

    Args:
        kind: What to do.
        number: The counter's.
        service: Its name in Vietnamese and English.
        gain_min: What one who comes now would wait less.
        served: Whether an open counter serves it already.
    """
    why = _why(kind, gain_min, served)
    vi, en = (
        f"{todo} – {because}".format(number=number, service=name, minutes=round(gain_min))
        for todo, because, name in zip(TO_DO[kind], why, service, strict=True)
    )
    return Said(vi, en)


def _why(kind: AdviceKind, gain_min: float, served: bool) -> Said:
    if kind == "take_back":
        return EASED
    if not served:
        return UNSERVED
    return SHORTER if round(gain_min) >= 1 else SOONER
