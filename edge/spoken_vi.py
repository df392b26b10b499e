"""How Vietnamese says letters, numbers, times and what is written short."""

import re
from typing import Final

DIGITS: Final = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
LETTERS: Final = {
    "A": "a", "B": "bê", "C": "xê", "D": "dê", "Đ": "đê", "E": "e", "F": "ép-phờ", "G": "giê",
    "H": "hát", "I": "i", "J": "gi", "K": "ca", "L": "e-lờ", "M": "em-mờ", "N": "en-nờ",
    "O": "o", "P": "pê", "Q": "quy", "R": "e-rờ", "S": "ét-sì", "T": "tê", "U": "u", "V": "vê",
    "W": "vê kép", "X": "ích-xì", "Y": "i dài", "Z": "dét",
}  # fmt: skip
UNITS: Final = {
    "km": "ki lô mét", "km²": "ki lô mét vuông", "m": "mét", "m²": "mét vuông", "cm": "xen ti mét",
    "mm": "mi li mét", "kg": "ki lô gam", "min": "phút", "ph": "phút", "s": "giây",
    "%": "phần trăm",
}  # fmt: skip
SHORT: Final = {
    "UBND": "Ủy ban nhân dân", "HĐND": "Hội đồng nhân dân", "BHYT": "bảo hiểm y tế",
    "BHXH": "bảo hiểm xã hội", "CCCD": "căn cước công dân", "CMND": "chứng minh nhân dân",
    "QSDĐ": "quyền sử dụng đất", "GPLX": "giấy phép lái xe", "THPT": "trung học phổ thông",
    "TNHH": "trách nhiệm hữu hạn", "DNTN": "doanh nghiệp tư nhân", "HKD": "hộ kinh doanh",
    "TP.": "thành phố", "P.": "phường", "Q.": "quận", "TP": "thành phố", "HCM": "Hồ Chí Minh",
    "QR": "kiu a", "PIN": "pin",
}  # fmt: skip
_SHORT: Final = re.compile(r"(?<!\w)(" + "|".join(re.escape(short) for short in SHORT) + r")(?!\w)")
_SCALES: Final = ((1_000_000_000, "tỷ"), (1_000_000, "triệu"), (1000, "nghìn"))


class _Vietnamese:
    """The Vietnamese tongue of `edge.spoken`."""

    def number(self, value: int) -> str:
        """21 is "hai mươi mốt", 105 "một trăm linh năm"."""
        words: list[str] = []
        for scale, name in _SCALES:
            if value >= scale:
                words += [self.number(value // scale), name]
                value %= scale
                if 0 < value < 100 and scale == 1000:
                    words.append("không trăm")
                    if value < 10:
                        words.append("linh")
        if value or not words:
            words.append(_below_thousand(value))
        return " ".join(words)

    def digits(self, text: str) -> str:
        """Each digit by itself: "047" is "không bốn bảy"."""
        return " ".join(DIGITS[int(digit)] for digit in text)

    def letter(self, letter: str) -> str:
        """A capital letter's name; one with marks is said as it sounds."""
        return LETTERS.get(letter, letter.lower())

    def fraction(self, whole: str, part: str) -> str:
        """3,2 is "ba phẩy hai"; a trailing part of zeros is read as well."""
        return f"{self.number(int(whole))} phẩy {self.digits(part)}"

    def time(self, hour: int, minute: int) -> str:
        """09:42 is "chín giờ bốn mươi hai"."""
        said = f"{self.number(hour)} giờ"
        return f"{said} {self.number(minute)}" if minute else said

    def date(self, day: int, month: int, year: int | None) -> str:
        """23/11 is "ngày hai mươi ba tháng mười một"."""
        named = "tư" if month == 4 else self.number(month)
        said = f"ngày {self.number(day)} tháng {named}"
        return f"{said} năm {self.number(year)}" if year else said

    def unit(self, name: str) -> str:
        """The unit behind a number, in full."""
        return UNITS[name]

    def prepare(self, text: str) -> str:
        """Known abbreviations in full."""
        return _SHORT.sub(lambda match: SHORT[match[1]], text)


def _below_thousand(value: int) -> str:
    if value < 100:
        return _below_hundred(value)
    rest = value % 100
    said = f"{DIGITS[value // 100]} trăm"
    if rest == 0:
        return said
    return f"{said} linh {DIGITS[rest]}" if rest < 10 else f"{said} {_below_hundred(rest)}"


def _below_hundred(value: int) -> str:
    tens, unit = divmod(value, 10)
    if tens == 0:
        return DIGITS[unit]
    said = "mười" if tens == 1 else f"{DIGITS[tens]} mươi"
    if unit == 0:
        return said
    if unit == 5:
        return f"{said} lăm"
    if unit == 1 and tens > 1:
        return f"{said} mốt"
    return f"{said} {DIGITS[unit]}"


VIETNAMESE: Final = _Vietnamese()
