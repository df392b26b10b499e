"""What hangs on which pin of a Raspberry Pi, from the box's own configuration. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

Config = Mapping[str, Any]
"""A TOML file as it was read; empty where the box has none."""

HEADER: Final[tuple[int | str, ...]] = (
    *("3V3", "5V", 2, "5V", 3, "GND", 4, 14, "GND", 15),
    *(17, 18, 27, "GND", 22, 23, "3V3", 24, 10, "GND"),
    *(9, 25, 11, 8, "GND", 7, 0, 1, 5, "GND"),
    *(6, 12, 13, "GND", 19, 16, 26, 20, "GND", 21),
)
"""The 40 positions in order, the same on a Pi 4 and 5: a BCM number, or what the position is."""

RESERVED: Final = {
    0: "nhận dạng bo mạch / board identification",
    1: "nhận dạng bo mạch / board identification",
    14: "UART TX",
    15: "UART RX",
}
"""What is not for keys: `config.txt` of a box with keys gives 14 and 15 to the serial line."""

WORDS: Final = {
    "pin": "phím / key",
    "led_pin": "đèn / lamp",
    "next_pin": "gọi tiếp / next",
    "recall_pin": "gọi lại / recall",
    "no_show_pin": "vắng mặt / no-show",
    "help_pin": "trợ giúp / help",
    "waiting_led_pin": "đèn đang chờ / lamp: waiting",
    "link_led_pin": "đèn kết nối / lamp: link",
    "call_led_pin": "đèn đang gọi / lamp: call",
    "help_led_pin": "đèn trợ giúp / lamp: help",
    "buzzer_pin": "còi / buzzer",
}


@dataclass(frozen=True)
class Use:
    """One pin: its BCM number, whose it is, and what hangs on it."""

    pin: int
    owner: str
    what: str


def uses(kiosk: Config, display: Config) -> list[Use]:
    """Every pin that a kiosk's keys and a display's pads use, in the order of the files."""
    return [*_of(kiosk, "button", "service"), *_of(display, "pad", "counter")]


def _of(config: Config, table: str, owner: str) -> Iterator[Use]:
    for options in config.get(table, []):
        if options.get("driver") != "gpio":
            continue
        whose = str(options.get(owner) or table)
        for key, pin in options.items():
            if key.endswith("pin") and isinstance(pin, int):
                yield Use(pin, whose, WORDS.get(key, key))


def faults(used: list[Use]) -> list[str]:
    """What cannot be wired so: each says the pin, and what to do."""
    found = []
    seen: dict[int, Use] = {}
    for use in used:
        here = f"GPIO{use.pin} ({use.owner}: {use.what})"
        if use.pin not in HEADER:
            found.append(f"{here}: không có chân này, dùng 2-27 / is not there, use 2 to 27")
        elif use.pin in RESERVED:
            found.append(f"{here}: đã dành cho / is taken by {RESERVED[use.pin]}")
        elif use.pin in seen:
            found.append(f"{here}: trùng với / is used already by {seen[use.pin].owner}")
        seen.setdefault(use.pin, use)
    return found
