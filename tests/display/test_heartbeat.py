"""A display agent says how its panels are."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.display.conftest import Running, virtual
from tests.fakes.socket_server import LiveServer
from tests.kiosk.kiosk_stage import until


def test_a_dead_panel_is_told_of(
    server: LiveServer, run_agent: Callable[..., Running], tmp_path: Path
) -> None:
    nowhere = '[[panel]]\ncounter = "q2"\ndriver = "modbus_rtu"\nunit = 1\n'
    nowhere += f'port = "{tmp_path}/none"\n'
    run_agent(server.url, virtual("q1") + nowhere)

    def told(q1: str, q2: str) -> Any:
        beats = server.control()["beats"]
        panels = [{"counter": "q1", "state": q1}, {"counter": "q2", "state": q2}]
        return next((beat for beat in beats if beat["panels"] == panels), None)

    beat = until(lambda: told("ok", "dead"), 8)
    assert beat["link"] == "up"
    assert "printer" not in beat
