"""The keys of a USB keypad by the names that Linux gives them, without their `KEY_`.

Source: linux/input-event-codes.h.
"""

from typing import Final

KEY_CODES: Final[dict[str, int]] = {
    "ESC": 1, "BACKSPACE": 14, "TAB": 15, "ENTER": 28, "SPACE": 57, "NUMLOCK": 69,
    **{str(number): number + 1 for number in range(1, 10)}, "0": 11,
    "MINUS": 12, "EQUAL": 13, "DOT": 52, "SLASH": 53,
    **dict(zip("QWERTYUIOP", range(16, 26), strict=True)),
    **dict(zip("ASDFGHJKL", range(30, 39), strict=True)),
    **dict(zip("ZXCVBNM", range(44, 51), strict=True)),
    **{f"F{number}": number + 58 for number in range(1, 11)}, "F11": 87, "F12": 88,
    "KP7": 71, "KP8": 72, "KP9": 73, "KPMINUS": 74, "KP4": 75, "KP5": 76, "KP6": 77,
    "KPPLUS": 78, "KP1": 79, "KP2": 80, "KP3": 81, "KP0": 82, "KPDOT": 83, "KPENTER": 96,
    "KPSLASH": 98, "KPASTERISK": 55, "KPEQUAL": 117, "KPCOMMA": 121,
    "HOME": 102, "UP": 103, "PAGEUP": 104, "LEFT": 105, "RIGHT": 106, "END": 107, "DOWN": 108,
    "PAGEDOWN": 109, "INSERT": 110, "DELETE": 111,
    "CALC": 140, "VOLUMEUP": 115, "VOLUMEDOWN": 114, "MUTE": 113, "PLAYPAUSE": 164,
}  # fmt: skip

LED_CODES: Final[dict[str, int]] = {"num": 0, "caps": 1, "scroll": 2}
