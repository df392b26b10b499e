"""Saying calls on this machine's loudspeaker: one thread, one announcement at a time.

The thread alone touches the device. What is heard of the server goes to the announcer at once;
panels wait for nothing of it.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal, Protocol
from zoneinfo import ZoneInfo

from display.errors import ClipsGone, SpeakerError, SpeakerGone, ZoneUnknown
from display.ports import Sentence
from display.voice.announcement import clips_of, pauses_ms
from display.voice.announcer import Announcement, Announcer
from display.voice.config import VoiceConfig
from display.voice.memory import VoiceMemory
from display.voice.server_time import ServerTime
from display.voice.volume import at_volume, percent_at
from edge.pulse import PULSE
from look.voice import CHIME, FaultyClip, Voice, joined, samples_of

SoundState = Literal["on", "off", "broken"]
CHECK_EVERY_S: Final = 5.0
BROKEN_CHECK_EVERY_S: Final = 2.0
TICK_S: Final = 1.0
REFUSED_S: Final = 0.5
"""A device that was gone so soon has played nothing: the call is said once it is back."""

log = logging.getLogger(__name__)


class CentreVoice(Protocol):
    """How calls sound at this centre, as far as the server has said; see `display.about`."""

    @property
    def chime(self) -> bool: ...

    @property
    def volume(self) -> Sequence[Mapping[str, Any]]: ...

    @property
    def timezone(self) -> str | None: ...

    @property
    def first_zone(self) -> str | None: ...

    @property
    def zones(self) -> Sequence[str] | None: ...


@dataclass(frozen=True)
class Said:
    """One announcement, for the page."""

    call_id: str
    number: str
    counter: int
    times: int
    language: str
    at: str

    @classmethod
    def of(cls, one: Announcement) -> "Said":
        """What begins to be said now."""
        return cls(
            call_id=one.call_id,
            number=one.call["number"],
            counter=one.call["counter"]["number"],
            times=one.times,
            language=one.call.get("language", "vi"),
            at=datetime.now(UTC).astimezone().isoformat(timespec="milliseconds"),
        )


@dataclass(frozen=True)
class SoundReport:
    """What /api/voice answers."""

    driver: str
    place: str
    zone: str | None
    state: SoundState
    trouble: str
    detail: str
    percent: int
    saying: Said | None
    last: Said | None
    waiting: int
    recorded: int
    missing: list[str]
    said_total: int
    dropped_total: int
    failed_total: int
    waited_s: float
    waited_total_s: float


class Loudspeaker:
    """Announces calls.

    Args:
        config: The `[voice]` table.
        centre: How calls sound here.
        memory: What was said before a restart.
        clock: The server's time.
    """

    def __init__(
        self, config: VoiceConfig, centre: CentreVoice, memory: VoiceMemory, clock: ServerTime
    ) -> None:
        self._config = config
        self._centre = centre
        self._memory = memory
        self._clock = clock
        self._announcer = Announcer(config.zone, memory.read())
        self._turn = threading.Condition()
        self._stopping = False
        self._trouble: SpeakerError | None = None
        self._saying: Said | None = None
        self._last: Said | None = None
        self._said_total = self._failed_total = 0
        self._waited_s = self._waited_total_s = 0.0
        self._check_at_s = 0.0
        self._thread = threading.Thread(target=self._run, name="voice", daemon=True)

    def start(self) -> None:
        """Begin to listen for calls."""
        for file, fault in self._config.voice.faults:
            log.warning("a recorded clip cannot be used: %s: %s", file, fault)
        if self._config.voice.missing:
            log.warning("clips are missing: %s", ", ".join(self._config.voice.missing))
        self._thread.start()

    def stop(self) -> None:
        """Fall silent, in the middle of a word if need be. Safe to repeat."""
        with self._turn:
            self._stopping = True
            self._turn.notify()
        self._config.speaker.close()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def board(self, board: Mapping[str, Any]) -> None:
        """A whole board came in."""
        with self._turn:
            self._clock.board(board["as_of"])
            self._announcer.first_zone = self._centre.first_zone
            self._announcer.board(board, self._clock.now_s())
            self._turn.notify()

    def change(self, change: Mapping[str, Any]) -> None:
        """A change came in."""
        with self._turn:
            self._clock.change(change["at"])
            self._announcer.first_zone = self._centre.first_zone
            self._announcer.change(change, self._clock.now_s())
            self._turn.notify()

    @property
    def state(self) -> SoundState:
        """Whether calls are heard."""
        if self._now_wrong() is not None:
            return "broken"
        return "on" if self._percent() > 0 else "off"

    def _now_wrong(self) -> SpeakerError | None:
        """Why no call is heard: the device, the clips, or a zone that the centre does not have."""
        zone, zones = self._config.zone, self._centre.zones
        if not self._config.voice.clips:
            return ClipsGone("there are no clips; run script/setup")
        if self._trouble is not None or zone is None or zones is None or zone in zones:
            return self._trouble
        there = ", ".join(zones) or "none"
        return ZoneUnknown(f"the centre has no zone '{zone}' (there: {there}); mend voice.zone")

    def report(self) -> SoundReport:
        """How it is, and what it says."""
        config = self._config
        with self._turn:
            trouble = self._now_wrong()
            return SoundReport(
                driver=config.driver,
                place=config.speaker.place,
                zone=config.zone,
                state=self.state,
                trouble=trouble.trouble if trouble else "",
                detail=str(trouble) if trouble else "",
                percent=self._percent(),
                saying=self._saying,
                last=self._last,
                waiting=len(self._announcer.waiting),
                recorded=len(config.voice.recorded),
                missing=list(config.voice.missing),
                said_total=self._said_total,
                dropped_total=self._announcer.dropped_total,
                failed_total=self._failed_total,
                waited_s=round(self._waited_s, 3),
                waited_total_s=round(self._waited_total_s, 3),
            )

    def _percent(self) -> int:
        if self._config.percent is not None:
            return self._config.percent
        zone = ZoneInfo(self._centre.timezone) if self._centre.timezone else UTC
        clock = datetime.fromtimestamp(self._clock.now_s(), zone)
        return percent_at(self._centre.volume, clock.strftime("%H:%M"))

    # In the thread of the voice.

    def _run(self) -> None:
        while True:
            PULSE.beat()
            with self._turn:
                if self._stopping:
                    return
                begun = self._next()
                if begun is None and time.monotonic() < self._check_at_s:
                    self._turn.wait(TICK_S)
                    continue
            if begun is None:
                self._try(self._config.speaker.check)
            else:
                self._announce(begun)

    def _next(self) -> Announcement | None:
        """What is to be said now. A broken loudspeaker begins nothing: it may heal in time."""
        now_s = self._clock.now_s()
        if self._trouble is not None:
            self._announcer.drop_old(now_s)
            return None
        begun = self._announcer.next(now_s)
        if begun is not None:
            self._saying = Said.of(begun)
            self._waited_s = max(0.0, now_s - begun.called_at_s)
            self._waited_total_s += self._waited_s
        return begun

    def _announce(self, begun: Announcement) -> None:
        began_s = time.monotonic()
        well = self._try(lambda: self._say(begun))
        with self._turn:
            if isinstance(self._trouble, SpeakerGone) and time.monotonic() - began_s < REFUSED_S:
                self._announcer.unsaid()
            else:
                self._announcer.done()
            self._last, self._saying = self._saying, None
            if well:
                self._said_total += 1
            else:
                self._failed_total += 1

    def _say(self, begun: Announcement) -> None:
        self._memory.write(self._announcer.remembered)
        chime = self._centre.chime and not begun.brief
        sentence = sentence_of(begun, self._config.voice, chime=chime, percent=self._percent())
        self._config.speaker.say(sentence)

    def _try(self, ask: Callable[[], None]) -> bool:
        """Ask something of the device; whether it went well."""
        trouble: SpeakerError | None = None
        try:
            ask()
        except SpeakerError as error:
            trouble = error
        except Exception as error:
            log.exception("the driver '%s' failed", self._config.driver)
            trouble = SpeakerError(f"{type(error).__name__}: {error}")
        with self._turn:
            before, self._trouble = self._trouble, trouble
            every_s = CHECK_EVERY_S if trouble is None else BROKEN_CHECK_EVERY_S
            self._check_at_s = time.monotonic() + every_s
        if trouble is not None and before is None and not self._stopping:
            log.warning("the loudspeaker %s fails: %s", self._config.speaker.place, trouble)
        elif trouble is None and before is not None:
            log.warning("the loudspeaker %s works again", self._config.speaker.place)
        return trouble is None


def sentence_of(announcement: Announcement, voice: Voice, *, chime: bool, percent: int) -> Sentence:
    """The sound of a call. Without all of its words it is the chime alone: half a number is worse.

    Args:
        announcement: The call.
        voice: The clips.
        chime: Whether the chime comes first.
        percent: How loud.

    Raises:
        ClipsGone: there is not even a chime.
    """
    clips = clips_of(announcement.call, chime=chime)
    try:
        parts = [samples_of(voice.clips[clip].path) for clip in clips]
    except (KeyError, FaultyClip) as error:
        log.warning("%s is not said in words: %s", announcement.call["number"], error)
        clips, parts = _chime_alone(voice)
    whole = joined(zip(parts, pauses_ms(clips), strict=True))
    samples = at_volume(whole, percent)
    return Sentence(announcement.call_id, announcement.times, tuple(clips), samples)


def _chime_alone(voice: Voice) -> tuple[list[str], list[bytes]]:
    try:
        return [CHIME], [samples_of(voice.clips[CHIME].path)]
    except (KeyError, FaultyClip) as error:
        raise ClipsGone(f"not even the chime can be played ({error}); run script/setup") from error
