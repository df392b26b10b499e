"""When each alert is told and when not: what Prometheus scraped, in the notation of promtool.

`5x10` is 5 and ten times 5 again, `0+2x10` grows by 2, `_` brings nothing, `stale` ends a series.
"""

from typing import Final, NamedTuple

HERE: Final = {"instance": "a:8000"}
HALF_MINUTE: Final = "30s"
HALF_HOUR: Final = "30m"

Series = dict[str, str]


class Case(NamedTuple):
    """One history; `told` are the labels of the alert at the moment `at`, None where it is quiet.

    `at` is asked of the history, whose samples, and looks at the rules, are a `step` apart.
    """

    alert: str
    why: str
    series: Series
    at: str
    told: dict[str, str] | None
    step: str = HALF_MINUTE


def sample(name: str, **labels: str) -> str:
    """A series as it is scraped from this server."""
    inside = ",".join(f'{key}="{value}"' for key, value in {**HERE, **labels}.items())
    return f"{name}{{{inside}}}"


def here(name: str, values: str, **labels: str) -> Series:
    """One series of this server."""
    return {sample(name, **labels): values}


def lobby(name: str, values: str, **labels: str) -> Series:
    """One series of a centre."""
    return here(name, values, centre="c", **labels)


OPEN: Final = lobby("layso_centre_open", "1x2000")


def shut(series: Series) -> Series:
    """The same with every centre closed, whoever tells of it."""
    closed = {name for name in series if name.startswith("layso_centre_open{")}
    return {**series, **dict.fromkeys(closed, "0x2000")}


def buckets(name: str, fast: str, slow: str, every: str, **labels: str) -> Series:
    """A histogram: `every` answer took at most `slow` seconds, those of `fast[1]` `fast[0]`."""
    within, count = fast.split(":")
    return {
        **here(f"{name}_bucket", count, le=within, **labels),
        **here(f"{name}_bucket", every, le=slow, **labels),
        **here(f"{name}_bucket", every, le="+Inf", **labels),
        **here(f"{name}_count", every, **labels),
    }


def trouble(alert: str, name: str, at: str, other: str, role: str = "kiosk") -> list[Case]:
    """An alert of a device's trouble; of an `other` trouble it says nothing."""
    place = {"centre": "c", "role": role}

    def has(it: str, values: str) -> Series:
        return lobby("layso_device_troubles", values, role=role, trouble=it) | OPEN

    return [
        Case(alert, name, has(name, "1x60"), at, place),
        Case(alert, other, has(other, "1x60"), at, None),
        Case(alert, "for a moment", has(name, "1 stale"), at, None),
    ]


DATABASE: Final = "layso_database_seconds"
ANSWERS: Final = "layso_http_answers_total"
ANSWERED: Final = "layso_http_request_seconds"
ISSUE: Final = {"operation": "issue_ticket"}

SERVER: Final = [
    Case("LaysoServerDown", "away", here("up", "1 0x10", job="layso"), "3m",
         {**HERE, "job": "layso"}),
    Case("LaysoServerDown", "away", here("up", "1 0x10", job="layso-lai-thieu"), "3m",
         {**HERE, "job": "layso-lai-thieu"}),
    Case("LaysoServerDown", "one scrape lost", here("up", "1 0 1x10", job="layso"), "2m", None),
    Case("LaysoServerDown", "somebody else's", here("up", "0x10", job="node"), "3m", None),
    Case("LaysoServerNotReady", "for long", here("layso_ready", "0x10"), "2m", HERE),
    Case("LaysoServerNotReady", "at its start", here("layso_ready", "0 1x10"), "2m", None),
    Case("LaysoServerRestarts", "three times",
         here("layso_started_seconds", "100x5 200x5 300x5 400x20"), "12m", HERE),
    Case("LaysoServerRestarts", "an upgrade", here("layso_started_seconds", "100x5 200x40"),
         "12m", None),
    Case("LaysoDatabaseFails", "again and again",
         here("layso_database_failures_total", "0+2x20"), "6m", HERE),
    Case("LaysoDatabaseFails", "once", here("layso_database_failures_total", "0x5 1x20"),
         "5m", None),
    Case("LaysoDatabaseSlow", "a fifth is slow",
         buckets(DATABASE, "0.2:0+8x80", "0.5", "0+10x80", kind="write"), "25m", HERE),
    Case("LaysoDatabaseSlow", "one in a hundred is slow",
         buckets(DATABASE, "0.2:0+9.9x80", "0.5", "0+10x80", kind="write"), "25m", None),
    Case("LaysoDatabaseSlow", "two commands at night",
         buckets(DATABASE, "0.2:0x80", "0.5", "0+0.1x80", kind="write"), "25m", None),
    Case("LaysoDatabaseSlow", "what only reads waits for nobody",
         buckets(DATABASE, "0.2:0x80", "0.5", "0+10x80", kind="read"), "25m", None),
    Case("LaysoAnswersFail", "one in fifty",
         here(ANSWERS, "0+1x40", status="500", **ISSUE)
         | here(ANSWERS, "0+50x40", status="201", **ISSUE), "12m", HERE),
    Case("LaysoAnswersFail", "one in five hundred",
         here(ANSWERS, "0+1x40", status="500", **ISSUE)
         | here(ANSWERS, "0+500x40", status="201", **ISSUE), "12m", None),
    Case("LaysoAnswersFail", "one of ten in a quiet night",
         here(ANSWERS, "0+0.1x40", status="503", **ISSUE)
         | here(ANSWERS, "0+1x40", status="201", **ISSUE), "12m", None),
    Case("LaysoAnswersFail", "refusals are answers",
         here(ANSWERS, "0+50x40", status="409", **ISSUE), "12m", None),
    Case("LaysoAnswersSlow", "a fifth is slow",
         buckets(ANSWERED, "0.5:0+8x80", "1.0", "0+10x80", **ISSUE), "25m", HERE),
    Case("LaysoAnswersSlow", "one in a hundred is slow",
         buckets(ANSWERED, "0.5:0+9.9x80", "1.0", "0+10x80", **ISSUE), "25m", None),
    Case("LaysoAnswersSlow", "a few at night",
         buckets(ANSWERED, "0.5:0x80", "1.0", "0+0.5x80", **ISSUE), "25m", None),
    Case("LaysoSocketsDropped", "a switch is gone", here("layso_sockets", "40x10 10x20") | OPEN,
         "7m", HERE),
    Case("LaysoSocketsDropped", "a restart", here("layso_sockets", "40x10 0 40x20") | OPEN,
         "5m30s", None),
    Case("LaysoSocketsDropped", "a third", here("layso_sockets", "40x10 27x20") | OPEN, "7m", None),
    Case("LaysoSocketsDropped", "three of four", here("layso_sockets", "4x10 1x20") | OPEN,
         "7m", None),
    Case("LaysoClientsStall", "one a minute", here("layso_sockets_stalled_total", "0+0.5x40"),
         "12m", HERE),
    Case("LaysoClientsStall", "one", here("layso_sockets_stalled_total", "0x10 1x30"),
         "12m", None),
]  # fmt: skip

COPY: Final = "layso_backup_made_seconds"
VERIFIED: Final = "layso_verified_seconds"
FREE, SIZE = "layso_disk_free_bytes", "layso_disk_bytes"


def certificate(begins: int, ends: int) -> Series:
    """A certificate that is valid between these seconds."""
    return here("layso_certificate_begins_seconds", f"{begins}x200") | here(
        "layso_certificate_ends_seconds", f"{ends}x200"
    )


KEEPING: Final = [
    Case("LaysoBackupOld", "none ever", here(COPY, "0x200"), "80m", HERE),
    Case("LaysoBackupOld", "half an hour old", here(COPY, "3000x200"), "80m", None),
    Case("LaysoBackupOld", "one is overdue by a few minutes", here(COPY, "0x200"), "70m", None),
    Case("LaysoBackupOld", "switched on just now", here(COPY, "_x150 0x50"), "80m", None),
    Case("LaysoLogFaulty", "two faults", here("layso_verify_faults", "2x5"), "1m", HERE),
    Case("LaysoLogFaulty", "whole", here("layso_verify_faults", "0x5"), "1m", None),
    Case("LaysoLogUnverified", "two nights", here(VERIFIED, "0x200"), "52h", HERE, HALF_HOUR),
    Case("LaysoLogUnverified", "last night", here(VERIFIED, "0x80 144000x80"), "52h", None,
         HALF_HOUR),
    Case("LaysoLogUnverified", "not yet two days", here(VERIFIED, "0x200"), "48h30m", None,
         HALF_HOUR),
    Case("LaysoLogUnverified", "a new server", here(VERIFIED, "_x90 0x90"), "52h", None,
         HALF_HOUR),
    Case("LaysoDiskFull", "nine tenths",
         here(FREE, "9x40", place="data") | here(SIZE, "100x40", place="data"), "12m",
         {**HERE, "place": "data"}),
    Case("LaysoDiskFull", "half",
         here(FREE, "50x40", place="data") | here(SIZE, "100x40", place="data"), "12m", None),
    Case("LaysoServerClockWrong", "ahead", here("layso_clock_seconds", "100+30x40"), "7m", HERE),
    Case("LaysoServerClockWrong", "behind", here("layso_clock_seconds", "-9+30x40"), "7m", HERE),
    Case("LaysoServerClockWrong", "right", here("layso_clock_seconds", "3+30x40"), "7m", None),
    Case("LaysoCertificateEnds", "a year's, in twenty days",
         certificate(-345 * 86_400, 20 * 86_400), "40m", HERE),
    Case("LaysoCertificateEnds", "a year's, in a month",
         certificate(-335 * 86_400, 30 * 86_400), "40m", None),
    Case("LaysoCertificateEnds", "twelve hours', fresh", certificate(0, 43_200), "40m", None),
    Case("LaysoCertificateEnds", "twelve hours', in one", certificate(0, 43_200), "11h", HERE,
         HALF_HOUR),
    Case("LaysoCertificateEnds", "twelve hours', to be renewed", certificate(0, 43_200), "8h",
         None, HALF_HOUR),
    Case("LaysoCertificateEnds", "it ran out", certificate(-90 * 86_400, 60), "40m", HERE),
    Case("LaysoCertificateEnds", "not seen yet", certificate(0, 0), "40m", None),
]  # fmt: skip

PLACE: Final = {"centre": "c"}
KIOSK: Final = {"role": "kiosk"}
OUTBOX, REFUSED = "layso_device_outbox", "layso_device_refused"


def printers(speaks: str, mute: str) -> Series:
    """Printers that say that they are well, and such as say nothing."""
    well = lobby("layso_printers", speaks, state="ok")
    return well | lobby("layso_printers", mute, state="unknown") | OPEN


def silent(role: str, values: str) -> Series:
    """Devices that are not heard."""
    return lobby("layso_devices", values, role=role, state="silent") | OPEN


TWO_SERVERS: Final = silent("kiosk", "1x20") | {
    name.replace("a:8000", "b:8000"): values for name, values in silent("kiosk", "1x20").items()
}
DEVICES: Final = [
    Case("LaysoKioskSilent", "no current", silent("kiosk", "1x20"), "3m", PLACE),
    Case("LaysoKioskSilent", "two servers tell of one kiosk", TWO_SERVERS, "3m", PLACE),
    Case("LaysoKioskSilent", "a restart", silent("kiosk", "1 1 stale"), "3m", None),
    Case("LaysoKioskSilent", "a screen", silent("display", "1x20"), "3m", None),
    Case("LaysoDeviceSilent", "a screen", silent("hall", "1x20"), "6m",
         {**PLACE, "role": "hall"}),
    Case("LaysoDeviceSilent", "a kiosk", silent("kiosk", "1x20"), "6m", None),
    *trouble("LaysoPaperOut", "paper_out", "2m", "paper_low"),
    *trouble("LaysoPaperLow", "paper_low", "11m", "paper_out"),
    *trouble("LaysoPrinterFails", "cover_open", "3m", "paper_out"),
    *trouble("LaysoPrinterFails", "printer_error", "3m", "hot"),
    Case("LaysoPrinterUnknown", "it spoke", printers("1x10 stale", "_x10 1x40"), "8h", PLACE,
         HALF_HOUR),
    Case("LaysoPrinterUnknown", "for a moment", printers("1x10 stale", "_x10 1x40"), "5h30m",
         None, HALF_HOUR),
    Case("LaysoPrinterUnknown", "one of two spoke", printers("2x10 1x40", "_x10 1x40"), "8h",
         PLACE, HALF_HOUR),
    Case("LaysoPrinterUnknown", "mute by its make", printers("_x50", "1x50"), "8h", None,
         HALF_HOUR),
    Case("LaysoPrinterUnknown", "a mute one beside one that speaks", printers("1x50", "1x50"),
         "8h", None, HALF_HOUR),
    *trouble("LaysoPanelDead", "panel_dead", "3m", "keys_dead", role="display"),
    *trouble("LaysoKeysDead", "keys_dead", "3m", "panel_dead", role="display"),
    *trouble("LaysoSoundBroken", "sound", "6m", "link", role="hall"),
    *trouble("LaysoLinkDown", "link", "6m", "sound"),
    Case("LaysoOutboxGrows", "not handed in", lobby(OUTBOX, "5x60", **KIOSK) | OPEN, "12m", PLACE),
    Case("LaysoOutboxGrows", "handed in", lobby(OUTBOX, "5x10 0x50", **KIOSK) | OPEN, "12m", None),
    Case("LaysoTicketsRefused", "two more", lobby(REFUSED, "1x60 3x40", **KIOSK) | OPEN, "32h",
         PLACE, HALF_HOUR),
    Case("LaysoTicketsRefused", "of a new kiosk", lobby(REFUSED, "_x60 1x40", **KIOSK) | OPEN,
         "32h", PLACE, HALF_HOUR),
    Case("LaysoTicketsRefused", "last week's", lobby(REFUSED, "2x100", **KIOSK) | OPEN, "32h",
         None, HALF_HOUR),
    Case("LaysoTicketsRefused", "last week's, of a kiosk that was off",
         lobby(REFUSED, "2x8 stale _x40 2x40", **KIOSK) | OPEN, "32h", None, HALF_HOUR),
    Case("LaysoTicketsRefused", "none", lobby(REFUSED, "0x100", **KIOSK) | OPEN, "32h", None,
         HALF_HOUR),
    *trouble("LaysoDeviceClockWrong", "clock", "6m", "hot"),
    *trouble("LaysoDeviceHot", "hot", "11m", "clock"),
]  # fmt: skip


def waits(likely: str, target: str) -> Series:
    """What somebody who comes now is told, and what the centre aims at."""
    return (
        lobby("layso_wait_likely_seconds", likely, service="ho-tich")
        | lobby("layso_wait_target_seconds", target, service="ho-tich")
        | OPEN
    )


def queue(waiting: str, counters: str) -> Series:
    """Who waits, and how many open counters serve them."""
    return (
        lobby("layso_waiting", waiting, service="ho-tich")
        | lobby("layso_service_counters", counters, service="ho-tich")
        | OPEN
    )


SERVICE: Final = {**PLACE, "service": "ho-tich"}
COVERED: Final = "layso_wait_covered_ratio"
WAITS: Final = [
    Case("LaysoServiceOverloaded", "twice", waits("1800x80", "900x80"), "20m", SERVICE),
    Case("LaysoServiceOverloaded", "a little over", waits("1200x80", "900x80"), "20m", None),
    Case("LaysoServiceOverloaded", "for ten minutes", waits("1800x20 600x60", "900x80"), "20m",
         None),
    Case("LaysoNobodyServes", "no counter", queue("3x40", "0x40"), "12m", SERVICE),
    Case("LaysoNobodyServes", "one counter", queue("3x40", "1x40"), "12m", None),
    Case("LaysoNobodyServes", "nobody waits", queue("0x40", "0x40"), "12m", None),
    Case("LaysoWaitsWrong", "seven in ten", lobby(COVERED, "0.7x200") | OPEN, "70m", PLACE),
    Case("LaysoWaitsWrong", "nine in ten", lobby(COVERED, "0.9x200") | OPEN, "70m", None),
]  # fmt: skip

PATIENCE_MIN: Final = {
    "LaysoServerDown": 1, "LaysoServerNotReady": 1, "LaysoDatabaseFails": 2,
    "LaysoDatabaseSlow": 10, "LaysoAnswersFail": 5, "LaysoAnswersSlow": 10, "LaysoDiskFull": 10,
    "LaysoServerClockWrong": 5, "LaysoCertificateEnds": 30, "LaysoKioskSilent": 2,
    "LaysoDeviceSilent": 5, "LaysoPaperOut": 1, "LaysoPaperLow": 10, "LaysoPrinterFails": 2,
    "LaysoPanelDead": 2, "LaysoKeysDead": 2, "LaysoSoundBroken": 5, "LaysoLinkDown": 5,
    "LaysoOutboxGrows": 10, "LaysoDeviceClockWrong": 5, "LaysoDeviceHot": 10,
    "LaysoServiceOverloaded": 15, "LaysoNobodyServes": 10, "LaysoWaitsWrong": 60,
}  # fmt: skip
"""How long it is so before it is told; those not named here have a case of their own for it."""

AT_NIGHT_TOO: Final = frozenset(["LaysoDeviceHot"])
"""Alerts of devices that do not ask whether the centre is open."""

_TOLD: Final = [*SERVER, *KEEPING, *DEVICES, *WAITS]
_SHUT: Final = [
    case._replace(why=f"{case.why}, closed", series=shut(case.series), told=None)
    for case in _TOLD
    if case.told is not None and OPEN.keys() <= case.series.keys()
    if case.alert not in AT_NIGHT_TOO
]
CASES: Final = [*_TOLD, *_SHUT]
