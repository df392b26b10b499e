"""The help button of a kiosk: called, taken back, and said plainly when nobody can hear it."""

import pytest

from tests.fakes.queue_server import QueueServer
from tests.kiosk.kiosk_stage import Called, Kiosk, call, until


def ask(kiosk: Kiosk, what: str = "") -> str:
    return str(call(f"{kiosk.url}/api/help{what}", {})["state"])


def test_help_is_called_and_taken_back(kiosk: Kiosk) -> None:
    assert kiosk.view()["help"] == "clear"
    assert ask(kiosk, "/clear") == "clear"
    assert ask(kiosk) == "called"
    assert kiosk.view()["help"] == "called"
    assert ask(kiosk) == "called"
    assert ask(kiosk, "/clear") == "clear"
    assert kiosk.view()["help"] == "clear"


@pytest.mark.parametrize("how", ["unavailable", "gone"])
def test_with_the_server_away_it_says_where_to_go(
    kiosk: Kiosk, server: QueueServer, how: str
) -> None:
    if how == "gone":
        server.stop()
    else:
        server.behave = how
    with pytest.raises(Called) as refused:
        ask(kiosk)
    assert (refused.value.status, refused.value.body["code"]) == (503, "unavailable")
    assert "hỏi nhân viên" in refused.value.body["message"]["vi"]
    assert "lobby" in refused.value.body["message"]["en"]
    assert kiosk.view()["help"] == "clear"


def test_a_call_stands_until_the_server_takes_it_back(kiosk: Kiosk, server: QueueServer) -> None:
    ask(kiosk)
    server.behave = "unavailable"
    with pytest.raises(Called):
        ask(kiosk, "/clear")
    assert kiosk.view()["help"] == "called"


def test_a_kiosk_says_how_it_is(kiosk: Kiosk, server: QueueServer) -> None:
    kiosk.pretend("paper_out")
    beat = until(
        lambda: next((one for one in server.beats if one["printer"]["paper"] == "out"), None), 9
    )
    assert beat["printer"]["state"] == "error"
    assert (beat["outbox"], beat["refused"], beat["unprinted"]) == (0, 0, 0)
    assert beat["clock_trusted"] is True
    kiosk.press()
    until(lambda: server.beats[-1]["unprinted"] == 1)
