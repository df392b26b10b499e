"""A centre's configuration as managers and admins read and change it: the shape of its file.

What a value may be is checked where files are checked, so that both are refused for the same
reasons, named by the same paths (`service[2].prefix`, counted from 1).
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from wire.answers import Answer, Moment
from wire.requests import Body

Line = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f]*$", max_length=500)]
Amount = Annotated[float, Meta(ge=-1_000_000, le=1_000_000)]
# JSON tells 5.0 from 5 no more than JSON Schema does: both are that many.
Whole = Annotated[float, Meta(ge=-1_000_000, le=1_000_000, multiple_of=1)]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a configuration, the same in questions and answers."""


class BothNames(Part, frozen=True):
    """A name in Vietnamese and in English."""

    vi: Line
    en: Line


class Place(Part, frozen=True):
    """Where a centre is, in degrees."""

    lat: Amount
    lon: Amount


class OpenHours(Part, frozen=True):
    """A span of opening hours: `mon-fri` or `sat,sun`, from `07:30` to `11:30`."""

    days: Line
    open: Line
    close: Line


class Head(Part, frozen=True):
    """The centre itself; without hours it is always open."""

    id: Line
    name: BothNames
    kind: Line = "point"
    timezone: Line = "Asia/Ho_Chi_Minh"
    location: Place | None = None
    address: Line = ""
    hours: list[OpenHours] = []
    tickets_from_min: Whole = 0
    lunch_tickets: bool = False
    closed_dates: list[Line] = []
    simulation: Amount | None = None


class ServiceSetting(Part, frozen=True):
    """A queue people choose."""

    id: Line
    prefix: Line
    name: BothNames
    target_wait_min: Amount
    typical_service_min: Amount
    anywhere: bool = False
    daily_limit: Whole | None = None


class ZoneSetting(Part, frozen=True):
    """An area of a floor."""

    id: Line
    name: BothNames
    floor: Whole = 1
    side: Line = "ahead"


class CounterSetting(Part, frozen=True):
    """A counter, and what it can serve."""

    id: Line
    number: Whole
    name: BothNames
    services: list[Line]
    zone: Line | None = None


class GroupSetting(Part, frozen=True):
    """A priority group's own time scale and head start, in minutes."""

    group: Line
    tau_min: Amount
    head_start_min: Amount


class PolicySetting(Part, frozen=True):
    """The rules of the lobby; weights that are null are the preset's.

    `patience_min` is `never` where a long wait shall not outweigh the rest.
    """

    preset: Line = "balanced"
    beta: Amount | None = None
    gamma: Amount | None = None
    patience_min: Amount | Literal["never"] | None = None
    no_show_after_s: Whole = 60
    undo_s: Whole = 10
    recall_after_s: Whole = 30
    recalls: Whole = 2
    return_within_min: Whole = 10
    return_behind_calls: Whole = 2
    redirect: bool = True
    redirect_saves_min: Amount = 15
    priority: list[GroupSetting] = []


class VolumeSetting(Part, frozen=True):
    """From this time of day on, so loud."""

    at: Line
    percent: Whole


class VoiceSetting(Part, frozen=True):
    """How calls sound."""

    chime: bool = True
    volume: list[VolumeSetting] = []


class Configuration(Part, frozen=True):
    """A centre, whole."""

    centre: Head
    service: list[ServiceSetting]
    zone: list[ZoneSetting] = []
    counter: list[CounterSetting] = []
    policy: PolicySetting = PolicySetting()
    voice: VoiceSetting = VoiceSetting()


class ConfigurationRequest(Body, frozen=True):
    """Replace a configuration whole; `version` is that of the one it was made from.

    Version 0 makes a centre that is not there yet.
    """

    version: Annotated[float, Meta(ge=0, le=1_000_000_000, multiple_of=1)]
    configuration: Configuration


class Pending(Answer, frozen=True):
    """What is changed already but applies from the next business day: as it is today, and then."""

    field: str
    today: str
    next: str


class Changed(Answer, frozen=True):
    """Who changed it last, and when; the name is empty where the server was told by command."""

    at: Moment
    by: str


class ConfigurationView(Answer, frozen=True):
    """A configuration as it is stored, with what of it only applies from the next day."""

    version: int
    configuration: Configuration
    pending: list[Pending]
    warnings: list[str]
    changed: Changed | None
