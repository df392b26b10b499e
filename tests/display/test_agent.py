"""The whole display agent: from the server's event to the panel and to /api/panels."""

import statistics
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from display.drivers.panel_virtual import VirtualPanel
from tests.display.conftest import Running, virtual
from tests.edge.test_link import eventually
from tests.fakes.bus import BusServer, PtyBus
from tests.fakes.relay import Relay
from tests.fakes.socket_server import LiveServer

RunAgent = Callable[..., Running]


def test_every_state_of_a_counter_reaches_its_panel(
    server: LiveServer, run_agent: RunAgent
) -> None:
    running = run_agent(server.url, virtual("q1", "q2"))
    blank = " " * 6
    for event, shown in [
        (("counter_opened", "q1", None, "open"), "----"),
        (("called", "q1", "H047", "open"), "H047"),
        (("recalled", "q1", "H047", "open"), "H047"),
        (("started", "q1", "H047", "open"), "H047"),
        (("served", "q1", "H047", "open"), "----"),
        (("counter_paused", "q1", None, "paused"), blank),
        (("counter_opened", "q1", None, "open"), "----"),
        (("counter_closed", "q1", None, "closed"), blank),
    ]:
        server.write(event)
        eventually(lambda shown=shown: running.texts()["q1"] == shown)
    assert running.texts()["q2"] == blank


def test_a_report_has_the_contracts_shape(server: LiveServer, run_agent: RunAgent) -> None:
    server.call("q1", "H047")
    running = run_agent(server.url, virtual("q1"))
    eventually(lambda: running.states() == {"q1": "ok"})
    (panel,) = running.get("/api/panels")
    assert (panel["counter"], panel["driver"], panel["text"]) == ("q1", "virtual", "H047")
    sent = datetime.fromisoformat(panel["sent_at"])
    assert sent.utcoffset() is not None
    assert abs(sent.timestamp() - time.time()) < 10


def test_before_the_first_word_of_the_server_nothing_is_claimed(
    run_agent: RunAgent, free_port: Callable[[], int]
) -> None:
    running = run_agent(f"http://127.0.0.1:{free_port()}", virtual("q1"))
    (panel,) = running.get("/api/panels")
    assert (panel["state"], panel["sent_at"], panel["status"]) == ("stale", None, "unknown")
    assert running.get("/healthz")["status"] == "ok"
    (slot,) = running.agent.slots
    assert isinstance(slot.panel, VirtualPanel)
    assert not slot.panel.shown


def test_without_the_server_panels_keep_their_text_and_say_that_it_is_old(
    server: LiveServer, run_agent: RunAgent
) -> None:
    running = run_agent(server.url, virtual("q1"))
    server.call("q1", "H047")
    eventually(lambda: running.texts()["q1"] == "H047")
    server.kill()
    assert eventually(lambda: running.states()["q1"] == "stale", within_s=12) < 12
    assert running.texts()["q1"] == "H047"
    frames = running.get("/api/panels")[0]["frames_total"]
    eventually(lambda: running.get("/api/panels")[0]["frames_total"] > frames, within_s=6)
    server.start(seq=50)
    server.call("q1", "H048")
    assert eventually(lambda: running.texts()["q1"] == "H048") < 3
    assert running.states()["q1"] == "ok"


def test_the_truth_is_back_within_three_seconds_of_a_healed_network(
    server: LiveServer, run_agent: RunAgent
) -> None:
    relay = Relay(server.port)
    running = run_agent(relay.url, virtual("q1"))
    eventually(lambda: running.get("/api/state")["link"] == "up")
    for turn, fault in enumerate(["cut", "hole", "cut", "hole"]):
        relay.set(fault)
        server.call("q1", f"H{turn:03}")
        time.sleep(0.7)
        assert running.texts()["q1"] != f"H{turn:03}"
        relay.set("pass")
        assert eventually(lambda turn=turn: running.texts()["q1"] == f"H{turn:03}") < 3
    running.agent.stop()
    relay.close()


def test_a_missed_call_still_blinks_and_an_old_one_does_not(
    server: LiveServer, run_agent: RunAgent
) -> None:
    server.call("q1", "H001")
    relay = Relay(server.port)
    running = run_agent(relay.url, virtual("q1", "q2"))
    panels = {slot.counter: slot.panel for slot in running.agent.slots}
    eventually(lambda: running.texts()["q1"] == "H001")
    assert not running.get("/api/panels")[0]["blink"]
    relay.set("cut")
    server.call("q2", "H002")
    relay.set("pass")
    eventually(lambda: running.texts()["q2"] == "H002")
    assert panels["q2"].shown[-1].blink
    assert not panels["q1"].shown[-1].blink
    running.agent.stop()
    relay.close()


def test_a_call_is_on_the_wire_in_milliseconds(server: LiveServer, run_agent: RunAgent) -> None:
    """From the server's answer to the frame, over real sockets; generous for a busy machine."""
    running = run_agent(server.url, virtual("q1"))
    (slot,) = running.agent.slots
    panel = slot.panel
    assert isinstance(panel, VirtualPanel)
    eventually(lambda: running.get("/api/state")["link"] == "up")
    took_ms = []
    for turn in range(60):
        began = time.monotonic()
        server.call("q1", f"A{turn:03}")
        eventually(lambda turn=turn: panel.text.startswith(f"A{turn:03}"))
        took_ms.append(1000 * (panel.shown[-1].at - began))
    p95 = statistics.quantiles(took_ms, n=20)[-1]
    print(f"call to frame: median {statistics.median(took_ms):.1f} ms, p95 {p95:.1f} ms")
    assert statistics.median(took_ms) < 100


def test_modbus_panels_from_event_to_register(
    server: LiveServer, run_agent: RunAgent, tmp_path: Path
) -> None:
    folder = tmp_path / "bus"
    folder.mkdir()
    bus = PtyBus(folder)
    far = BusServer(bus.far_port, [1, 2])
    panels = "".join(
        f'[[panel]]\ncounter = "q{unit}"\ndriver = "modbus_rtu"\nport = "{bus.agent_port}"\n'
        f"unit = {unit}\nblink_register = 10\n"
        for unit in (1, 2)
    )
    running = run_agent(server.url, panels)
    eventually(lambda: running.get("/api/state")["link"] == "up")
    server.write(("counter_opened", "q2", None, "open"))
    server.call("q1", "H047")
    eventually(lambda: running.texts() == {"q1": "H047", "q2": "----"})
    eventually(lambda: running.states() == {"q1": "ok", "q2": "ok"})
    assert (far.text(1), far.text(2)) == ("H047  ", "----  ")
    assert far.registers(1, 10, 1) == [1]
    eventually(lambda: far.registers(1, 10, 1) == [0], within_s=7)
    assert far.text(1) == "H047  "
    far.stop()
    assert eventually(lambda: running.states() == {"q1": "dead", "q2": "dead"}, within_s=10) < 10
    assert running.get("/api/panels")[0]["trouble"] == "silent"
    far = BusServer(bus.far_port, [1, 2])
    assert eventually(lambda: running.states() == {"q1": "ok", "q2": "ok"}, within_s=5) < 5
    running.agent.stop()
    far.stop()
    bus.close()
