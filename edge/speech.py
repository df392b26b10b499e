"""Sentences into sound, on this machine alone: espeak-ng through its C library.

The library comes with the package `espeakng-loader` (x86-64, 64-bit ARM) or from the system
(Debian: `libespeak-ng1`, also on 32-bit ARM). It is loaded by the first sentence, not before.
What is said is never logged. Recorded sentences, should a centre have them, belong in
`Speech.say`, before the synthesiser is asked.

Source: espeak-ng 1.51/1.52, speak_lib.h.
"""

import ctypes
import struct
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from edge.errors import SpeechUnavailable
from edge.spoken import Language, spoken

KEPT_BYTES: Final = 1024 * 1024
"""Sound that is kept: about 24 seconds. Making it again takes milliseconds."""

RATE_WPM: Final = 150
"""A little slower than the synthesiser's own 175: heard once, in a noisy hall."""

VOICES: Final[dict[Language, str]] = {"vi": "vi", "en": "en"}
NEEDED: Final = (
    "no speech: install espeakng-loader into this environment, or on 32-bit ARM the system's "
    "libespeak-ng1 (apt install libespeak-ng1)"
)
_SYSTEM_FOLDERS: Final = ("/usr/lib", "/usr/lib/*", "/usr/local/lib")

_PATH_BYTES: Final = 160  # N_PATH_HOME: a longer path is cut off in silence
_SYNCHRONOUS: Final = 2  # AUDIO_OUTPUT_SYNCHRONOUS: samples go to the callback, none to a device
_DONT_EXIT: Final = 0x8000  # espeakINITIALIZE_DONT_EXIT: else a missing file ends the process
_RATE: Final = 1  # espeakRATE
_FROM_CHARACTER: Final = 1  # POS_CHARACTER
_UTF8: Final = 1  # espeakCHARS_UTF8
_END_PAUSE: Final = 0x1000  # espeakENDPAUSE

# RIFF with one `fmt ` chunk (PCM, one channel, 16 bits) and one `data` chunk.
_HEAD: Final = struct.Struct("<4sI4s4sIHHIIHH4sI")

_MMAP_THRESHOLD: Final = -3  # M_MMAP_THRESHOLD of malloc.h
_LARGE_BYTES: Final = 64 * 1024

_OnSamples: Final = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)


@dataclass(frozen=True)
class Installed:
    """Where the synthesiser is: its library and, unless the library knows it, its voices."""

    library: str
    data: str | None


def find_installed() -> Installed:
    """Look for the synthesiser without loading it.

    Raises:
        SpeechUnavailable: there is none.
    """
    try:
        import espeakng_loader  # late: agents without speech need none of it
    except ImportError:
        return _of_the_system()
    return Installed(espeakng_loader.get_library_path(), espeakng_loader.get_data_path())


def _of_the_system() -> Installed:
    for folder in _SYSTEM_FOLDERS:
        for library in sorted(Path("/").glob(f"{folder[1:]}/libespeak-ng.so.1")):
            return Installed(str(library), None)
    raise SpeechUnavailable(NEEDED)


class _Synthesiser:
    """The C library. It has one state for the whole process, hence one lock and one instance."""

    def __init__(self, installed: Installed) -> None:
        self._lock = threading.Lock()
        self._samples = bytearray()
        self._on_samples = _OnSamples(self._take)  # kept: the library holds a bare pointer
        try:
            self._library = ctypes.CDLL(installed.library)
        except OSError as error:
            raise SpeechUnavailable(f"no speech: {installed.library}: {error}") from error
        self.rate_hz = int(
            self._library.espeak_Initialize(_SYNCHRONOUS, 0, _voices(installed.data), _DONT_EXIT)
        )
        if self.rate_hz <= 0:
            where = installed.data or "the system's folder (apt install espeak-ng-data)"
            raise SpeechUnavailable(f"no speech: no voices in {where}")
        self._library.espeak_SetSynthCallback(self._on_samples)
        _give_back_what_was_large()

    def sound(self, text: str, language: Language) -> bytes:
        """The sentence as a WAV file; built in place, for each copy costs memory."""
        written = text.replace("\0", " ").encode() + b"\0"
        with self._lock:
            if self._library.espeak_SetVoiceByName(VOICES[language].encode()) != 0:
                raise SpeechUnavailable(f"no speech: the voice '{VOICES[language]}' is missing")
            self._library.espeak_SetParameter(_RATE, RATE_WPM, 0)
            self._samples[:] = bytes(_HEAD.size)
            failed = self._library.espeak_Synth(
                written, ctypes.c_size_t(len(written)), 0, _FROM_CHARACTER, 0,
                _UTF8 | _END_PAUSE, None, None,
            )  # fmt: skip
            if failed:
                raise SpeechUnavailable(f"no speech: espeak-ng answered {failed}")
            self._samples[: _HEAD.size] = self._head(len(self._samples) - _HEAD.size)
            return bytes(self._samples)

    def _head(self, length: int) -> bytes:
        rate_hz = self.rate_hz
        return _HEAD.pack(
            b"RIFF", length + _HEAD.size - 8, b"WAVE",
            b"fmt ", 16, 1, 1, rate_hz, rate_hz * 2, 2, 16,
            b"data", length,
        )  # fmt: skip

    def _take(self, samples: int | None, count: int, _events: int | None) -> int:
        if samples and count > 0:
            self._samples += ctypes.string_at(samples, count * 2)
        return 0  # go on


def _voices(folder: str | None) -> bytes | None:
    """The folder as the library takes it; a second, failing start would spoil the first."""
    if folder is None:
        return None
    if not (Path(folder) / "phontab").is_file():
        raise SpeechUnavailable(f"no speech: no voices in {folder}")
    path = folder.encode()
    if len(path) >= _PATH_BYTES:
        raise SpeechUnavailable(
            f"no speech: espeak-ng takes paths below {_PATH_BYTES} bytes, and {folder} has "
            f"{len(path)}; install into a folder nearer the root"
        )
    return path


def _give_back_what_was_large() -> None:
    """Let glibc return each sound's memory: else every thread that answered keeps some (9 MB)."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)


_made = cache(_Synthesiser)
_making = threading.Lock()


def _synthesiser(installed: Installed) -> _Synthesiser:
    """The one of this process. Two first sentences at once must not both start the library:
    `cache` would let them, and the library ends a process that uses it twice at a time."""
    with _making:
        return _made(installed)


class Speech:
    """Speaks short sentences, one at a time; safe to use from several threads.

    Args:
        find: Where the synthesiser is; replaced in tests.
    """

    def __init__(self, find: Callable[[], Installed] = find_installed) -> None:
        self._find = find
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[Language, str], bytes] = OrderedDict()
        self._kept_bytes = 0
        self._installed: Installed | None = None
        self._trouble = ""

    @property
    def available(self) -> bool:
        """Whether a sentence would be spoken, as far as is known without loading anything."""
        return self.trouble == ""

    @property
    def trouble(self) -> str:
        """What an operator has to do before anything is spoken; empty while all is well."""
        with self._lock:
            if self._installed is None and not self._trouble:
                try:
                    self._installed = self._find()
                except SpeechUnavailable as error:
                    self._trouble = str(error)
            return self._trouble

    def say(self, text: str, language: Language) -> bytes:
        """The sentence as a WAV file: 16 bits, one channel, 22,050 samples a second.

        Args:
            text: As it stands on the screen; numbers and codes are read as people say them.
            language: Whose voice reads it.

        Raises:
            SpeechUnavailable: nothing was spoken, and nothing will be until this process
                starts again; `available` says so from now on.

        The same sentence again is answered from memory, within `KEPT_BYTES`.
        """
        wanted = (language, spoken(text, language))
        with self._lock:
            if wanted in self._kept:
                self._kept.move_to_end(wanted)
                return self._kept[wanted]
        sound = self._speak(wanted[1], language)
        self._keep(wanted, sound)
        return sound

    def _speak(self, text: str, language: Language) -> bytes:
        if self.trouble or self._installed is None:
            raise SpeechUnavailable(self._trouble)
        try:
            return _synthesiser(self._installed).sound(text, language)
        except SpeechUnavailable as error:
            with self._lock:
                self._trouble = str(error)
            raise

    def _keep(self, wanted: tuple[Language, str], sound: bytes) -> None:
        with self._lock:
            if wanted in self._kept:
                return
            self._kept[wanted] = sound
            self._kept_bytes += len(sound)
            while self._kept_bytes > KEPT_BYTES:
                _, dropped = self._kept.popitem(last=False)
                self._kept_bytes -= len(dropped)
