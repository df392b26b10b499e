"""A centre written back: as plain data in the shape of its file, and as that file.

Reading what is written here gives the same centre again (`centre_file.read_centre`).
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from server.domain.calendar import DAYS, Session
from server.domain.centre import PRESETS, Bilingual, Centre, Counter, Service, Zone

Data = dict[str, Any]

_RULES: Final = (
    "no_show_after_s", "undo_s", "recall_after_s", "recalls", "return_within_min",
    "return_behind_calls", "redirect", "redirect_saves_min",
)  # fmt: skip
_WEIGHTS: Final = ("beta", "gamma", "patience_min")


def data_of(centre: Centre) -> Data:
    """A centre's configuration in the shape of its file, every value spelt out.

    Only what is as the policy's preset has it is left out. Retired things are no part of it.
    """
    return {
        "centre": _head(centre),
        "service": [_service(one) for one in centre.offered()],
        "zone": [_zone(one) for one in centre.zones.values()],
        "counter": [_counter(one) for one in centre.counters.values() if not one.retired],
        "policy": _policy(centre),
        "voice": {
            "chime": centre.voice.chime,
            "volume": [step._asdict() for step in centre.voice.volume],
        },
    }


def _name(name: Bilingual) -> Data:
    return {"vi": name.vi, "en": name.en}


def _present(**values: Any) -> Data:
    return {key: value for key, value in values.items() if value is not None}


def _head(centre: Centre) -> Data:
    hours = centre.hours
    known = centre.lat is not None and centre.lon is not None
    return _present(
        id=centre.id,
        name=_name(centre.name),
        kind=centre.kind,
        timezone=hours.timezone,
        location={"lat": centre.lat, "lon": centre.lon} if known else None,
        address=centre.address,
        hours=[_session(session) for session in hours.sessions],
        tickets_from_min=hours.tickets_from_min,
        lunch_tickets=hours.lunch_tickets,
        closed_dates=[day.isoformat() for day in sorted(hours.closed_dates)],
        simulation=centre.simulation,
    )


def _session(session: Session) -> Data:
    return {
        "days": days_text(session.days),
        "open": clock_text(session.open_min),
        "close": clock_text(session.close_min),
    }


def days_text(days: Iterable[int]) -> str:
    """Days as a file writes them: `mon-fri`, `sat,sun`; runs of three or more are ranges."""
    parts: list[str] = []
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    for run in runs:
        if len(run) > 2:
            parts.append(f"{DAYS[run[0]]}-{DAYS[run[-1]]}")
        else:
            parts += [DAYS[day] for day in run]
    return ",".join(parts)


def clock_text(minute: int) -> str:
    """A minute of the day as `07:30`; the day's end is `24:00`."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _service(service: Service) -> Data:
    return _present(
        id=service.id,
        prefix=service.prefix,
        name=_name(service.name),
        target_wait_min=service.target_wait_min,
        typical_service_min=service.typical_service_min,
        anywhere=service.anywhere,
        daily_limit=service.daily_limit,
    )


def _zone(zone: Zone) -> Data:
    return {"id": zone.id, "name": _name(zone.name), "floor": zone.floor, "side": zone.side}


def _counter(counter: Counter) -> Data:
    return _present(
        id=counter.id,
        number=counter.number,
        name=_name(counter.name),
        services=list(counter.own),
        zone=counter.zone,
    )


def _policy(centre: Centre) -> Data:
    preset, policy = PRESETS[centre.preset], centre.policy
    own = {
        name: getattr(policy, name)
        for name in _WEIGHTS
        if getattr(policy, name) != getattr(preset, name)
    }
    groups = [
        {"group": group, "tau_min": weight.tau_min, "head_start_min": weight.head_start_min}
        for group, weight in policy.weights.items()
        if weight != preset.weights.get(group)
    ]
    rules = {name: getattr(centre.rules, name) for name in _RULES}
    return {"preset": centre.preset, **own, **rules, "priority": groups}


def text_of(data: Mapping[str, Any]) -> str:
    """Write data of this shape as a centre file, TOML 1.0."""
    return "\n".join(_lines(data)) + "\n"


def _lines(data: Mapping[str, Any]) -> Iterator[str]:
    yield "[centre]"
    yield from _pairs(data["centre"])
    for kind in ("service", "zone", "counter"):
        for one in data.get(kind) or ():
            yield ""
            yield f"[[{kind}]]"
            yield from _pairs(one)
    for kind in ("policy", "voice"):
        if data.get(kind):
            yield ""
            yield f"[{kind}]"
            yield from _pairs(data[kind])


def _pairs(table: Mapping[str, Any]) -> Iterator[str]:
    for key, value in table.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            yield f"{key} = ["
            yield from (f"  {_value(one)}," for one in value)
            yield "]"
        else:
            yield f"{key} = {_value(value)}"


def _value(value: Any) -> str:
    if isinstance(value, str):
        # JSON's texts are TOML's, but for one character that only TOML wants escaped.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, dict):
        inner = ", ".join(f"{key} = {_value(one)}" for key, one in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_value(one) for one in value)}]"
    return str(value)


def _number(value: float) -> str:
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
