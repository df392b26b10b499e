"""The procedures a kiosk knows, and what somebody came for: kept, sent on, never a hindrance."""

import time
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

from tests.fakes.queue_server import QueueServer
from tests.kiosk.kiosk_stage import Called, Kiosk, call, until

BIRTH = {
    "code": "1.001193",
    "name": {"vi": "Thủ tục đăng ký khai sinh", "en": "Birth registration"},
    "field": "Hộ tịch",
    "level": "commune",
    "on_the_spot": True,
    "papers": ["Tờ khai", "Giấy chứng sinh"],
    "service": "ho-tich",
}


@pytest.fixture
def server(server: QueueServer) -> QueueServer:
    server.procedures = [BIRTH]
    server.centre["procedures_version"] = "v1"
    return server


def procedures(kiosk: Kiosk) -> Any:
    return call(f"{kiosk.url}/api/procedures")


def known(kiosk: Kiosk, version: str) -> None:
    until(lambda: kiosk.view()["procedures"] == version)


def test_the_page_has_them_with_the_server_away_from_a_cold_start(
    start_kiosk: Callable[..., Kiosk], server: QueueServer
) -> None:
    kiosk = start_kiosk().met()
    known(kiosk, "v1")
    assert procedures(kiosk) == {"centre": "binh-duong", "version": "v1", "procedures": [BIRTH]}
    assert kiosk.agent.picture.procedure("1.001193").papers == BIRTH["papers"]
    assert kiosk.agent.picture.procedure("9.9") is None
    kiosk.stop()
    server.stop()
    again = start_kiosk()
    assert again.view()["procedures"] == "v1"
    assert procedures(again)["procedures"] == [BIRTH]


def test_they_are_asked_for_once_a_version(kiosk: Kiosk, server: QueueServer) -> None:
    known(kiosk, "v1")
    kiosk.agent.contact.on_change({"kind": "config_changed"})
    until(lambda: server.procedures_asked == 1)
    server.procedures = [BIRTH | {"on_the_spot": None}]
    server.centre["procedures_version"] = "v2"
    kiosk.agent.contact.on_change({"kind": "config_changed"})
    known(kiosk, "v2")
    assert procedures(kiosk)["procedures"][0]["on_the_spot"] is None
    assert server.procedures_asked == 2
    url = f"{kiosk.url}/api/procedures"
    with urllib.request.urlopen(url, timeout=5) as answer:
        tag = answer.headers["ETag"]
    request = urllib.request.Request(url, headers={"If-None-Match": tag})
    with pytest.raises(urllib.error.HTTPError, match="304"):
        urllib.request.urlopen(request, timeout=5)


def test_a_table_that_does_not_come_makes_no_kiosk_believe_itself_offline(
    kiosk: Kiosk, server: QueueServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> Any:
        raise ValueError("the server hangs up")

    known(kiosk, "v1")
    monkeypatch.setattr(server, "table", broken)
    server.centre["procedures_version"] = "v2"
    kiosk.agent.contact.on_change({"kind": "config_changed"})
    until(lambda: server.procedures_asked > 1)
    for _ in range(20):
        assert kiosk.agent.contact.confirmed
        time.sleep(0.05)
    assert kiosk.press()["mode"] == "online"
    assert kiosk.view()["procedures"] == "v1"
    assert server.procedures_asked <= 3  # again in half a minute, not with every probe


def test_what_somebody_came_for_goes_with_the_number(kiosk: Kiosk, server: QueueServer) -> None:
    answer = kiosk.press(procedure="1.001193")
    assert server.waiting()[0]["procedure"] == "1.001193"
    entry = kiosk.agent.journal.find(answer["ticket"]["id"])
    assert entry is not None
    assert entry.procedure == "1.001193"


@pytest.mark.parametrize("behave", ["silent", "loses_answer"])
def test_it_is_handed_in_with_a_number_of_the_kiosks_own(
    kiosk: Kiosk, server: QueueServer, behave: str
) -> None:
    server.behave = behave
    kiosk.press(procedure="1.001193")
    server.behave = "ok"
    until(lambda: kiosk.state()["outbox"] == 0)
    server.release.set()
    (ticket,) = server.waiting()
    assert (ticket["number"], ticket["procedure"]) == ("H700", "1.001193")


def test_a_code_that_nobody_knows_costs_no_number(kiosk: Kiosk, server: QueueServer) -> None:
    assert kiosk.press(procedure="9.999999")["ticket"]["number"] == "H001"
    server.stop()
    assert kiosk.press(procedure="9.999999")["mode"] == "offline"
    with pytest.raises(Called) as refused:
        kiosk.press(procedure="không phải mã")
    assert refused.value.status == 422


def test_it_goes_along_to_another_centre(kiosk: Kiosk, server: QueueServer) -> None:
    kiosk.redirect(procedure="1.001193")
    assert server.tries[-1]["procedure"] == "1.001193"
