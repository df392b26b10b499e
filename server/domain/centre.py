"""A centre as configured: services, counters, zones, hours, policy. Immutable, and pure data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from server.domain.calendar import Hours
from server.domain.dispatch import BALANCED, STRICT_BY_LAW, Policy
from server.domain.redirect import THRESHOLD_MIN

BALANCED_NAME: Final = "balanced"
PRESETS: Final[Mapping[str, Policy]] = {BALANCED_NAME: BALANCED, "strict-by-law": STRICT_BY_LAW}


class Bilingual(NamedTuple):
    """A name in Vietnamese and English."""

    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Service:
    """A queue people choose. A retired one still takes hand-ins."""

    id: str
    prefix: str
    name: Bilingual
    target_wait_min: float
    typical_service_min: float
    anywhere: bool
    retired: bool = False
    former_prefixes: frozenset[str] = frozenset()
    daily_limit: int | None = None


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter and what it can serve; `lent` is what it serves today beyond its own."""

    id: str
    number: int
    name: Bilingual
    services: tuple[str, ...]
    zone: str | None
    retired: bool = False
    lent: frozenset[str] = frozenset()

    @property
    def own(self) -> tuple[str, ...]:
        """What it serves by the centre's file."""
        return tuple(service for service in self.services if service not in self.lent)


@dataclass(frozen=True, slots=True)
class Zone:
    """An area of a floor with its own screens and loudspeaker."""

    id: str
    name: Bilingual
    floor: int
    side: str


@dataclass(frozen=True, slots=True)
class Rules:
    """A centre's settings beside its dispatch policy."""

    no_show_after_s: int = 60
    undo_s: int = 10
    recall_after_s: int = 30
    recalls: int = 2
    return_within_min: int = 10
    return_behind_calls: int = 2
    redirect: bool = True
    redirect_saves_min: float = THRESHOLD_MIN


class VolumeStep(NamedTuple):
    """From this time of day on (`HH:MM`, the centre's own), so loud: percent."""

    at: str
    percent: int


@dataclass(frozen=True, slots=True)
class VoiceRules:
    """How calls sound: with a chime before them, and how loud at which hour (in order of time)."""

    chime: bool = True
    volume: tuple[VolumeStep, ...] = ()


@dataclass(frozen=True, slots=True)
class Centre:
    """One centre, whole. Retired services and counters stay, marked, for what refers to them.

    `preset` names the entry of `PRESETS` that the policy was built on.
    """

    id: str
    name: Bilingual
    kind: str
    hours: Hours
    lat: float | None
    lon: float | None
    address: str
    services: Mapping[str, Service]
    counters: Mapping[str, Counter]
    zones: Mapping[str, Zone]
    policy: Policy = field(default=BALANCED)
    preset: str = BALANCED_NAME
    rules: Rules = field(default=Rules())
    simulation: float | None = None
    voice: VoiceRules = field(default=VoiceRules())

    def offered(self) -> list[Service]:
        """The services that people can choose, in the file's order."""
        return [service for service in self.services.values() if not service.retired]

    def staffed(self) -> list[Counter]:
        """The counters that exist, by number."""
        live = [counter for counter in self.counters.values() if not counter.retired]
        return sorted(live, key=lambda counter: counter.number)

    def zone_of(self, counter: str | None) -> Zone | None:
        """The zone a counter stands in, if it stands in one."""
        known = self.counters.get(counter) if counter else None
        return self.zones.get(known.zone) if known and known.zone else None
