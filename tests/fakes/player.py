"""A program that stands in for `aplay`: it keeps what it is given, and can fail as devices do.

    player.py [-l | … -D DEVICE …]

Beside it, `mode` holds what to do: `ok`, `gone`, `hang` or `unplugged`; `cards` what `-l` lists.
"""

import json
import os
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
mode = (HERE / "mode").read_text().strip()
if "-l" in sys.argv:
    cards = (HERE / "cards").read_text()
    english = os.environ.get("LC_ALL") == "C"  # else as in French, which alsa-utils speaks
    sys.stdout.write(cards if english else cards.replace("card ", "carte "))
    sys.exit(0)
if mode == "gone":
    sys.stderr.write(
        "ALSA lib pcm.c: Unknown PCM\naplay: main:831: audio open error: No such device\n"
    )
    sys.exit(1)
if mode == "unplugged":  # in the middle of a sentence
    sys.stdin.buffer.read(1000)
    sys.stderr.write("aplay: pcm_write:2127: write error: No such device\n")
    sys.exit(1)
given = sys.stdin.buffer.read()
if mode == "hang":
    time.sleep(60)
with (HERE / "played.jsonl").open("a") as kept:
    kept.write(json.dumps({"words": sys.argv[1:], "bytes": len(given), "loud": any(given)}) + "\n")
