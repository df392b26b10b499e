"""The screen's voice in a real Chromium: said once, one at a time, in step with what is shown."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessible import check, fails
from tests.browser.hall_stage import HallStage
from tests.conftest import CHROMIUM_FLAGS

pytestmark = pytest.mark.browser

# What the loudspeaker is given: each clip by its name, when it begins and ends on its clock.
LISTEN = """
window.said = []; window.contexts = []; window.let_go = 0;
const urls = new WeakMap();
const read = Response.prototype.arrayBuffer;
Response.prototype.arrayBuffer = async function () {
  const bytes = await read.call(this);
  urls.set(bytes, new URL(this.url).pathname.slice(7, -4));
  return bytes;
};
const decode = BaseAudioContext.prototype.decodeAudioData;
BaseAudioContext.prototype.decodeAudioData = async function (bytes) {
  const name = urls.get(bytes);
  return Object.assign(await decode.call(this, bytes), {clip: name});
};
const gain = BaseAudioContext.prototype.createGain;
BaseAudioContext.prototype.createGain = function () { return (window.loud = gain.call(this)); };
const start = AudioBufferSourceNode.prototype.start;
AudioBufferSourceNode.prototype.start = function (at) {
  const one = {clip: this.buffer.clip, at, end: at + this.buffer.duration, gain: loud.gain.value};
  setTimeout(() => (one.large = document.querySelector(".call")?.dataset.number), 40);
  said.push(one);
  return start.call(this, at);
};
const release = AudioNode.prototype.disconnect;
AudioNode.prototype.disconnect = function () { let_go += 1; return release.call(this); };
window.AudioContext = class extends AudioContext {
  constructor(...given) { super(...given); contexts.push(this); }
};
"""


@pytest.fixture(scope="module")
def unattended(browser: Browser, chromium: str) -> Iterator[Browser]:
    """A Chromium started as `docs/hall.md` says for a screen that nobody touches."""
    flags = [*CHROMIUM_FLAGS, "--autoplay-policy=no-user-gesture-required"]
    launched = browser.browser_type.launch(executable_path=chromium, args=flags, headless=True)
    yield launched
    launched.close()


@pytest.fixture
def stage() -> Iterator[HallStage]:
    with HallStage().open() as stage:
        yield stage


@pytest.fixture
def hall(unattended: Browser) -> Iterator[Page]:
    """A page of the unattended Chromium, not opened yet; no script may complain."""
    context = unattended.new_context(viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.add_init_script(LISTEN)
    faults = fails(page)
    yield page
    context.close()
    assert faults == []


def open_hall(page: Page, stage: HallStage, query: str = "") -> None:
    page.goto(stage.url(query))
    page.locator(".call").first.wait_for(state="attached")


def open_ready(page: Page, stage: HallStage, query: str = "") -> None:
    """Open the screen and wait until its clips are there."""
    stage.beats.clear()
    open_hall(page, stage, query)
    until_beat(page, stage, sound="on")


def said(page: Page, count: int = 1) -> list[str]:
    """What was said once so many announcements are over, each as its clips without the tongue."""
    page.wait_for_function(
        """count => said.filter(one => one.clip.endsWith("/to")).length >= count
          && said.every(one => one.large !== undefined)
          && contexts.at(-1).currentTime > said.at(-1).end""",
        arg=count,
    )
    return sentences(page)


def sentences(page: Page) -> list[str]:
    words = " ".join(page.evaluate("said.map(one => one.clip)"))
    short = words.replace("letter-", "").replace("digit-", "").replace("counter-", "q")
    parts = short.replace(" chime", "|chime").replace("vi/", "").split("|")
    return [part for part in parts if part]


def test_it_speaks_unattended_without_a_gap(stage: HallStage, hall: Page) -> None:
    stage.voice = {"chime": True, "volume": [{"at": "00:00", "percent": 40}]}
    open_ready(hall, stage)
    stage.call("H047", 3)
    assert said(hall) == ["chime call h 0 4 7 to q3"]
    clips = hall.evaluate("said")
    for before, after in pairwise(clips):
        assert after["at"] == pytest.approx(before["end"], abs=1e-6)
    assert [clip["gain"] for clip in clips] == pytest.approx([0.4] * 8)
    assert hall.locator(".h-sound").count() == 0
    hall.wait_for_function("() => let_go === said.length + 1")
    fetched = {name for name in stage.clip_requests if "letter" in name and name.startswith("vi")}
    assert fetched == {f"vi/letter-{letter}" for letter in "acfhltvyz"}
    assert len(stage.clip_requests) == len(set(stage.clip_requests))


def test_english_and_calls_again_are_said_as_such(stage: HallStage, hall: Page) -> None:
    open_ready(hall, stage)
    stage.call("H047", 3, language="en")
    assert said(hall) == ["chime en/call en/h en/0 en/4 en/7 en/to en/q3 en/please"]
    stage.call("H047", 3, times=2)
    assert said(hall, 2)[1] == "chime again call h 0 4 7 to q3"


def test_two_calls_of_one_moment_are_shown_and_said_in_turn(stage: HallStage, hall: Page) -> None:
    open_ready(hall, stage)
    stage.call("H047", 3)
    stage.call("C122", 9)
    assert said(hall, 2) == ["chime call h 0 4 7 to q3", "chime call c 1 2 2 to q9"]
    shown = hall.evaluate("said.map(one => one.large)")
    assert shown == ["H047"] * 8 + ["C122"] * 8
    clips = hall.evaluate("said")
    assert clips[8]["at"] >= clips[7]["end"]


def test_a_reload_or_a_cut_line_says_nothing_twice(stage: HallStage, hall: Page) -> None:
    open_ready(hall, stage)
    stage.call("H047", 3)
    said(hall)
    hall.reload()
    open_ready(hall, stage)
    assert sentences(hall) == []
    stage.silent = True
    stage.call("C122", 9, ago_s=60)
    stage.silent = False
    stage.cut()
    assert said(hall) == ["chime call c 1 2 2 to q9"]


def test_one_of_several_screens_stays_silent(stage: HallStage, hall: Page) -> None:
    open_hall(hall, stage, "?voice=off")
    stage.call("H047", 3)
    expect(hall.locator(".call")).to_have_attribute("data-number", "H047")
    until_beat(hall, stage, sound="off")
    assert hall.evaluate("said.length + contexts.length") == 0
    assert stage.clip_requests == []


def test_a_lost_device_is_noticed_and_opened_again(stage: HallStage, hall: Page) -> None:
    open_ready(hall, stage)
    hall.evaluate("contexts[0].suspend()")
    hall.wait_for_function("() => contexts[0].state === 'running'")
    stage.call("H047", 3)
    said(hall)
    hall.evaluate("contexts[0].close()")
    hall.wait_for_function("() => contexts.length === 2", timeout=20_000)
    stage.call("C122", 9)
    assert said(hall, 2)[1] == "chime call c 1 2 2 to q9"
    assert len(stage.clip_requests) == len(set(stage.clip_requests))


def test_a_number_with_a_gap_in_it_is_not_said(stage: HallStage, hall: Page) -> None:
    stage.missing_clips = ("vi/digit-4", "en/digit-7")
    open_ready(hall, stage)
    stage.call("H047", 3, language="en")
    hall.wait_for_function("() => said.length > 0 && contexts[0].currentTime > said.at(-1).end")
    stage.call("C122", 9)
    assert said(hall) == ["chime", "chime call c 1 2 2 to q9"]


def until_beat(page: Page, stage: HallStage, **wanted: Any) -> dict[str, Any]:
    """Wait for a heartbeat that says this."""
    for _ in range(80):
        found = [beat for beat in stage.beats if wanted.items() <= beat.items()]
        if found:
            return found[-1]
        page.wait_for_timeout(100)
    raise AssertionError(f"{stage.beats} do not say {wanted}")


def test_a_held_back_sound_is_told_and_a_touch_frees_it(stage: HallStage, page: Page) -> None:
    page.add_init_script(LISTEN)
    open_hall(page, stage)
    chip = page.locator(".h-sound")
    expect(chip).to_have_text("Chạm vào màn hình để bật tiếng")
    check(page, "vi")
    stage.call("H047", 3)
    expect(page.locator(".call")).to_have_attribute("data-number", "H047")
    beat = until_beat(page, stage, sound="blocked", link="up")
    assert set(beat) == {"version", "uptime_s", "link", "sound"}
    assert sentences(page) == []
    page.mouse.click(300, 300)
    expect(chip).to_have_count(0)
    assert said(page) == ["chime call h 0 4 7 to q3"]
    until_beat(page, stage, sound="on")


def test_a_refused_heartbeat_disturbs_nothing(stage: HallStage, hall: Page) -> None:
    stage.beat_status = 422
    open_hall(hall, stage)
    until_beat(hall, stage)
    stage.call("H047", 3)
    expect(hall.locator(".call")).to_have_attribute("data-number", "H047")


def test_an_old_call_is_not_said_at_the_start(stage: HallStage, hall: Page) -> None:
    stage.call("H047", 3, ago_s=25)
    open_ready(hall, stage)
    stage.call("C122", 9)
    assert said(hall) == ["chime call c 1 2 2 to q9"]


def test_a_call_of_the_start_waits_for_the_clips(stage: HallStage, hall: Page) -> None:
    stage.clip_delay_s = 0.15
    stage.call("H047", 3)
    open_hall(hall, stage)
    assert said(hall) == ["chime call h 0 4 7 to q3"]


def test_a_clock_that_jumps_silences_nothing(stage: HallStage, hall: Page) -> None:
    hall.add_init_script("window.jump = 0; const real = Date.now; Date.now = () => real() + jump;")
    open_ready(hall, stage)
    hall.evaluate("jump = 3_600_000")
    stage.call("H047", 3)
    assert said(hall) == ["chime call h 0 4 7 to q3"]


def test_a_notice_runs_out_by_the_servers_clock(stage: HallStage, hall: Page) -> None:
    open_hall(hall, stage, "?voice=off")
    soon = datetime.now(UTC) + timedelta(seconds=4)
    stage.notice("Hết giờ", "Over", until=soon.isoformat())
    expect(hall.locator(".h-tick")).to_contain_text("Hết giờ")
    expect(hall.locator(".h-tick")).not_to_contain_text("Hết giờ", timeout=15_000)
