"""The loudspeaker in `check-config` and `self-test`."""

import sys
from typing import Final

from display.errors import SpeakerError
from display.voice.announcer import Announcement
from display.voice.config import VoiceConfig
from display.voice.loudspeaker import sentence_of
from display.voice.volume import FULL

TRIAL: Final = {"call_id": "self-test", "times": 1, "number": "H047", "counter": {"number": 3}}


def check_clips(config: VoiceConfig | None) -> bool:
    """Say what clips there are, on standard output, and which files are at fault; whether none."""
    if config is None:
        return True
    sys.stdout.write("".join(f"{line}\n" for line in config.voice.told()))
    for file, fault in config.voice.faults:
        sys.stderr.write(f"voice.clips: {file}: {fault}\n")
    return not config.voice.faults


def say_trial(config: VoiceConfig | None) -> bool:
    """Say "Mời số H không bốn bảy đến quầy số ba" on the loudspeaker; whether it went well."""
    if config is None:
        return True
    percent = FULL if config.percent is None else config.percent
    trial = Announcement(TRIAL, called_at_s=0.0, until_s=0.0)
    try:
        sentence = sentence_of(trial, config.voice, chime=True, percent=percent)
        config.speaker.check()
        config.speaker.say(sentence)
        said, well = f"ok, {sentence.length_s:.1f} s at {percent} %", True
    except SpeakerError as error:
        said, well = f"FAILED: {error}", False
    finally:
        config.speaker.close()
    sys.stdout.write(f"voice  {config.driver}  {config.speaker.place}  {said}\n")
    return well
