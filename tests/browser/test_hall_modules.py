"""The hall page's pure parts: the board by changes, the queue of peaks, the columns."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.hall_stage import HallStage

pytestmark = pytest.mark.browser

MODULES = """async () => Object.assign(window, {
  board: await import("/hall-static/board.js"),
  peak: await import("/hall-static/peak.js"),
  layout: await import("/hall-static/layout.js"),
  announcement: await import("/hall-static/announcement.js"),
  announcer: await import("/hall-static/announcer.js"),
  ticker: await import("/hall-static/ticker.js"),
  call: (number, counter, times = 1) => ({call_id: "c-" + number, number, service: "ho-tich",
    counter: {id: "q" + counter, number: counter}, zone: null, times,
    called_at: "2026-11-23T09:54:00Z"}),
  change: (seq, kind, number, times) => ({centre: "x", seq, at: "2026-11-23T09:54:00Z", kind,
    ticket: {id: number, number, service: "ho-tich", state: "called", zone: null},
    call: times ? {call_id: "c-" + number, times} : null,
    counter: times ? {id: "q1", number: 1, state: "open"} : null}),
})"""
SHARED = Path(__file__).parents[1] / "display"
EMPTY = '{day: "2026-11-23", seq: 5, calls: [], services: [], counters: []}'


@pytest.fixture(scope="module")
def js(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    page = context.new_page()
    with HallStage().open() as stage:
        page.goto(stage.url(token=""))
        page.evaluate(MODULES)
        yield page
        context.close()


def test_changes_apply_in_order_and_once(js: Page) -> None:
    steps: list[Any] = js.evaluate(
        f"""() => {{
          let state = board.boardOf({EMPTY}), steps = [];
          for (const one of [change(6, "called", "H047", 1), change(6, "called", "H047", 1),
              change(8, "called", "H049", 1), change(7, "called", "H048", 1),
              change(8, "issued", "H050")]) {{
            const done = board.apply(state, one);
            state = done.state;
            steps.push([done.step, state.seq, state.calls.map(call => call.number).join()]);
          }}
          return steps;
        }}"""
    )
    assert steps == [
        ["next", 6, "H047"],
        ["old", 6, "H047"],
        ["gap", 6, "H047"],
        ["next", 7, "H048,H047"],
        ["next", 8, "H048,H047"],
    ]


def test_a_recall_is_news_once_and_keeps_its_place(js: Page) -> None:
    found = js.evaluate(
        f"""() => {{
          let state = board.boardOf({EMPTY}), news = [];
          for (const one of [change(6, "called", "H047", 1), change(7, "called", "H048", 1),
              change(8, "recalled", "H047", 2), change(9, "called", "H047", 2)]) {{
            const done = board.apply(state, one);
            state = done.state;
            news.push(done.called ? done.called.number + done.called.times : null);
          }}
          return [news, state.calls.map(call => call.number + call.times)];
        }}"""
    )
    assert found == [["H0471", "H0481", "H0472", None], ["H0481", "H0472"]]


@pytest.mark.parametrize("kind", ["returned", "cancelled", "transferred"])
def test_what_is_taken_back_is_no_longer_called(js: Page, kind: str) -> None:
    found = js.evaluate(
        f"""kind => {{
          let {{state}} = board.apply(board.boardOf({EMPTY}), change(6, "called", "H047", 1));
          const done = board.apply(state, change(7, kind, "H047"));
          return [done.gone, done.state.calls.length];
        }}""",
        kind,
    )
    assert found == ["H047", 0]


def test_a_served_number_stays_among_the_last_calls(js: Page) -> None:
    left = js.evaluate(
        f"""() => {{
          let {{state}} = board.apply(board.boardOf({EMPTY}), change(6, "called", "H047", 1));
          return board.apply(state, change(7, "served", "H047")).state.calls.length;
        }}"""
    )
    assert left == 1


def shown(js: Page, script: str) -> list[str | None]:
    """Run steps over a peak; each step returns the next peak, and its number is noted."""
    return js.evaluate(
        f"""() => {{
          let now = peak.EMPTY;
          return [{script}].map(step => (now = step(now)).shown?.number ?? null);
        }}"""
    )


def test_calls_made_together_take_turns_of_six_seconds(js: Page) -> None:
    assert shown(
        js,
        """p => peak.announce(p, call("A", 1), 0), p => peak.announce(p, call("B", 2), 0),
           p => peak.settle(p, 5900), p => peak.settle(p, 6000), p => peak.settle(p, 60000)""",
    ) == ["A", "A", "A", "B", "B"]


def test_a_long_queue_hurries_and_drops_what_is_late(js: Page) -> None:
    assert shown(
        js,
        """p => peak.announce(p, call("A", 1), 0), p => peak.announce(p, call("B", 2), 0),
           p => peak.announce(p, call("C", 3), 0), p => peak.settle(p, 3000),
           p => peak.settle(p, 30000)""",
    ) == ["A", "A", "A", "B", "C"]


def test_an_undone_call_gives_its_place_to_the_newest_that_holds(js: Page) -> None:
    assert shown(
        js,
        """p => peak.announce(p, call("A", 1), 0), p => peak.withdraw(p, "A", [call("Z", 9)], 10),
           p => peak.announce(p, call("B", 2), 20), p => peak.withdraw(p, "B", [], 30)""",
    ) == ["A", "Z", "B", None]


def test_a_snapshot_announces_the_new_and_keeps_quiet_about_the_old(js: Page) -> None:
    found = js.evaluate(
        """() => {
          const old = peak.reconcile(peak.EMPTY, [call("A", 1)], () => false, 0);
          const fresh = peak.reconcile(old, [call("B", 2), call("A", 1)], c => c.number === "B", 9);
          const gone = peak.reconcile(fresh, [], () => true, 20);
          return [old.shown.number, old.flash, fresh.shown.number, fresh.flash, gone.shown];
        }"""
    )
    assert found == ["A", False, "B", True, None]


def test_zones_of_one_side_share_a_column_and_no_call_is_lost(js: Page) -> None:
    found = js.evaluate(
        """() => {
          const zone = (id, side) => ({id, side, name: {vi: id, en: id}, floor: 1});
          const counters = Array.from({length: 36}, (_, i) => ({id: "q" + i, number: i + 1,
            services: [], zone: "abcdef"[i % 6]}));
          const info = {services: [], counters, zones: [zone("a", "left"), zone("b", "right"),
            zone("c", "left"), zone("d", "right"), zone("e", "ahead"), zone("f", "right")]};
          const columns = layout.columnsOf(info, null);
          const calls = ["a", "b", "e", null].map(zone => ({zone}));
          return [columns.map(one => one.zones.map(zone => zone.id).join("")),
            layout.callsOf(columns, 0, calls).length, layout.callsOf(columns, 1, calls).length,
            layout.ranges([1, 2, 3, 7, 9, 8])];
        }"""
    )
    assert found == [["ace", "bdf"], 3, 1, "1–3, 7–9"]


def test_what_is_said_is_what_the_agent_says(js: Page) -> None:
    vectors = json.loads((SHARED / "announcements.json").read_text("utf-8"))
    found = js.evaluate("all => all.map(one => announcement.sentence(one.call, one))", vectors)
    assert found == [one["clips"] for one in vectors]


PLAY = """({zero, scenarios}) => scenarios.map(({zone, first_zone, steps}) => {
  const born = spoken => new announcer.Announcer({zone, firstZone: () => first_zone, spoken});
  let one = born([]), said = [];
  for (const step of steps) {
    const at_s = Date.parse(zero) / 1000 + step.at_s;
    if (step.do === "restart") one = born(one.remembered());
    if (step.do === "board" || step.do === "change") one[step.do](step[step.do], at_s);
    if (step.do === "done") one.done();
    const next = one.next(at_s);
    if (next) said.push({at_s: step.at_s, call_id: next.call.call_id, times: next.call.times,
      brief: next.brief});
  }
  return said;
})"""


def test_who_is_said_when_is_what_the_agent_says(js: Page) -> None:
    shared = json.loads((SHARED / "announcer_scenarios.json").read_text("utf-8"))
    found = js.evaluate(PLAY, shared)
    for scenario, said in zip(shared["scenarios"], found, strict=True):
        assert said == scenario["said"], scenario["name"]


def test_an_announcer_remembers_no_more_than_it_must(js: Page) -> None:
    kept = js.evaluate(
        """() => {
          const one = new announcer.Announcer(), at_s = Date.parse("2026-11-23T09:54:00Z") / 1000;
          for (let seq = 1; seq <= 2000; seq++) {
            one.change(change(seq, "called", "A" + seq, 1), at_s);
            one.next(at_s);
            one.done();
          }
          return [one.remembered().length, one.remembered().at(-1)[0], one.waiting.length];
        }"""
    )
    assert kept == [500, "c-A2000", 0]


def test_the_volume_follows_the_hour(js: Page) -> None:
    found = js.evaluate(
        """() => {
          const steps = [{at: "17:00", percent: 30}, {at: "07:00", percent: 80}];
          const at = time => announcement.volumeAt(steps, time);
          return [at("06:59"), at("07:00"), at("16:59"), at("17:00"),
            announcement.volumeAt([], "07:00")];
        }"""
    )
    assert found == [30, 80, 80, 30, 100]


def test_what_is_being_said_stands_large(js: Page) -> None:
    assert shown(
        js,
        """p => peak.announce(p, call("A", 1), 0), p => peak.announce(p, call("B", 2), 0),
           p => peak.settle(p, 9000, true), p => peak.announce(p, call("C", 3), 9000, true),
           p => peak.raise(p, call("C", 3), 9500), p => peak.settle(p, 16000)""",
    ) == ["A", "A", "A", "A", "C", "B"]


TICKER = """({notices, texts, times}) => {
  let band = ticker.START;
  return times.map(at => {
    const usual = texts.map((text, index) => ({key: "u" + index, text, lang: "vi"}));
    const messages = ticker.messagesOf(notices.filter(one => at >= one.from), usual, "vi", at);
    band = ticker.turn(band, messages, one => Math.ceil(one.text.length / 20), at);
    const message = messages.find(one => one.key === band.key);
    return ticker.split(message.text, Math.ceil(message.text.length / 20))[band.part];
  });
}"""


def test_messages_and_notices_take_turns_and_none_is_cut_off(js: Page) -> None:
    notice = {"id": "n", "urgent": False, "until": None, "from": 15_000}
    notice["text"] = {"vi": "Quầy 3 nghỉ lúc 10 giờ hôm nay", "en": "Counter 3 closes"}
    times = [0, 9_000, 10_000, 15_000, 25_000, 35_000, 45_000]
    found = js.evaluate(TICKER, {"notices": [notice], "texts": ["một", "hai"], "times": times})
    assert found == [
        "một", "một", "hai", "Quầy 3 nghỉ lúc", "10 giờ hôm nay", "Counter 3 closes", "một",
    ]  # fmt: skip


def test_an_urgent_notice_has_the_band_to_itself_until_it_ends(js: Page) -> None:
    notice = {"id": "n", "urgent": True, "from": 5_000, "until": "1970-01-01T00:00:40Z"}
    notice["text"] = {"vi": "Cháy: ra cửa số 2", "en": "Fire: use exit 2"}
    times = [0, 5_000, 15_000, 25_000, 41_000]
    found = js.evaluate(TICKER, {"notices": [notice], "texts": ["một", "hai"], "times": times})
    assert found == ["một", "Cháy: ra cửa số 2", "Fire: use exit 2", "Cháy: ra cửa số 2", "một"]


@pytest.mark.parametrize(("status", "every_ms"), [(200, 4000), (503, 4000), (401, 60_000)])
def test_only_a_refused_heartbeat_is_put_off(js: Page, status: int, every_ms: int) -> None:
    found = js.evaluate(
        """async (status) => {
          const { Heartbeat } = await import("/hall-static/heartbeat.js");
          const heart = new Heartbeat({token: "t", version: "1", report: () => ({})});
          const real = window.fetch;
          window.fetch = async () => new Response("{}", {status});
          await heart.send({}).finally(() => (window.fetch = real));
          return heart.every_ms;
        }""",
        status,
    )
    assert found == every_ms
