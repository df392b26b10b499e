"""What is told of pads: /api/pads, the lines of /metrics, and a pad's place on the page."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

from display.pads.worker import LastPress, PadWorker
from display.wanted import Status
from edge.contacts import Light
from edge.health import Metric

PadState = Literal["ok", "stale", "dead"]


@dataclass(frozen=True)
class PadReport:
    """One pad in /api/pads.

    `state`: `dead` when its keys are not heard, `stale` when its lamps may be old because the
    server is away. `trouble` is a word for what keeps it from working, `refused` among them, and
    `detail` is for whoever repairs it. `last` is the last press: its key, the result and its
    number, whether that was what the key says (`done`), and when.
    """

    counter: str
    driver: str
    place: str
    number: int | None
    status: Status
    keys: list[str]
    lamps: dict[str, Light]
    sounds: bool
    waiting: int | None
    help: str
    state: PadState
    trouble: str
    detail: str
    last: dict[str, Any] | None
    presses: dict[str, int]

    @classmethod
    def of(cls, worker: PadWorker, *, refused: bool) -> "PadReport":
        """What is known of a pad; `refused`: the server does not know its token."""
        pad, truth, shown = worker.config.pad, worker.truth, worker.shown
        view = truth.view
        stale: PadState = "ok" if truth.link == "up" else "stale"
        missing: Status = "unknown" if truth.up_since_s is None else "absent"
        return cls(
            counter=worker.config.counter,
            driver=worker.config.driver,
            place=pad.place,
            number=view.number if view else None,
            status=view.status if view else missing,
            keys=list(pad.keys),
            lamps={lamp: shown.get(lamp, "off") for lamp in pad.lamps},
            sounds=pad.sounds,
            waiting=truth.waiting,
            help=worker.help,
            state="dead" if worker.dead else stale,
            trouble=worker.trouble or ("refused" if refused else ""),
            detail=worker.detail,
            last=_last(worker.last),
            presses=dict(worker.counts),
        )


def _last(press: LastPress | None) -> dict[str, Any] | None:
    if press is None:
        return None
    return {
        "key": press.key,
        "result": press.outcome.result,
        "done": press.outcome.done,
        "number": press.outcome.number,
        "detail": press.outcome.detail,
        "at": press.at.astimezone().isoformat(timespec="milliseconds"),
    }


def pad_metrics(pads: list[PadReport]) -> list[Metric]:
    """The lines of /metrics about pads; none where there are none."""
    if not pads:
        return []
    by_state = {"ok": 0, "stale": 0, "dead": 0} | Counter(pad.state for pad in pads)
    states: list[tuple[Any, float]] = [({"state": word}, count) for word, count in by_state.items()]
    presses: list[tuple[Any, float]] = [
        ({"counter": pad.counter, "outcome": outcome}, count)
        for pad in pads
        for outcome, count in sorted(pad.presses.items())
    ]
    meaning = "Presses of call keys by outcome."
    return [
        Metric("layso_display_pads", "Pads by state.", "gauge", states),
        Metric("layso_display_pad_presses_total", meaning, "counter", presses),
    ]
