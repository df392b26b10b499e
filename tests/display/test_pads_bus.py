"""Panels and serial pads of other makes on one port: both are served, none garbles the other."""

from collections.abc import Callable
from pathlib import Path

from tests.display.conftest import Running
from tests.fakes.pad_bench import Line
from tests.fakes.socket_server import LiveServer
from tests.kiosk.kiosk_stage import until

DEVICES = """
[[panel]]
counter = "q1"
driver = "frame"
port = "{port}"
template = "02 {{text}} 03"
[[pad]]
counter = "q1"
driver = "frame"
token_file = "display.token"
port = "{port}"
unit = 7
next = "AA {{unit}} 01 {{sum8}} 55"
poll = "AA {{unit}} 05 {{sum8}} 55"
call_on = "AA {{unit}} 31 {{sum8}} 55"
call_off = "AA {{unit}} 30 {{sum8}} 55"
"""
POLL = b"\xaa\x07\x05\xb6\x55"


def test_a_pad_gets_its_turns_on_its_panels_port(
    server: LiveServer, run_agent: Callable[..., Running], tmp_path: Path
) -> None:
    line = Line(tmp_path / "ttyUSB0")
    running = run_agent(server.url, DEVICES.format(port=line.path))
    (worker,) = running.agent.pads.workers
    until(lambda: line.listen().count(POLL) >= 2)
    line.say(b"\xaa\x07\x01\xb2\x55")  # this server has no such route: a fault, but heard
    until(lambda: worker.last is not None and worker.last.key == "next")
    server.call("q1", "H047")
    until(lambda: b"\x02H047  \x03" in line.listen())
    until(lambda: b"\xaa\x07\x31\xe2\x55" in line.listen())
    asked = line.heard.count(POLL)
    until(lambda: line.listen().count(POLL) > asked)
    assert running.states() == {"q1": "ok"}
    running.agent.stop()
    assert line.listen().endswith(b"\xaa\x07\x30\xe1\x55"), "its lamps are dark at the end"
    line.unplug()
