"""Reading a centre file: the whole file is refused with every fault, or becomes a `Centre`."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from server.domain.centre import (
    BALANCED_NAME,
    PRESETS,
    Bilingual,
    Centre,
    Counter,
    Rules,
    Service,
    Zone,
)
from server.domain.dispatch import Policy, Weight
from server.domain.hours_file import read_hours
from server.domain.numbering import LAST
from server.domain.typed_text import ADDRESS_MOST, NAME_MOST, cleaned, holds_control
from server.domain.voice_file import read_voice_rules
from wire.checks import Table, did_you_mean, parse_toml, refuse_if_faulty
from wire.ids import SLUG
from wire.words import PRIORITIES

DIGIT_LIKE: Final = frozenset("BDGIOQS")
KINDS: Final = ("provincial", "branch", "point")
_MIN: Final = "minutes"
_SECONDS: Final = "whole seconds"
_A_SLUG: Final = "lower-case letters, digits and single hyphens, such as ho-tich; at most 64"
_SLUG: Final = r"(?!.{65})" + SLUG


def read_centre(text: str) -> tuple[Centre, list[str]]:
    """Read a centre file.

    Args:
        text: The file, TOML.

    Returns:
        The centre, and warnings that do not refuse it.

    Raises:
        FaultyFile: Every fault of the file, each with its key and a suggestion.
    """
    return centre_of(parse_toml(text))


def centre_of(data: Mapping[str, Any]) -> tuple[Centre, list[str]]:
    """Read a centre file that has been parsed, as `read_centre` does."""
    whole = Table(data, "", [])
    faults = whole.faults
    head = whole.table("centre", required=True)
    services = _services(whole.tables("service"))
    zones = _zones(whole.tables("zone"))
    counters = _counters(whole.tables("counter"), services, zones)
    preset, policy, rules = _policy(whole.table("policy"))
    voice = read_voice_rules(whole.table("voice"))
    if not services and head is not None:
        whole.fault("service", "is missing; a centre needs at least one [[service]]")
    whole.finish()
    centre = _centre(head, services, counters, zones) if head else None
    refuse_if_faulty(faults)
    assert centre is not None
    centre = replace(centre, policy=policy, preset=preset, rules=rules, voice=voice)
    return centre, _warnings(centre)


def _warnings(centre: Centre) -> list[str]:
    found = []
    for service in centre.services.values():
        odd = sorted(set(service.prefix) & DIGIT_LIKE)
        if odd:
            found.append(
                f"service '{service.id}': prefix {service.prefix} can be taken for a digit "
                f"on a panel ({', '.join(odd)}); H C A L F T E P U cannot"
            )
    served = {skill for counter in centre.counters.values() for skill in counter.services}
    for service in centre.services.values():
        if service.id not in served:
            found.append(f"service '{service.id}': no counter serves it")
    return found


def _centre(
    head: Table,
    services: dict[str, Service],
    counters: dict[str, Counter],
    zones: dict[str, Zone],
) -> Centre:
    lat, lon = _location(head.table("location"))
    centre = Centre(
        id=head.text("id", pattern=_SLUG, what=_A_SLUG),
        name=_name(head),
        kind=head.text("kind", "point", choices=KINDS),
        hours=read_hours(head),
        lat=lat,
        lon=lon,
        address=_typed(head, "address", ADDRESS_MOST, head.text("address", "")),
        services=services,
        counters=counters,
        zones=zones,
        simulation=head.number("simulation", 0.0, low=0.0, high=1000.0, what="a speed") or None,
    )
    head.finish()
    return centre


def _typed(table: Table, key: str, most: int, text: str) -> str:
    """A text as it is kept, noting what nobody can have meant."""
    text = cleaned(text)
    if holds_control(text):
        table.fault(key, "must not hold control characters")
    if len(text) > most:
        table.fault(key, f"must be at most {most} letters, not {len(text)}")
    return text


def _name(table: Table) -> Bilingual:
    name = table.table("name", required=True, what='{ vi = "…", en = "…" }')
    if name is None:
        return Bilingual("", "")
    both = Bilingual(*(_filled(name, language) for language in ("vi", "en")))
    name.finish()
    return both


def _filled(table: Table, key: str) -> str:
    known = len(table.faults)
    kept = _typed(table, key, NAME_MOST, table.text(key))
    if not kept and len(table.faults) == known:
        table.fault(key, "must be a text that is not empty")
    return kept


def _location(table: Table | None) -> tuple[float | None, float | None]:
    if table is None:
        return None, None
    lat = table.number("lat", low=-90, high=90, what="degrees of latitude")
    lon = table.number("lon", low=-180, high=180, what="degrees of longitude")
    table.finish()
    return lat, lon


def _seen_before(table: Table, key: str, value: object, seen: set[object]) -> bool:
    """Note a repeat of what must be unique; an empty value is a fault already noted."""
    if value in ("", 0):
        return True
    if value in seen:
        table.fault(key, f"'{value}' is given twice; each must be its own")
        return True
    seen.add(value)
    return False


def _services(tables: Sequence[Table]) -> dict[str, Service]:
    ids: set[object] = set()
    prefixes: set[object] = set()
    found = {}
    for table in tables:
        service = Service(
            id=table.text("id", pattern=_SLUG, what=_A_SLUG),
            prefix=_prefix(table),
            name=_name(table),
            target_wait_min=table.number("target_wait_min", 15.0, low=0.01, high=600, what=_MIN),
            typical_service_min=table.number(
                "typical_service_min", 8.0, low=0.01, high=600, what=_MIN
            ),
            anywhere=table.flag("anywhere", False),
            daily_limit=_limit(table),
        )
        table.finish()
        _seen_before(table, "prefix", service.prefix, prefixes)
        if not _seen_before(table, "id", service.id, ids):
            found[service.id] = service
    return found


def _limit(table: Table) -> int | None:
    absent = 0
    most = table.integer("daily_limit", absent, low=1, high=LAST, what="a whole number of tickets")
    return most or None


def _prefix(table: Table) -> str:
    prefix = table.text("prefix", pattern="[A-Z]{1,2}", what="one or two capital letters, A to Y")
    if "Z" in prefix:
        table.fault("prefix", "Z is kept for the kiosks' emergency series; choose another letter")
    return prefix


def _zones(tables: Sequence[Table]) -> dict[str, Zone]:
    ids: set[object] = set()
    found = {}
    for table in tables:
        zone = Zone(
            id=table.text("id", pattern=_SLUG, what=_A_SLUG),
            name=_name(table),
            floor=table.integer("floor", 1, low=-5, high=99, what="a floor"),
            side=table.text("side", "ahead", choices=("left", "right", "ahead")),
        )
        table.finish()
        if not _seen_before(table, "id", zone.id, ids):
            found[zone.id] = zone
    return found


def _counters(
    tables: Sequence[Table], services: dict[str, Service], zones: dict[str, Zone]
) -> dict[str, Counter]:
    ids: set[object] = set()
    numbers: set[object] = set()
    found = {}
    for table in tables:
        counter = Counter(
            id=table.text("id", pattern=_SLUG, what=_A_SLUG),
            number=table.integer("number", low=1, high=999, what="a counter's number"),
            name=_name(table),
            services=_skills(table, services),
            zone=_zone_of(table, zones),
        )
        table.finish()
        _seen_before(table, "number", counter.number, numbers)
        if not _seen_before(table, "id", counter.id, ids):
            found[counter.id] = counter
    return found


def _skills(table: Table, services: dict[str, Service]) -> tuple[str, ...]:
    skills = table.texts("services", required=True, what="a list of service ids")
    for skill in skills:
        if skill not in services:
            hint = did_you_mean(skill, services)
            table.fault("services", f"'{skill}' is no service of this file{hint}")
    return tuple(skills)


def _zone_of(table: Table, zones: dict[str, Zone]) -> str | None:
    zone = table.text("zone", "")
    if zone and zone not in zones:
        table.fault("zone", f"'{zone}' is no [[zone]] of this file{did_you_mean(zone, zones)}")
    return zone or None


def _policy(table: Table | None) -> tuple[str, Policy, Rules]:
    if table is None:
        return BALANCED_NAME, Policy(), Rules()
    named = table.text("preset", BALANCED_NAME, choices=tuple(PRESETS)) or BALANCED_NAME
    preset = PRESETS[named]
    weights = dict(preset.weights)
    seen: set[object] = set()
    for group in table.tables("priority"):
        name = group.text("group", choices=PRIORITIES)
        _seen_before(group, "group", name, seen)
        base = weights.get(name, preset.weights["none"])
        weights[name] = Weight(
            group.number("tau_min", base.tau_min, low=0.01, high=600, what=_MIN),
            group.number("head_start_min", base.head_start_min, low=0, high=600, what=_MIN),
        )
        group.finish()
    policy = Policy(
        weights,
        beta=table.number("beta", preset.beta, low=0, high=100, what="a weight"),
        gamma=table.number("gamma", preset.gamma, low=0, high=2, what="an exponent"),
        patience_min=table.number(
            "patience_min", preset.patience_min, low=0.01, high=math.inf, what=_MIN
        ),
    )
    rules = _rules(table)
    table.finish()
    return named, policy, rules


def _rules(table: Table) -> Rules:
    base = Rules()
    return Rules(
        no_show_after_s=table.integer(
            "no_show_after_s", base.no_show_after_s, low=0, high=3600, what=_SECONDS
        ),
        undo_s=table.integer("undo_s", base.undo_s, low=0, high=60, what=_SECONDS),
        recall_after_s=table.integer(
            "recall_after_s", base.recall_after_s, low=0, high=3600, what=_SECONDS
        ),
        recalls=table.integer("recalls", base.recalls, low=0, high=20, what="whole recalls"),
        return_within_min=table.integer(
            "return_within_min", base.return_within_min, low=0, high=1440, what="whole minutes"
        ),
        return_behind_calls=table.integer(
            "return_behind_calls", base.return_behind_calls, low=0, high=100, what="whole calls"
        ),
        redirect=table.flag("redirect", base.redirect),
        redirect_saves_min=table.number(
            "redirect_saves_min", base.redirect_saves_min, low=0.01, high=600, what=_MIN
        ),
    )
